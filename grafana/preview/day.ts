// A simulated day of two offices with incidents, as a Prometheus would have scraped it: OpenMetrics text.
//
// All values come from the simulated PBX and the exporter's own core, see test/system/noc/office.ts. The offices answer nine of
// ten inbound calls, so that a calm hour has no alerts. The text is always the same.

import { SCENARIOS, type ScenarioName } from '../../src/pbx-sim/scenarios/catalogue.ts'
import type { Evaluation } from '../../test/system/noc/backfill.ts'
import {
  type Happenings,
  type Incident,
  type Office,
  type OfficeOptions,
  openOffice,
} from '../../test/system/noc/office.ts'
import { createStamper } from '../../test/system/noc/scrapedSamples.ts'
import { FLEET, scrapedFleet } from './fleetSites.ts'
import { clock } from './states.ts'

const HOUR = 3_600
const WEEK = 7 * 24 * HOUR

/** Early enough for boards with a time range of 24 hours. */
const TODAY = { start: clock(-14), end: clock(18, 40) }
const LAST_WEEK = { start: clock(3) - WEEK, end: TODAY.end - WEEK }

/** No exporter can be scraped. */
const UNSCRAPED = { start: clock(16, 28), end: clock(17, 30) }

/** When rules are evaluated: they end before the scrapes. */
export const EVALUATIONS: readonly [Evaluation, ...(readonly Evaluation[])] = [
  { start: TODAY.start, end: clock(18, 20), step: 60 },
  { ...LAST_WEEK, step: 240 },
  { ...FLEET, step: 60, alerts: true },
]

interface Site {
  readonly instance: string
  readonly seed: number
  /** Start of the scrapes; null: from the beginning. */
  readonly since: number | null
  /** Start of the exporter's last process. */
  readonly restartedAt: number
  readonly incidents: readonly Incident[]
}

const at = (hour: number, minute: number, happen: (happenings: Happenings) => void): Incident => ({
  at: clock(hour, minute) * 1000,
  happen,
})

const nobodyPicksUp: readonly Incident[] = Array.from({ length: 50 }, (_, index) =>
  at(12, 30 + index, ({ place }) => place(index % 3 === 0 ? 'queue-abandoned' : 'inbound-no-answer')),
)

// Agents go for a break by day, some together, and log off for lunch.
const breaks: readonly Incident[] = Array.from({ length: 44 }, (_, index) =>
  at(7, 5 + index * 15, ({ place }) => place(index % 5 === 4 ? 'agent-logs-off' : 'agent-pauses')),
)

const EXPORTER_RESTART = clock(14)

const FIRST: Site = {
  instance: 'pbx-berlin:9745',
  seed: 11,
  since: null,
  restartedAt: EXPORTER_RESTART,
  incidents: [
    at(11, 0, ({ restartAsterisk }) => restartAsterisk(15 * 60_000)),
    ...nobodyPicksUp,
    ...breaks,
    // Callers that wait at the time of the picture.
    ...[25, 40, 52].map((second) => at(13, 14 + second / 60, ({ place }) => place('queue-abandoned'))),
    { at: EXPORTER_RESTART * 1000, happen: ({ restartExporter }) => restartExporter() },
    at(15, 30, ({ setEndpoint }) => setEndpoint('trunk-b', false)),
    at(16, 0, ({ setEndpoint }) => setEndpoint('trunk-b', true)),
  ],
}

const SITES: readonly Site[] = [
  FIRST,
  {
    instance: 'pbx-hamburg:9745',
    seed: 23,
    since: clock(14, 30),
    restartedAt: clock(14, 29),
    incidents: breaks.filter(({ at }) => at > clock(14, 30) * 1000),
  },
]

/** Scenarios that are too frequent in the simulator's mix for an office that answers its calls. */
const RARE: ReadonlySet<ScenarioName> = new Set([
  'no-answer',
  'cancelled',
  'busy',
  'rejected',
  'unreachable',
  'inbound-cancelled',
  'inbound-no-answer',
  'queue-abandoned',
  'queue-timeout',
  'busy-then-queue-abandoned',
  'queue-left-by-key',
])

const weightOf = (name: ScenarioName): number => SCENARIOS[name].weight / (RARE.has(name) ? 4 : 1)

const BUSY = 90

/** Many calls by day, few by night and on Sunday, and during the incident, whose calls are placed one by one. */
function callsPerHour(atMs: number): number {
  const day = new Date(atMs)
  const hour = day.getUTCHours() + day.getUTCMinutes() / 60
  if (hour < 7 || hour >= 18 || day.getUTCDay() === 0) {
    return 8
  }
  return atMs >= clock(12, 30) * 1000 && atMs < clock(13, 20) * 1000 ? 12 : BUSY
}

/** Missed callers are called back by day, except while nobody picks up. */
function callbacksPerHour(atMs: number): number {
  const isIncident = atMs >= clock(12, 30) * 1000 && atMs < clock(14) * 1000
  return isIncident || callsPerHour(atMs) < BUSY ? 0 : 24
}

/** The text in chunks in order of time, with its end mark. */
export async function* scrapedDay(): AsyncGenerator<string> {
  const sites = SITES.map(openSite)
  for (let now = LAST_WEEK.start; now <= LAST_WEEK.end; now += 60) {
    for (const site of sites) {
      yield site.scrapeAt(now)
    }
  }
  for (let now = TODAY.start; now <= TODAY.end; now += now < clock(4) ? 60 : 30) {
    for (const site of sites) {
      yield site.scrapeAt(now)
    }
  }
  yield* scrapedFleet(weightOf)
  yield '# EOF\n'
}

/** A second run of the first office, which reports its calls. */
export function openFirstOffice(onFacts: OfficeOptions['onFacts']): Office {
  return officeOf(FIRST, onFacts)
}

function officeOf({ since, seed, incidents }: Site, onFacts?: OfficeOptions['onFacts']): Office {
  return openOffice({
    startAt: ((since ?? LAST_WEEK.start) - HOUR) * 1000,
    seed,
    callsPerHour,
    callbacksPerHour,
    incidents: incidents.toSorted((one, other) => one.at - other.at),
    weightOf,
    onFacts,
  })
}

function openSite(site: Site) {
  const { instance, since, restartedAt } = site
  const office = officeOf(site)
  const stamp = createStamper({
    target: { job: 'asterisk', instance },
    processStartedAt: (now) => (now >= restartedAt ? restartedAt : LAST_WEEK.start - HOUR),
  })
  return {
    /** '' before the first scrape. */
    async scrapeAt(now: number): Promise<string> {
      if (since !== null && now < since) {
        return ''
      }
      const exposed = await office.scrapeAt(now * 1000)
      return stamp(now >= UNSCRAPED.start && now < UNSCRAPED.end ? null : exposed, now)
    },
  }
}
