// What a Prometheus would have scraped from the office over the last eight days, as OpenMetrics text for a back-fill.
//
// A quiet week, the same hours of a week ago at a sample a minute, then a Monday with its troubles as Prometheus scrapes
// it. Always the same text: the process' own metrics, which would tell of this test run, are made up.
// Source of the names and labels of a scrape's own series: Prometheus' documentation of jobs and instances.

import { type Incident, type Office, openOffice } from './office.ts'
import type { Span } from './servers.ts'

/** Epoch seconds: a Monday afternoon. What the dashboards are asked as of. */
export const NOW = Date.UTC(2026, 10, 23, 15) / 1000

export const HOUR = 3_600
const WEEK = 7 * 24 * HOUR

/** The hours of today, and those of a week ago, that there is something of. */
export const TODAY: Span = { start: NOW - 7 * HOUR, end: NOW }
export const LAST_WEEK: Span = { start: NOW - WEEK - 8 * HOUR, end: NOW - WEEK + HOUR }

/** As in prometheus/prometheus.yml. */
export const SCRAPE_INTERVAL = 15

/** Every other scrape is enough for what is long ago: two in each window of `rate` still. */
const FINE_FROM = NOW - 2.5 * HOUR

/** The labels that Prometheus gives to what it scrapes. */
export const TARGET = { job: 'asterisk', instance: 'exporter:9745' } as const

const LABELS = `job="${TARGET.job}",instance="${TARGET.instance}"`

const ago = (seconds: number): number => (NOW - seconds) * 1000

/** When the exporter was started again; one scrape failed. */
const EXPORTER_RESTART_AT = ago(2 * HOUR)

/** What went wrong today. A trunk is still away at the end, so that something is always firing. */
const TROUBLES: readonly Incident[] = [
  { at: ago(5 * HOUR), happen: ({ restartAsterisk }) => restartAsterisk(150_000) },
  { at: ago(4.6 * HOUR), happen: ({ cutSession }) => cutSession(25_000) },
  { at: ago(4.5 * HOUR), happen: ({ setEndpoint }) => setEndpoint('112', false) },
  { at: ago(4 * HOUR), happen: ({ setEndpoint }) => setEndpoint('112', true) },
  // Nobody picks up for 50 minutes.
  ...Array.from(
    { length: 25 },
    (_, index): Incident => ({
      at: ago(3.5 * HOUR - index * 120),
      happen: ({ place }) => place(index % 3 === 0 ? 'queue-abandoned' : 'inbound-no-answer'),
    }),
  ),
  { at: ago(2.4 * HOUR), happen: ({ blockDisk }) => blockDisk(4 * 60_000) },
  { at: EXPORTER_RESTART_AT, happen: ({ restartExporter }) => restartExporter() },
  { at: ago(1.6 * HOUR), happen: ({ refuseLogins }) => refuseLogins(40) },
  { at: ago(1.5 * HOUR), happen: ({ dropLogLines }) => dropLogLines(120) },
  { at: ago(1.4 * HOUR), happen: ({ keepCallers }) => keepCallers(3, 5 * 60_000) },
  // Enough callers of a queue for a share of the last half hour, and for a percentile.
  ...Array.from(
    { length: 14 },
    (_, index): Incident => ({
      at: ago(25 * 60 - index * 15),
      happen: ({ place }) => place('queue-answered'),
    }),
  ),
  // Enough calls from outside and among colleagues for a share of the last five minutes.
  ...Array.from(
    { length: 20 },
    (_, index): Incident => ({
      at: ago(280 - index * 10),
      happen: ({ place }) => place(index % 2 === 0 ? 'busy' : 'inbound-cancelled'),
    }),
  ),
  // Somebody to be seen waiting, ringing and talking when it is now.
  { at: ago(50), happen: ({ place }) => place('answered-caller-hangs-up') },
  { at: ago(20 * 60), happen: ({ setEndpoint }) => setEndpoint('trunk-b', false) },
  { at: ago(20), happen: ({ place }) => place('queue-abandoned') },
]

const INCIDENTS = TROUBLES.toSorted((one, other) => one.at - other.at)

/** Busy by day, quiet by night and on Sunday. */
function callsPerHour(at: number): number {
  const day = new Date(at)
  const hour = day.getUTCHours()
  return hour >= 7 && hour < 18 && day.getUTCDay() !== 0 ? 40 : 2
}

