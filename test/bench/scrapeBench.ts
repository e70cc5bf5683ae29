// What a scrape costs: time, bytes, how long it holds the event loop up, and what it does to the lag of events.
//
// The loop is held up for as long as it is at work between two readings in which nothing but scrapes happened. Labels reach their caps by
// a call log that remembers more trunks, phones and queues than the caps allow.

import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually, scrape, sumOf } from '../system/program/program.ts'
import type { Benchmark, Context } from './context.ts'
import { type Feed, startFeed } from './feed.ts'
import { median } from './figures.ts'
import { endlessCalls } from './frames.ts'
import { lagMs } from './lag.ts'
import { writeManyParties } from './manyParties.ts'
import { type Exporter, startExporter } from './programUnderTest.ts'
import type { Figures } from './rows.ts'
import { gzipped, plain, seriesIn } from './scraping.ts'
import { wirePieces } from './wire.ts'

/** More than LABEL_LIMIT's default; of phones, as many are remembered. */
const PARTIES = 150
const SCRAPES = 40
const ARRIVES_MS = 30_000
const LOAD_EVERY_MS = 10
const SCRAPED_EVERY_MS = 250

export const scrapeBench: Benchmark = { name: 'scrape', comparesWithBase: false, run }

async function run(context: Context): Promise<Figures> {
  // Made before the program starts: the process that makes them answers no pings meanwhile.
  const live = [livePart(1_000, 1), livePart(9_000, 2)] as const
  const feed = await startFeed()
  try {
    const exporter = await startExporter(context, { url: feed.url })
    const small = await grow(context, { feed, exporter, live }).finally(() => exporter.stop())
    return { ...small, ...(await atTheCaps(context, feed)) }
  } finally {
    await feed.stop()
  }
}

interface LivePart {
  readonly calls: number
  readonly pieces: readonly Buffer[]
}

function livePart(calls: number, seed: number): LivePart {
  return { calls, pieces: wirePieces(endlessCalls(calls, seed).frames) }
}

interface Parts {
  readonly feed: Feed
  readonly exporter: Exporter
}

async function grow(
  context: Context,
  { feed, exporter, live }: Parts & { readonly live: readonly [LivePart, LivePart] },
): Promise<Figures> {
  // Everybody has called once, so that all series are there.
  await warmUp(feed, exporter)
  const empty = await weigh(context, exporter)
  await fill(live[0], { feed, exporter })
  const some = await weigh(context, exporter)
  await fill(live[1], { feed, exporter })
  const many = await weigh(context, exporter)
  const lag = await lags(context, { feed, exporter })
  return {
    'scrape.series': empty.series,
    'scrape.thousand': (empty.loopMs / empty.series) * 1_000,
    'scrape.gzip': (empty.gzipBytes / empty.bytes) * 100,
    'scrape.0.time': empty.ms,
    'scrape.1000.time': some.ms,
    'scrape.10000.time': many.ms,
    'scrape.0.bytes': empty.bytes,
    'scrape.10000.bytes': many.bytes,
    'scrape.growth.bytes': many.bytes / empty.bytes,
    'scrape.growth.time': many.loopMs / empty.loopMs,
    'scrape.lag.quiet': lag.quiet,
    'scrape.lag.scraped': lag.scraped,
  }
}

async function warmUp(feed: Feed, exporter: Exporter): Promise<void> {
  const placed = Array.from({ length: 200 }, (_, index) =>
    feed.pbx.place(index % 2 === 0 ? 'inbound' : 'outbound', { ringMs: 20, talkMs: 50 }),
  )
  await Promise.all(placed.map(({ ended }) => ended))
  await active(exporter, 0)
}

async function fill({ calls, pieces }: LivePart, { feed, exporter }: Parts): Promise<void> {
  const before = sumOf(await scrape(exporter.port), 'asterisk_calls_active')
  await feed.send(pieces)
  await active(exporter, before + calls)
}

async function active(exporter: Exporter, calls: number): Promise<void> {
  await eventually(
    async () => sumOf(await scrape(exporter.port), 'asterisk_calls_active'),
    (now) => now === calls,
    ARRIVES_MS,
  )
}

interface Weight {
  readonly series: number
  readonly ms: number
  readonly loopMs: number
  readonly bytes: number
  readonly gzipBytes: number
}

async function weigh({ say }: Context, exporter: Exporter): Promise<Weight> {
  const { port } = exporter
  const once = await plain(port)
  say(`scrape: ${seriesIn(once.text)} series, ${sumOf(await scrape(port), 'asterisk_calls_active')} live calls`)
  for (let warm = 0; warm < SCRAPES; warm += 1) {
    await gzipped(port)
  }
  await sleep(500)
  // What it does by itself in as much time.
  const idle = await activeShare(exporter, () => sleep(500))
  const times: number[] = []
  const busy = await activeShare(exporter, async () => {
    for (let made = 0; made < SCRAPES; made += 1) {
      times.push((await gzipped(port)).ms)
    }
  })
  const loopMs = (busy.activeMs - (idle.activeMs / idle.wallMs) * busy.wallMs) / SCRAPES
  return {
    series: seriesIn(once.text),
    ms: median(times),
    loopMs,
    bytes: once.bytes,
    gzipBytes: (await gzipped(port)).bytes,
  }
}

async function activeShare(exporter: Exporter, run: () => Promise<unknown>) {
  const [before, begun] = [await exporter.read(), performance.now()]
  await run()
  const after = await exporter.read()
  return { activeMs: after.activeMs - before.activeMs, wallMs: performance.now() - begun }
}

// Hundreds of calls a second beside the live ones, the first half of the time without a scrape.
async function lags({ quick, say }: Context, { feed, exporter }: Parts): Promise<{ quiet: number; scraped: number }> {
  say('scrape: lag of events, with and without scrapes')
  const span = quick ? 3_000 : 15_000
  const load = setInterval(() => {
    for (const scenario of ['inbound', 'outbound'] as const) {
      feed.pbx.place(scenario, { ringMs: 100, talkMs: 300 })
    }
  }, LOAD_EVERY_MS)
  try {
    const first = await scrape(exporter.port)
    await sleep(span)
    const second = await scrape(exporter.port)
    for (let left = span; left > 0; left -= SCRAPED_EVERY_MS) {
      await gzipped(exporter.port)
      await sleep(SCRAPED_EVERY_MS)
    }
    const third = await scrape(exporter.port)
    return { quiet: lagMs(0.99, first, second), scraped: lagMs(0.99, second, third) }
  } finally {
    clearInterval(load)
  }
}

async function atTheCaps(context: Context, feed: Feed): Promise<Figures> {
  const database = join(mkdtempSync(join(context.folder, 'caps-')), 'calls.db')
  writeManyParties(database, PARTIES)
  const exporter = await startExporter(context, { url: feed.url, database })
  try {
    const { series, loopMs, bytes, gzipBytes } = await weigh(context, exporter)
    return {
      'scrape.caps.series': series,
      'scrape.caps.loop': loopMs,
      'scrape.caps.bytes': bytes,
      'scrape.caps.gzip': gzipBytes,
    }
  } finally {
    await exporter.stop()
  }
}
