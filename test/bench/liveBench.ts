// A steady load from another process over a real socket: whether all of it arrives, and what it costs.
//
// Calls of the simulated mix, scraped each second. At the end no more begin and most come to their ends; the PBX's own count of ended
// calls and ours then differ by no more than the stories that go on. The least that can listen takes turns with the program.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Traffic } from '../../src/pbx-sim/asterisk/world.ts'
import { scrape, sumOf } from '../system/program/program.ts'
import type { Benchmark, Context } from './context.ts'
import { ratios } from './figures.ts'
import { lagMs } from './lag.ts'
import { callsOf, type Subject, startExporter, startScript } from './programUnderTest.ts'
import type { Figures } from './rows.ts'
import { gzipped } from './scraping.ts'

/** Calls a second; in either traffic about 24,000 events a second. */
const RATES = { real: 390, lean: 1_000 } as const
const LONGEST_BARE_S = 10
const ARRIVES_MS = 1_500

export const liveBench: Benchmark = { name: 'live', comparesWithBase: true, run }

async function run(context: Context): Promise<Figures> {
  const { quick } = context
  const real = await takeTurns(context, 'real', quick ? [{ warmUp: 4, seconds: 6, drain: 0 }] : ROUNDS)
  const lean = await takeTurns(context, 'lean', quick ? [] : [{ warmUp: 8, seconds: 20, drain: 0 }])
  const [first] = real.rounds
  return {
    'live.seconds': first?.seconds,
    'live.rate': first?.rate,
    'live.events': first?.events,
    'live.lost': real.lost,
    'live.core': first?.core,
    'live.bare': real.bare,
    'live.ratio': real.ratio,
    'live.cpu': first?.cpu,
    'live.loop.p99': first?.loopP99,
    'live.loop.max': first?.loopMax,
    'live.lag.p50': first?.lagP50,
    'live.lag.p99': first?.lagP99,
    'live.lean.rate': lean.rounds[0]?.rate,
    'live.lean.lost': lean.lost,
    'live.lean.core': lean.rounds[0]?.core,
    'live.lean.ratio': lean.ratio,
  }
}

/** In seconds. */
interface Round {
  readonly warmUp: number
  /** How long it is measured. */
  readonly seconds: number
  /** How long calls may come to their ends afterwards. */
  readonly drain: number
}

/** The first is the one that is judged; the others make pairs for the ratio. */
const ROUNDS: readonly Round[] = [
  { warmUp: 8, seconds: 60, drain: 20 },
  { warmUp: 8, seconds: 10, drain: 0 },
  { warmUp: 8, seconds: 10, drain: 0 },
]

async function takeTurns(context: Context, traffic: Traffic, lengths: readonly Round[]) {
  const rounds: Steady[] = []
  const bare: number[] = []
  for (const round of lengths) {
    context.say(`live: ${RATES[traffic]} calls a second in ${traffic} traffic for ${round.seconds} s`)
    rounds.push(await underLoad(traffic, round, (url) => measureProgram(context, url, round)))
    context.say('live: the same for ws + JSON.parse')
    bare.push(await bareCore(context, traffic, round))
  }
  return {
    rounds,
    bare,
    ratio: ratios(rounds.map(({ core }, index) => ({ value: core, floor: bare[index] ?? Number.NaN }))),
    lost: rounds.length === 0 ? Number.NaN : rounds.reduce((sum, { lost }) => sum + lost, 0),
  }
}

interface Load {
  readonly begin: () => void
  /** Lets calls end, and stalls the PBX. */
  readonly halt: () => Promise<Halted>
}

interface Halted {
  /** Of stories that are over. */
  readonly calls: number
  /** Stories that go on; a part of one may have ended: a consultation, a call that another took in. */
  readonly live: number
}

type Measure<T> = (
  url: string,
) => Promise<{ readonly listening: Subject; readonly measure: (load: Load) => Promise<T> }>

