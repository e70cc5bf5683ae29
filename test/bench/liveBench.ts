// A steady load from another process over a real socket: whether all of it arrives, and what it costs.
//
// A thousand calls a second of the simulated mix, scraped each second. At the end no more begin and most come to their ends; the PBX's own
// count of ended calls and ours then differ by no more than the stories that go on. The least that can listen takes the program's place afterwards.

import { setTimeout as sleep } from 'node:timers/promises'
import { scrape, sumOf } from '../system/program/program.ts'
import type { Benchmark, Context } from './context.ts'
import { lagMs } from './lag.ts'
import { callsOf, type Subject, startExporter, startScript } from './programUnderTest.ts'
import type { Figures } from './rows.ts'
import { gzipped } from './scraping.ts'

const CALLS_PER_SECOND = 1_000
const ARRIVES_MS = 1_500

export const liveBench: Benchmark = { name: 'live', run }

async function run(context: Context): Promise<Figures> {
  const { quick } = context
  const spans = quick ? { warmUp: 4, measured: 8, bare: 5 } : { warmUp: 10, measured: 60, bare: 20 }
  context.say(`live: ${CALLS_PER_SECOND} calls a second for ${spans.measured} s`)
  const found = await underLoad((url) => measureProgram(context, url, spans))
  context.say('live: the same for ws + JSON.parse')
  const bare = await underLoad((url) => measureBare(url, spans)).catch((error: unknown) => {
    // The simulated PBX cuts off who reads too slowly, as Asterisk does; the program comes back by itself, this one does not.
    context.say(`live: ws + JSON.parse did not last (is the machine busy?): ${String(error)}`)
    return { core: Number.NaN }
  })
  return { ...found, 'live.bare': bare.core }
}

/** Seconds. */
interface Spans {
  readonly warmUp: number
  readonly measured: number
  readonly bare: number
}

interface Load {
  readonly begin: () => void
  /** Lets most calls end, and stalls the PBX. */
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

async function underLoad<T>(prepare: Measure<T>): Promise<T> {
  const pbx = startScript('./pbxRun.ts', [String(CALLS_PER_SECOND)])
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

async function measureProgram({ folder }: Context, url: string, spans: Spans) {
  const exporter = await startExporter({ url, folder })
  const { port } = exporter
  const measure = async ({ begin, halt }: Load): Promise<Figures> => {
    begin()
    await sleep(spans.warmUp * 1000)
    const [before, counted] = [await scrape(port), await callsOf(port)]
    const first = await exporter.read()
    const begun = performance.now()
    for (let second = 1; second <= spans.measured; second += 1) {
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
      'live.seconds': spans.measured,
      'live.rate': (calls * 1000) / wallMs,
      'live.events': (events * 1000) / wallMs,
      'live.lost':
        Math.max(0, truth.calls - ended, ended - truth.calls - truth.live) +
        Math.abs(ended - rows) +
        pending +
        sumOf(after, 'asterisk_exporter_session_disconnects_total'),
      'live.core': (cpuMs / wallMs) * 100,
      'live.cpu': cpuMs / calls,
      'live.loop.p99': last.loopP99Ms,
      'live.loop.max': last.loopMaxMs,
      'live.lag.p50': lagMs(0.5, before, after),
      'live.lag.p99': lagMs(0.99, before, after),
    }
  }
  return { listening: exporter, measure }
}

async function measureBare(url: string, spans: Spans) {
  const listening = startScript('./listener.ts', ['bare', url])
  await listening.received('ready')
  const measure = async ({ begin }: Load): Promise<{ core: number }> => {
    begin()
    await sleep(spans.warmUp * 1000)
    const [first, begun] = [await listening.read(), performance.now()]
    await sleep(spans.bare * 1000)
    const last = await listening.read()
    return { core: ((last.cpuMs - first.cpuMs) / (performance.now() - begun)) * 100 }
  }
  return { listening, measure }
}
