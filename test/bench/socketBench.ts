// The whole program over a real socket, against the least that can listen and against what one would write first.
//
// The same ready-made frames go to each, as fast as it takes them; a first part warms it up. The program's time runs until all of
// its rows are on disk. Each is a process of its own; repetitions take turns.

import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { eventually } from '../system/program/program.ts'
import type { Benchmark, Context } from './context.ts'
import { type Feed, startFeed } from './feed.ts'
import { median, medianRatio } from './figures.ts'
import { type Load, mixedLoad, recordedLoad } from './frames.ts'
import { callsOf, type Subject, startExporter, startScript } from './programUnderTest.ts'
import type { Figures } from './rows.ts'
import { wirePieces } from './wire.ts'

const TAKES_MS = 120_000
const SETTLE_MS = 500
const TOLD_MS = 5_000

export const socketBench: Benchmark = { name: 'socket', run }

async function run(context: Context): Promise<Figures> {
  const { quick } = context
  const feed = await startFeed()
  try {
    const traced = partsOf(recordedLoad(1), recordedLoad(quick ? 1 : 2, 1))
    const trace = await repeat(context, quick ? 1 : 3, async (round) => ({
      ours: await feedProgram(context, feed, traced),
      bare: await feedScript(['bare', feed.url], feed, traced),
      stock: round === 0 ? await feedStock(context, feed, traced) : null,
    }))
    const mixed = partsOf(mixedLoad(quick ? 1_000 : 4_000, 3), mixedLoad(quick ? 4_000 : 20_000, 4))
    const mix = await repeat(context, quick ? 1 : 3, async () => ({
      ours: await feedProgram(context, feed, mixed),
      bare: await feedScript(['bare', feed.url], feed, mixed),
    }))
    const cpuRatio = (rounds: readonly { ours: Fed; bare: Fed }[]): number =>
      medianRatio(rounds.map(({ ours, bare }) => ({ value: ours.cpuUs, base: bare.cpuUs })))
    return {
      'socket.trace.cpu': median(trace.map(({ ours }) => ours.cpuUs)),
      'socket.trace.bare': median(trace.map(({ bare }) => bare.cpuUs)),
      'socket.trace.ratio': cpuRatio(trace),
      'socket.trace.stock': medianRatio(
        trace.flatMap(({ stock, ours }) => (stock === null ? [] : [{ value: stock.cpuUs, base: ours.cpuUs }])),
      ),
      'socket.mix.cpu': median(mix.map(({ ours }) => ours.cpuUs)),
      'socket.mix.ratio': cpuRatio(mix),
      'socket.mix.events': mixed.frames / mixed.calls,
      'socket.saturation': median(mix.map(({ ours }) => mixed.calls / ours.seconds)),
      'socket.row': median(mix.map(({ ours }) => ours.rowBytes)),
    }
  } finally {
    await feed.stop()
  }
}

interface Parts {
  readonly warmUp: { readonly pieces: readonly Buffer[]; readonly frames: number; readonly calls: number }
  readonly pieces: readonly Buffer[]
  readonly frames: number
  readonly calls: number
}

/** What it took; `cpuUs` is for one event. */
interface Fed {
  readonly cpuUs: number
  readonly seconds: number
  readonly rowBytes: number
}

function partsOf(first: Load, second: Load): Parts {
  const part = ({ frames, calls }: Load) => ({ pieces: wirePieces(frames), frames: frames.length, calls })
  return { ...part(second), warmUp: part(first) }
}

async function repeat<T>(context: Context, times: number, once: (round: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = []
  for (let round = 0; round < times; round += 1) {
    context.say(`socket: round ${round + 1} of ${times}`)
    results.push(await once(round))
  }
  return results
}

async function feedProgram({ folder }: Context, feed: Feed, parts: Parts): Promise<Fed> {
  const exporter = await startExporter({ url: feed.url, folder })
  try {
    const log = new Database(exporter.database, { readonly: true })
    const count = log.prepare<[], number>("SELECT value FROM counters WHERE name = 'ended'").pluck()
    const written = (): number => count.get() ?? 0
    const fed = await feedSubject(exporter, feed, { parts, done: (events, calls) => events > 0 && written() >= calls })
    log.close()
    // The file has the last rows a moment before the writer thread reports them.
    const { ended, pending } = await eventually(
      () => callsOf(exporter.port),
      (state) => state.pending === 0,
      TOLD_MS,
    ).catch(() => callsOf(exporter.port))
    const expected = parts.warmUp.calls + parts.calls
    if (ended !== expected || pending !== 0) {
      throw new Error(`of ${expected} calls the program counted ${ended}, and ${pending} wait for the disk`)
    }
    await exporter.stop()
    return { ...fed, rowBytes: statSync(exporter.database).size / expected }
  } finally {
    await exporter.stop()
  }
}

async function feedStock(context: Context, feed: Feed, parts: Parts): Promise<Fed> {
  const folder = mkdtempSync(join(context.folder, 'stock-'))
  try {
    return await feedScript(['stock', feed.url, join(folder, 'channels.db')], feed, parts)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function feedScript(words: readonly string[], feed: Feed, parts: Parts): Promise<Fed> {
  const listener = startScript('./listener.ts', words)
  try {
    await listener.received('ready')
    const heard = async () =>
      (await listener.ask<{ heard: number }>({ count: true }, (answer) => 'heard' in answer)).heard
    return await feedSubject(listener, feed, { parts, done: async (events) => (await heard()) >= events })
  } finally {
    await listener.stop()
  }
}

interface Feeding {
  readonly parts: Parts
  readonly done: (events: number, calls: number) => boolean | Promise<boolean>
}

async function feedSubject(subject: Subject, feed: Feed, { parts, done }: Feeding): Promise<Fed> {
  const { warmUp } = parts
  await feed.send(warmUp.pieces)
  await eventually(() => done(warmUp.frames, warmUp.calls), Boolean, TAKES_MS)
  await sleep(SETTLE_MS)
  const before = await subject.read()
  const begun = performance.now()
  await feed.send(parts.pieces)
  await eventually(() => done(warmUp.frames + parts.frames, warmUp.calls + parts.calls), Boolean, TAKES_MS)
  const seconds = (performance.now() - begun) / 1000
  const after = await subject.read()
  return { cpuUs: ((after.cpuMs - before.cpuMs) * 1000) / parts.frames, seconds, rowBytes: Number.NaN }
}
