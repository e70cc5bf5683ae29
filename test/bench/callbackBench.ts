// What missed callers cost: processor time of a call with them and without, and memory of 100,000 who wait.
//
// "Without" is this benchmark's own: a stand-in that finds nobody. The program cannot switch them off. What a call costs is measured twice:
// of the whole program over a socket, under a steady load as a busy PBX makes it, and of the parts in one process, as fast as they can. Those who wait are
// restored from a call log, as after a start; memory is that of the whole program.

import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MOST_WAITING } from '../../src/app/callbackOptions.ts'
import { scrape, sumOf } from '../system/program/program.ts'
import type { Benchmark, Context } from './context.ts'
import { type Feed, startFeed } from './feed.ts'
import { ratios } from './figures.ts'
import { callBackLoad, type Load, officeLoad } from './frames.ts'
import { figuresOf } from './inProcess.ts'
import { writeManyWaiting } from './manyWaiting.ts'
import { startExporter } from './programUnderTest.ts'
import { programVariant } from './programVariant.ts'
import type { Figures } from './rows.ts'
import { cpuSideBySide } from './sideBySide.ts'

export const callbackBench: Benchmark = { name: 'callback', comparesWithBase: false, run }

const STAND_IN = `
const nobody = { restore() {}, apply: () => [], advance: () => [], waiting: () => [] }
export const missedCallersOf = () => ({ keyOf: () => null, missedCallers: nobody })
`

async function run(context: Context): Promise<Figures> {
  const [trace, real, lean] = [
    await compare(context, 'trace'),
    await compare(context, 'real'),
    await compare(context, 'lean'),
  ]
  const [office, mix] = [
    await compareLive(context, { name: 'office', rounds: 4, load: officeLoad }),
    await compareLive(context, { name: 'mix', rounds: 2, load: callBackLoad }),
  ]
  return {
    'callback.office.cpu': office.map(({ floor }) => floor),
    'callback.office.ratio': ratios(office),
    'callback.mix.cpu': mix.map(({ floor }) => floor),
    'callback.mix.ratio': ratios(mix),
    'callback.trace.cpu': trace.map(({ withoutUs }) => withoutUs),
    'callback.trace.ratio': trace.map(({ ratio }) => ratio),
    'callback.real.cpu': real.map(({ withoutUs }) => withoutUs),
    'callback.real.ratio': real.map(({ ratio }) => ratio),
    'callback.lean.cpu': lean.map(({ withoutUs }) => withoutUs),
    'callback.lean.ratio': lean.map(({ ratio }) => ratio),
    ...(await memory(context)),
  }
}

/** A load over the socket; in each round, the programs are started anew. */
interface SocketLoad {
  readonly name: string
  readonly rounds: number
  readonly load: (traffic: 'real', calls: number, seed: number) => Load
}

/** Loads of a round: those of the warm-up have twice as many calls. */
const WARM_UP_LOADS = 3
const MEASURED_LOADS = 3

interface Compared {
  readonly value: number
  readonly floor: number
}

/**
 * CPU of a call (µs) of the program as it is, and with the stand-in, for each round: two of each side by side, in the order of ABBA, and in
 * every other round in that of BAAB. Two of the same differ by a fortieth, for which their mean makes up.
 */
async function compareLive(context: Context, kind: SocketLoad): Promise<readonly Compared[]> {
  const [rounds, calls] = context.quick ? [1, 400] : [kind.rounds, 2_000]
  const folder = mkdtempSync(join(context.folder, 'variant-'))
  const standIn = programVariant(context.checkout, join(folder, 'program'), 'app/callbackOptions.js', STAND_IN)
  const loadsOf = (count: number, size: number, from: number) =>
    Array.from({ length: count }, (_, index) => () => kind.load('real', size, from + index))
  const loads = {
    warmUp: loadsOf(context.quick ? 1 : WARM_UP_LOADS, calls * 2, 1),
    measured: loadsOf(context.quick ? 1 : MEASURED_LOADS, calls, 1 + WARM_UP_LOADS),
  }
  const found: Compared[] = []
  for (let round = 0; round < rounds; round += 1) {
    context.say(`callback: ${kind.name} over the socket, round ${round + 1} of ${rounds}`)
    const isFirst = round % 2 === 0
    const [one, other] = isFirst ? [context.checkout, standIn] : [standIn, context.checkout]
    const [outer, inner] = meansOf(await cpuSideBySide(context, [one, other, other, one], loads))
    found.push(isFirst ? { value: outer, floor: inner } : { value: inner, floor: outer })
  }
  return found
}

/** The means of the outer two and of the inner two. */
function meansOf([
  first = Number.NaN,
  second = Number.NaN,
  third = Number.NaN,
  fourth = Number.NaN,
]: readonly number[]) {
  return [(first + fourth) / 2, (second + third) / 2] as const
}

interface Once {
  readonly ratio: number
  readonly withoutUs: number
}

async function compare(context: Context, load: 'trace' | 'real' | 'lean'): Promise<readonly Once[]> {
  const [rounds, calls] = context.quick ? [1, 1_500] : [3, 6_000]
  const found: Once[] = []
  for (let round = 0; round < rounds; round += 1) {
    context.say(`callback: ${load}, round ${round + 1} of ${rounds}`)
    found.push(await figuresOf<Once>(context, 'missedCallersRun.ts', [load, calls]))
  }
  return found
}

async function memory(context: Context): Promise<Figures> {
  const feed = await startFeed()
  try {
    context.say(`callback: ${MOST_WAITING} missed callers wait`)
    const [none, many] = [await sizesOf(context, feed, 0), await sizesOf(context, feed, MOST_WAITING)]
    return {
      'callback.heap': (many.heapBytes - none.heapBytes) / MOST_WAITING,
      'callback.resident.none': none.residentMb,
      'callback.resident': many.residentMb,
    }
  } finally {
    await feed.stop()
  }
}

async function sizesOf(context: Context, { url }: Feed, waiting: number) {
  const database = join(mkdtempSync(join(context.folder, 'waiting-')), 'calls.db')
  writeManyWaiting(database, waiting)
  const settings = { COUNTRY: 'FI' }
  const bare = await startExporter(context, { url, database, settings, bare: true })
  await sleep(context.quick ? 2_000 : 10_000)
  const residentMb = bare.residentMb()
  const found = sumOf(await scrape(bare.port), 'asterisk_missed_callers_waiting')
  await bare.stop()
  if (found !== waiting) {
    throw new Error(`${found} missed callers wait, not ${waiting}`)
  }
  const probed = await startExporter(context, { url, database, settings })
  await sleep(1_500)
  const { heapBytes } = await probed.read(true)
  await probed.stop()
  return { residentMb, heapBytes }
}
