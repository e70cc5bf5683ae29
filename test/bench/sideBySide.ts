// Programs that are fed the same steady load at the same time: what else the machine does, each of them feels alike.
//
// Programs that run after each other differ by a tenth for no reason of their own, those that run beside each other by a fortieth.

import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../system/program/program.ts'
import type { Context } from './context.ts'
import { startFeed } from './feed.ts'
import type { Load } from './frames.ts'
import { callsOf, startExporter } from './programUnderTest.ts'
import { wirePieces } from './wire.ts'

/** 60 calls a second of the mix in real traffic, in pieces of four calls. */
const STEADY_PER_SECOND = 15
/** The warm-up is faster; of all programs together, and so slow that events seldom wait for a second. */
const WARM_UP_PER_SECOND = 100

const HANDLED_MS = 120_000
const SETTLE_MS = 3_000

/** What each program is fed; the warm-up is not measured. Most code is compiled after some hundred thousand events. */
export interface SteadyLoad {
  readonly warmUp: Load
  readonly load: Load
}

/** Processor time of a call, of all threads (µs), of the built program in each of the folders; they start in this order. */
export async function cpuSideBySide(
  context: Context,
  checkouts: readonly string[],
  { warmUp, load }: SteadyLoad,
): Promise<readonly number[]> {
  const programs: Awaited<ReturnType<typeof startFed>>[] = []
  const handled = async (calls: number): Promise<void> => {
    for (const { port } of programs) {
      const isHandled = ({ ended, pending }: Awaited<ReturnType<typeof callsOf>>) => ended === calls && pending === 0
      await eventually(() => callsOf(port), isHandled, HANDLED_MS)
    }
    await sleep(SETTLE_MS)
  }
  try {
    for (const checkout of checkouts) {
      programs.push(await startFed(context, checkout))
    }
    const warmUpRate = WARM_UP_PER_SECOND / programs.length
    await Promise.all(programs.map(({ feed }) => feed.send(wirePieces(warmUp.frames), warmUpRate)))
    await handled(warmUp.calls)
    const before = await Promise.all(programs.map(({ read }) => read()))
    await Promise.all(programs.map(({ feed }) => feed.send(wirePieces(load.frames), STEADY_PER_SECOND)))
    await handled(warmUp.calls + load.calls)
    const after = await Promise.all(programs.map(({ read }) => read()))
    return after.map((cpuMs, index) => ((cpuMs - (before[index] ?? Number.NaN)) * 1000) / load.calls)
  } finally {
    await Promise.all(programs.map(({ stop }) => stop()))
  }
}

/** A program with a feed of its own, in Finland. */
async function startFed(context: Context, checkout: string) {
  const feed = await startFeed()
  const folder = mkdtempSync(join(context.folder, 'beside-'))
  const exporter = await startExporter({ checkout, folder }, { url: feed.url, settings: { COUNTRY: 'FI' } })
  return {
    feed,
    port: exporter.port,
    read: async () => (await exporter.read()).cpuMs,
    stop: async () => {
      await exporter.stop()
      await feed.stop()
    },
  }
}
