// What a Prometheus would have scraped from the office over the last eight days, as OpenMetrics text for a back-fill.
//
// A quiet week, the same hours of a week ago at a sample a minute, then a Monday with its troubles as Prometheus scrapes
// it. Always the same text.

import { dialedOf } from '../../../src/pbx-sim/destinations.ts'
import { fraudNight } from '../../../src/pbx-sim/fraudNight.ts'
import { createRandom } from '../../../src/pbx-sim/random.ts'
import { openFleet } from './fleetOfOffice.ts'
import { type Incident, type Office, openOffice } from './office.ts'
import { createStamper } from './scrapedSamples.ts'
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

const ago = (seconds: number): number => (NOW - seconds) * 1000

/** When the exporter was started again; one scrape failed. */
const EXPORTER_RESTART_AT = ago(2 * HOUR)

/** The incidents of the day. A trunk is still unreachable at the end, so that something is always firing. */
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
  // Somebody whose number is withheld.
  { at: ago(2.5 * HOUR), happen: ({ place }) => place('inbound-no-answer', { outside: { name: '', number: '' } }) },
  { at: ago(2.4 * HOUR), happen: ({ blockDisk }) => blockDisk(4 * 60_000) },
  { at: EXPORTER_RESTART_AT, happen: ({ restartExporter }) => restartExporter() },
  { at: ago(1.6 * HOUR), happen: ({ refuseLogins }) => refuseLogins(40) },
  { at: ago(1.5 * HOUR), happen: ({ dropLogLines }) => dropLogLines(120) },
  { at: ago(1.4 * HOUR), happen: ({ keepCallers }) => keepCallers(3, 5 * 60_000) },
  // Agents who pause, and one who logs off.
  ...[300, 60, 45].map(
    (minutes): Incident => ({ at: ago(minutes * 60), happen: ({ place }) => place('agent-pauses') }),
  ),
  { at: ago(1.35 * HOUR), happen: ({ place }) => place('agent-logs-off') },
  // Enough calls to one country for a share.
  ...Array.from(
    { length: 8 },
    (_, index): Incident => ({
      at: ago(2.9 * HOUR - index * 200),
      happen: ({ place }) =>
        place(index % 3 === 0 ? 'outbound-busy' : 'outbound', { dialed: dialedOf('international') }),
    }),
  ),
  // Somebody needs help, and somebody calls what costs much.
  ...(['emergency', 'premium', 'satellite'] as const).map(
    (kind, index): Incident => ({
      at: ago(3 * HOUR - index * 300),
      happen: ({ place }) => place('outbound', { dialed: dialedOf(kind) }),
    }),
  ),
  { at: ago(1.3 * HOUR), happen: ({ fallBehind }) => fallBehind(30e6, 90_000) },
  // Somebody steals calls: a range of numbers, then many at once.
  ...fraudNight(createRandom(1))
    .filter(({ afterMs }) => afterMs < 20 * 60_000)
    .map(
      ({ afterMs, scenario, phone, dialed, talkMs }): Incident => ({
        at: ago(1.2 * HOUR) + afterMs,
        happen: ({ place }) => place(scenario, { caller: phone, dialed, talkMs }),
      }),
    ),
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

const BUSY = 40

/** Busy by day, quiet by night and on Sunday. */
function callsPerHour(at: number): number {
  const day = new Date(at)
  const hour = day.getUTCHours()
  return hour >= 7 && hour < 18 && day.getUTCDay() !== 0 ? BUSY : 2
}

/** By day somebody calls missed callers back; after the time in which nobody picks up, nobody has time for it for an hour. */
function callbacksPerHour(at: number): number {
  const isBusy = at >= ago(3.5 * HOUR) && at < ago(1.6 * HOUR)
  return isBusy || callsPerHour(at) < BUSY ? 0 : 30
}

/** The text, scrape by scrape, without an end mark. */
export async function* scrapes(): AsyncGenerator<string> {
  const office = openOffice({
    startAt: (LAST_WEEK.start - HOUR) * 1000,
    seed: 11,
    callsPerHour,
    callbacksPerHour,
    incidents: INCIDENTS,
  })
  const stamp = createStamper({ target: TARGET, processStartedAt })
  for (let at = LAST_WEEK.start; at <= LAST_WEEK.end; at += 60) {
    yield stamp(await scrape(office, at), at)
  }
  const fleet = openFleet({
    startedAt: TODAY.start,
    nodes: 2,
    unreachableFrom: NOW - HOUR,
    away: { start: NOW - 3 * HOUR, end: NOW - 2.8 * HOUR },
  })
  for (let at = TODAY.start; at <= TODAY.end; at += at < FINE_FROM ? 2 * SCRAPE_INTERVAL : SCRAPE_INTERVAL) {
    yield stamp(await scrape(office, at), at)
    yield await fleet(at)
  }
}

/** Null: nobody answered. */
async function scrape(office: Office, at: number): Promise<string | null> {
  const exposed = await office.scrapeAt(at * 1000)
  return Math.abs(at * 1000 - EXPORTER_RESTART_AT) < SCRAPE_INTERVAL * 1000 ? null : exposed + registrations(at)
}

/** What Asterisk itself says of its registrations, as the job for it in prometheus.yml keeps it: one is lost for a quarter of an hour. */
function registrations(at: number): string {
  const isLost = at >= NOW - 1.2 * HOUR && at < NOW - 0.95 * HOUR
  return [
    ['trunk-a', isLost ? 2 : 1],
    ['trunk-b', 1],
  ]
    .map(
      ([account, status]) =>
        `asterisk_pjsip_outbound_registration_status{username="sip:office@${account}.example",domain="sip:${account}.example",channel_type="PJSIP"} ${status}\n`,
    )
    .join('')
}

/** When the exporter's process began that answers at that instant, epoch seconds. */
function processStartedAt(at: number): number {
  return at * 1000 > EXPORTER_RESTART_AT ? EXPORTER_RESTART_AT / 1000 : LAST_WEEK.start - HOUR
}
