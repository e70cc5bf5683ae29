// The whole program over a real socket, against the least that can listen and against what one would write first.
//
// The same ready-made frames go to each, as fast as it takes them; a first part warms it up. The program's time runs until all of
// its rows are on disk. Each is a process of its own, and they take turns; a ratio is that of one turn.

import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { Traffic } from '../../src/pbx-sim/asterisk/world.ts'
import { eventually } from '../system/program/program.ts'
import type { Benchmark, Context } from './context.ts'
import { type Feed, startFeed } from './feed.ts'
import { ratios } from './figures.ts'
import { type Load, mixedLoad, recordedLoad } from './frames.ts'
import { countInstructions } from './instructions.ts'
import { callsOf, type Subject, startExporter, startScript } from './programUnderTest.ts'
import type { Figures } from './rows.ts'
import { wirePieces } from './wire.ts'

const TAKES_MS = 120_000
const SETTLE_MS = 500
const TOLD_MS = 5_000
/** Calls of each mix: about as many bytes of either, and fewer than the program may keep waiting. */
const CALLS = { real: 4_000, lean: 10_000 } as const

export const socketBench: Benchmark = { name: 'socket', comparesWithBase: true, run }

async function run(context: Context): Promise<Figures> {
  const feed = await startFeed()
  try {
    const trace = await feedTrace({ context, feed })
    const real = await feedMix('real', { context, feed })
    const lean = await feedMix('lean', { context, feed })
    return {
      ...trace,
      'socket.real.cpu': real.cpu,
      'socket.real.ratio': real.ratio,
      'socket.real.events': real.events,
      'socket.real.saturation': real.saturation,
      'socket.real.row': real.row,
      'socket.lean.cpu': lean.cpu,
      'socket.lean.ratio': lean.ratio,
      'socket.lean.events': lean.events,
      'socket.lean.saturation': lean.saturation,
    }
  } finally {
    await feed.stop()
  }
}

interface Place {
  readonly context: Context
  readonly feed: Feed
}

interface Part {
  readonly pieces: readonly Buffer[]
  readonly frames: number
  readonly calls: number
}

/** What is fed; the warm-up is not measured. */
interface Parts extends Part {
  readonly warmUp: Part
}

/** What it took; `cpuUs` and `instructions` are for one event. */
interface Fed {
  readonly cpuUs: number
  readonly instructions: number
  readonly seconds: number
  readonly rowBytes: number
}

/** A load as the bytes of a websocket. */
function partOf({ frames, calls }: Load): Part {
  return { pieces: wirePieces(frames), frames: frames.length, calls }
}

async function feedTrace(place: Place): Promise<Figures> {
  const { quick } = place.context
  const parts = { ...partOf(recordedLoad(quick ? 1 : 2, 1)), warmUp: partOf(recordedLoad(1)) }
  const rounds = await repeat(place, quick ? 2 : 5, async (round) => ({
    ours: await feedProgram(place, parts),
    bare: await feedBare(place, parts),
    stock: quick && round > 0 ? null : await feedStock(place, parts),
  }))
  return {
    'socket.trace.cpu': rounds.map(({ ours }) => ours.cpuUs),
    'socket.trace.bare': rounds.map(({ bare }) => bare.cpuUs),
    'socket.trace.ratio': ratios(rounds.map(({ ours, bare }) => ({ value: ours.cpuUs, floor: bare.cpuUs }))),
    'socket.trace.instructions': ratios(
      rounds.map(({ ours, bare }) => ({ value: ours.instructions, floor: bare.instructions })),
    ),
    'socket.trace.stock': ratios(
      rounds.flatMap(({ ours, stock }) => (stock === null ? [] : [{ value: stock.cpuUs, floor: ours.cpuUs }])),
    ),
  }
}

async function feedMix(traffic: Traffic, place: Place) {
  const { quick } = place.context
  const calls = quick ? CALLS[traffic] / 5 : CALLS[traffic]
  const parts = {
    ...partOf(mixedLoad(traffic, calls, 4)),
    warmUp: partOf(mixedLoad(traffic, calls / 4, 3)),
  }
  const rounds = await repeat(place, quick ? 1 : 3, async () => ({
    ours: await feedProgram(place, parts),
    bare: await feedBare(place, parts),
  }))
  return {
    cpu: rounds.map(({ ours }) => ours.cpuUs),
    ratio: ratios(rounds.map(({ ours, bare }) => ({ value: ours.cpuUs, floor: bare.cpuUs }))),
    events: parts.frames / parts.calls,
    saturation: rounds.map(({ ours }) => parts.calls / ours.seconds),
    row: rounds.map(({ ours }) => ours.rowBytes),
  }
}

async function repeat<T>(
  { context }: Place,
  times: number,
  once: (round: number) => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = []
  for (let round = 0; round < times; round += 1) {
    context.say(`socket: round ${round + 1} of ${times}`)
    results.push(await once(round))
  }
  return results
}

/** Feeds the program of a checkout until all rows are on disk. */
async function feedProgram(place: Place, parts: Parts): Promise<Fed> {
  const exporter = await startExporter(place.context, { url: place.feed.url })
  try {
    const log = new Database(exporter.database, { readonly: true })
    const count = log.prepare<[], number>("SELECT value FROM counters WHERE name = 'ended'").pluck()
    const written = (): number => count.get() ?? 0
    const fed = await feedSubject(place, exporter, {
      parts,
      done: (events, calls) => events > 0 && written() >= calls,
    })
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

function feedBare(place: Place, parts: Parts): Promise<Fed> {
  return feedScript(place, ['bare', place.feed.url], parts)
}

async function feedStock(place: Place, parts: Parts): Promise<Fed> {
  const folder = mkdtempSync(join(place.context.folder, 'stock-'))
  try {
    return await feedScript(place, ['stock', place.feed.url, join(folder, 'channels.db')], parts)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function feedScript(place: Place, words: readonly string[], parts: Parts): Promise<Fed> {
  const listener = startScript('./listener.ts', words)
  try {
    await listener.received('ready')
    const heard = async () =>
      (await listener.ask<{ heard: number }>({ count: true }, (answer) => 'heard' in answer)).heard
    return await feedSubject(place, listener, { parts, done: async (events) => (await heard()) >= events })
  } finally {
    await listener.stop()
  }
}

interface Feeding {
  readonly parts: Parts
  readonly done: (events: number, calls: number) => boolean | Promise<boolean>
}

async function feedSubject({ context, feed }: Place, subject: Subject, { parts, done }: Feeding): Promise<Fed> {
  const { warmUp } = parts
  await feed.send(warmUp.pieces)
  await eventually(() => done(warmUp.frames, warmUp.calls), Boolean, TAKES_MS)
  await sleep(SETTLE_MS)
  const counted = context.countsInstructions ? await countInstructions(subject.pid) : () => Promise.resolve(Number.NaN)
  const before = await subject.read()
  const begun = performance.now()
  await feed.send(parts.pieces)
  await eventually(() => done(warmUp.frames + parts.frames, warmUp.calls + parts.calls), Boolean, TAKES_MS)
  const seconds = (performance.now() - begun) / 1000
  const after = await subject.read()
  return {
    cpuUs: ((after.cpuMs - before.cpuMs) * 1000) / parts.frames,
    instructions: (await counted()) / parts.frames,
    seconds,
    rowBytes: Number.NaN,
  }
}
