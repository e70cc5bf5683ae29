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
/** The warm-up is faster, and so slow that events of four programs seldom wait for a second. */
const WARM_UP_PER_SECOND = 40

const HANDLED_MS = 120_000
const SETTLE_MS = 3_000

/** What each program is fed, load after load, each made when its turn comes. The warm-up is not measured. */
export interface SteadyLoad {
  readonly warmUp: readonly (() => Load)[]
  readonly measured: readonly (() => Load)[]
}

/**
 * Processor time of a call, of all threads (µs), of the built program in each of the folders; they start in this order. For each measured
 * load, the figures of all programs.
 */
export async function cpuSideBySide(
  context: Context,
  checkouts: readonly string[],
  { warmUp, measured }: SteadyLoad,
): Promise<readonly (readonly number[])[]> {
  const programs: Awaited<ReturnType<typeof startFed>>[] = []
  let ended = 0
  const feed = async ({ frames, calls }: Load, perSecond: number): Promise<void> => {
    const pieces = wirePieces(frames)
    await Promise.all(
      programs.map(async (program, index) => {
        // In turn: of programs that get a piece at the same moment, the last one to start uses the least processor time.
        await sleep((index * 1_000) / perSecond / programs.length)
        await program.feed.send(pieces, perSecond)
      }),
    )
    ended += calls
    for (const { port } of programs) {
      const isHandled = (counts: Awaited<ReturnType<typeof callsOf>>) => counts.ended === ended && counts.pending === 0
      await eventually(() => callsOf(port), isHandled, HANDLED_MS)
    }
    await sleep(SETTLE_MS)
  }
  const read = async () => await Promise.all(programs.map((program) => program.read()))
  try {
    for (const checkout of checkouts) {
      programs.push(await startFed(context, checkout))
    }
    for (const make of warmUp) {
      await feed(make(), WARM_UP_PER_SECOND)
    }
    const found: (readonly number[])[] = []
    for (const make of measured) {
      const load = make()
      const before = await read()
      await feed(load, STEADY_PER_SECOND)
      const after = await read()
      found.push(after.map((cpuMs, index) => ((cpuMs - (before[index] ?? Number.NaN)) * 1_000) / load.calls))
    }
    return found
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
