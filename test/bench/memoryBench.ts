// Resident memory of the program as it is, idle beside a Node.js that does nothing, and with live calls; and what one live call adds to the heap.
//
// Each size is a process of its own, without the probe. Calls come at a pace and stay; the figure is taken when nothing has happened
// for a while, and no garbage collection is asked for. The heap is measured in one more process, after one.

import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, scrape, sumOf } from '../system/program/program.ts'
import type { Benchmark, Context } from './context.ts'
import { type Feed, startFeed } from './feed.ts'
import { ratios } from './figures.ts'
import { endlessCalls } from './frames.ts'
import { type Exporter, startBareNode, startExporter } from './programUnderTest.ts'
import type { Figures } from './rows.ts'
import { wirePieces } from './wire.ts'

const PIECES_PER_SECOND = 80
const QUICK_PIECES_PER_SECOND = 400
const ARRIVES_MS = 60_000

export const memoryBench: Benchmark = { name: 'memory', comparesWithBase: true, run }

async function run(context: Context): Promise<Figures> {
  const feed = await startFeed()
  const settle = (): Promise<void> => sleep(context.quick ? 2_000 : 10_000)
  const idle = async () => {
    const [bare, exporter] = [startBareNode(), await startExporter(context, { url: feed.url, bare: true })]
    await settle()
    const pair = { value: exporter.residentMb(), floor: bare.residentMb() }
    await Promise.all([bare.stop(), exporter.stop()])
    return pair
  }
  const resident = async (calls: number): Promise<number> => {
    context.say(`memory: ${calls} live calls`)
    const pieces = wirePieces(endlessCalls(calls, 1).frames)
    const exporter = await startExporter(context, { url: feed.url, bare: true })
    try {
      await fill(context, { feed, exporter, calls, pieces })
      await settle()
      return exporter.residentMb()
    } finally {
      await exporter.stop()
    }
  }
  try {
    context.say('memory: idle')
    const pairs = context.quick ? [await idle()] : [await idle(), await idle(), await idle()]
    return {
      'memory.idle': pairs.map(({ value }) => value),
      'memory.bare': pairs.map(({ floor }) => floor),
      'memory.ratio': ratios(pairs),
      'memory.1000': await resident(1_000),
      'memory.10000': context.quick ? undefined : await resident(10_000),
      'memory.call': await heapOfCall(context, feed),
    }
  } finally {
    await feed.stop()
  }
}

interface Filling {
  readonly feed: Feed
  readonly exporter: Pick<Exporter, 'port'>
  /** How many are live then. */
  readonly calls: number
  /** Made before the program starts: the process that makes them answers no pings meanwhile. */
  readonly pieces: readonly Buffer[]
}

/** Resolves when all of them are live. */
async function fill({ quick }: Context, { feed, exporter, calls, pieces }: Filling): Promise<void> {
  await feed.send(pieces, quick ? QUICK_PIECES_PER_SECOND : PIECES_PER_SECOND)
  await eventually(
    async () => sumOf(await scrape(exporter.port), 'asterisk_calls_active'),
    (active) => active === calls,
    ARRIVES_MS,
  )
}

// What the program needs once, however many calls there are, comes with the first ones.
async function heapOfCall(context: Context, feed: Feed): Promise<number> {
  const [first, more] = context.quick ? [1_000, 3_000] : [2_000, 10_000]
  const loads = [endlessCalls(first, 1), endlessCalls(more, 2)].map(({ frames }) => wirePieces(frames))
  const exporter = await startExporter(context, { url: feed.url })
  const heapWith = async (calls: number, pieces: readonly Buffer[] = []): Promise<number> => {
    await fill(context, { feed, exporter, calls, pieces })
    await sleep(1_500)
    return (await exporter.read(true)).heapBytes
  }
  try {
    const before = await heapWith(first, loads[0])
    return ((await heapWith(first + more, loads[1])) - before) / more
  } finally {
    await exporter.stop()
  }
}