async function underLoad<T>(traffic: Traffic, { drain }: Round, prepare: Measure<T>): Promise<T> {
  const pbx = startScript('./pbxRun.ts', [traffic, String(RATES[traffic]), String(drain)])
  try {
    await pbx.received('ready')
    const { url } = await pbx.ask<{ url: string }>({ where: true }, (answer) => 'url' in answer)
    const { listening, measure } = await prepare(url)
    try {
      return await measure({
        begin: () => pbx.send({ begin: true }),
        halt: () => pbx.ask<Halted>({ halt: true }, (answer) => 'calls' in answer),
      })
    } finally {
      await listening.stop()
    }
  } finally {
    await pbx.stop()
  }
}

/** What was found; `core` in percent, times in ms. */
interface Steady {
  readonly seconds: number
  readonly rate: number
  readonly events: number
  readonly lost: number
  readonly core: number
  readonly cpu: number
  readonly loopP99: number
  readonly loopMax: number
  readonly lagP50: number
  readonly lagP99: number
}

async function measureProgram(context: Context, url: string, { warmUp, seconds }: Round) {
  const exporter = await startExporter(context, { url })
  const { port } = exporter
  const measure = async ({ begin, halt }: Load): Promise<Steady> => {
    begin()
    await sleep(warmUp * 1000)
    const [before, counted] = [await scrape(port), await callsOf(port)]
    const first = await exporter.read()
    const begun = performance.now()
    for (let second = 1; second <= seconds; second += 1) {
      await sleep(Math.max(0, begun + second * 1000 - performance.now()))
      await gzipped(port)
    }
    const last = await exporter.read()
    const wallMs = performance.now() - begun
    const after = await scrape(port)
    const truth = await halt()
    await sleep(ARRIVES_MS)
    const { ended, pending, rows } = await callsOf(port)
    const calls = sumOf(after, 'asterisk_calls_total') - counted.ended
    const events = sumOf(after, 'asterisk_exporter_events_total') - sumOf(before, 'asterisk_exporter_events_total')
    const cpuMs = last.cpuMs - first.cpuMs
    return {
      seconds,
      rate: (calls * 1000) / wallMs,
      events: (events * 1000) / wallMs,
      lost:
        Math.max(0, truth.calls - ended, ended - truth.calls - truth.live) +
        Math.abs(ended - rows) +
        pending +
        sumOf(after, 'asterisk_exporter_session_disconnects_total'),
      core: (cpuMs / wallMs) * 100,
      cpu: cpuMs / calls,
      loopP99: last.loopP99Ms,
      loopMax: last.loopMaxMs,
      lagP50: lagMs(0.5, before, after),
      lagP99: lagMs(0.99, before, after),
    }
  }
  return { listening: exporter, measure }
}

/** In percent of a core; NaN when it did not last. */
async function bareCore(context: Context, traffic: Traffic, { warmUp, seconds }: Round): Promise<number> {
  const round = { warmUp, seconds: Math.min(seconds, LONGEST_BARE_S), drain: 0 }
  return await underLoad(traffic, round, (url) => measureBare(url, round)).catch((error: unknown) => {
    // The simulated PBX cuts off who reads too slowly, as Asterisk does; the program comes back by itself, this one does not.
    context.say(`live: ws + JSON.parse did not last (is the machine busy?): ${String(error)}`)
    return Number.NaN
  })
}

async function measureBare(url: string, { warmUp, seconds }: Round) {
  const listening = startScript('./listener.ts', ['bare', url])
  await listening.received('ready')
  const measure = async ({ begin }: Load): Promise<number> => {
    begin()
    await sleep(warmUp * 1000)
    const [first, begun] = [await listening.read(), performance.now()]
    await sleep(seconds * 1000)
    const last = await listening.read()
    return ((last.cpuMs - first.cpuMs) / (performance.now() - begun)) * 100
  }
  return { listening, measure }
}
