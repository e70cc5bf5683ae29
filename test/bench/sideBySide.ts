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
/** By then, the rows of all calls are written, if the program keeps up. */
const SETTLE_MS = 3_000

/** What each program is fed, load after load, each made when its turn comes. The warm-up is not measured. */
export interface SteadyLoad {
  readonly warmUp: readonly (() => Load)[]
  readonly measured: readonly (() => Load)[]
}

/**
 * Processor time of a call, of all threads (µs), of the built program in each of the folders; they start in this order. It is that of all
 * measured loads together. Garbage is collected before them, and what they leave is collected in the end: a collection that falls to one
 * program and not to another would be a hundredth of what is measured.
 */
export async function cpuSideBySide(
  context: Context,
  checkouts: readonly string[],
  { warmUp, measured }: SteadyLoad,
): Promise<readonly number[]> {
  const programs: Awaited<ReturnType<typeof startFed>>[] = []
  let sent = 0
  const feed = async (loads: SteadyLoad['measured'], perSecond: number): Promise<void> => {
    for (const make of loads) {
      const { frames, calls } = make()
      const pieces = wirePieces(frames)
      sent += calls
      await Promise.all(
        programs.map(async (program, index) => {
          // In turn: of programs that get a piece at the same moment, the last one to start uses the least processor time.
          await sleep((index * 1_000) / perSecond / programs.length)
          await program.feed.send(pieces, perSecond)
        }),
      )
      await Promise.all(programs.map(({ port }) => handled(port, sent)))
    }
  }
  const read = async () => await Promise.all(programs.map((program) => program.read()))
  try {
    for (const checkout of checkouts) {
      programs.push(await startFed(context, checkout))
    }
    await feed(warmUp, WARM_UP_PER_SECOND)
    const [before, sentBefore] = [await read(), sent]
    await feed(measured, STEADY_PER_SECOND)
    const [after, calls] = [await read(), sent - sentBefore]
    return after.map((cpuMs, index) => ((cpuMs - (before[index] ?? Number.NaN)) * 1_000) / calls)
  } finally {
    await Promise.all(programs.map(({ stop }) => stop()))
  }
}

/** Resolves when so many calls have ended and are on disk. A scrape takes as much as a few calls: mostly, each program has one. */
async function handled(port: number, calls: number): Promise<void> {
  const counts = async () => {
    await sleep(SETTLE_MS)
    return await callsOf(port)
  }
  await eventually(counts, ({ ended, pending }) => ended === calls && pending === 0, HANDLED_MS)
}

/** A program with a feed of its own, in Finland. */
async function startFed(context: Context, checkout: string) {
  const feed = await startFeed()
  const folder = mkdtempSync(join(context.folder, 'beside-'))
  const exporter = await startExporter({ checkout, folder }, { url: feed.url, settings: { COUNTRY: 'FI' } })
  return {
    feed,
    port: exporter.port,
    read: async () => (await exporter.read(true)).cpuMs,
    stop: async () => {
      await exporter.stop()
      await feed.stop()
    },
  }
}