/** The text, scrape by scrape, without an end mark. */
export async function* scrapes(): AsyncGenerator<string> {
  const office = openOffice({ startAt: (LAST_WEEK.start - HOUR) * 1000, seed: 11, callsPerHour, incidents: INCIDENTS })
  const stamp = createStamper()
  for (let at = LAST_WEEK.start; at <= LAST_WEEK.end; at += 60) yield stamp(await scrape(office, at), at)
  for (let at = TODAY.start; at <= TODAY.end; at += at < FINE_FROM ? 2 * SCRAPE_INTERVAL : SCRAPE_INTERVAL)
    yield stamp(await scrape(office, at), at)
}

/** Null: nobody answered. */
async function scrape(office: Office, at: number): Promise<string | null> {
  const exposed = await office.scrapeAt(at * 1000)
  return Math.abs(at * 1000 - EXPORTER_RESTART_AT) < SCRAPE_INTERVAL * 1000 ? null : exposed
}

/** Puts job, instance and time on each sample, and the scrape's own series beside them. */
function createStamper(): (exposed: string | null, at: number) => string {
  const heads = new Map<string, string>()
  const head = (series: string): string => {
    const known = heads.get(series)
    if (known !== undefined) return known
    const brace = series.indexOf('{')
    const made =
      brace < 0 ? `${series}{${LABELS}} ` : `${series.slice(0, brace + 1)}${LABELS},${series.slice(brace + 1)} `
    heads.set(series, made)
    return made
  }
  return (exposed, at) => {
    const samples: string[] = []
    for (const line of (exposed ?? '').split('\n')) {
      if (line === '' || line.startsWith('#') || line.startsWith('process_') || line.startsWith('nodejs_')) continue
      const space = line.lastIndexOf(' ')
      samples.push(`${head(line.slice(0, space))}${line.slice(space + 1)} ${at}\n`)
    }
    const made = exposed === null ? [] : processSeries(exposed, at)
    for (const [series, value] of [...made, ...scrapeSeries(exposed, samples.length + made.length)])
      samples.push(`${head(series)}${value} ${at}\n`)
    return samples.join('')
  }
}

function scrapeSeries(exposed: string | null, samples: number): readonly (readonly [string, number])[] {
  return [
    ['up', exposed === null ? 0 : 1],
    ['scrape_duration_seconds', exposed === null ? 10 : 0.004 + (samples % 7) / 1000],
    ['scrape_samples_scraped', samples],
    ['scrape_samples_post_metric_relabeling', samples],
    ['scrape_series_added', 0],
  ]
}

type Made = (upSeconds: number) => number

const MEGABYTE = 1024 * 1024
/** Bytes that come and go. */
const breathing =
  (low: number, high: number): Made =>
  (up) =>
    Math.round((low + ((up % 600) / 600) * (high - low)) * MEGABYTE)

/** The runtime's series that are of use to somebody: how a healthy process of that age looks. */
const PROCESS: Readonly<Record<string, Made>> = {
  process_cpu_user_seconds_total: (up) => up * 0.012,
  process_cpu_system_seconds_total: (up) => up * 0.003,
  process_cpu_seconds_total: (up) => up * 0.015,
  process_resident_memory_bytes: breathing(75, 95),
  process_virtual_memory_bytes: () => 1_100 * MEGABYTE,
  process_heap_bytes: breathing(90, 110),
  process_open_fds: () => 31,
  process_max_fds: () => 1_048_576,
  nodejs_eventloop_lag_seconds: (up) => 0.001 + (up % 60) / 60_000,
  nodejs_eventloop_lag_min_seconds: () => 0.0091,
  nodejs_eventloop_lag_max_seconds: (up) => 0.013 + (up % 90) / 30_000,
  nodejs_eventloop_lag_mean_seconds: () => 0.0101,
  nodejs_eventloop_lag_stddev_seconds: () => 0.0002,
  nodejs_eventloop_lag_p50_seconds: () => 0.0101,
  nodejs_eventloop_lag_p90_seconds: () => 0.0103,
  nodejs_eventloop_lag_p99_seconds: (up) => 0.0107 + (up % 60) / 60_000,
  nodejs_heap_size_total_bytes: breathing(34, 40),
  nodejs_heap_size_used_bytes: breathing(24, 34),
  nodejs_external_memory_bytes: () => 4 * MEGABYTE,
}

/** Of those above the ones that the exporter truly has, and when the process began. */
function processSeries(exposed: string, at: number): [string, number][] {
  const startedAt = at * 1000 > EXPORTER_RESTART_AT ? EXPORTER_RESTART_AT / 1000 : LAST_WEEK.start - HOUR
  const made = Object.entries(PROCESS).filter(([name]) => exposed.includes(`\n${name} `))
  return [
    ['process_start_time_seconds', startedAt],
    ...made.map(([name, make]) => [name, make(at - startedAt)] as [string, number]),
  ]
}
