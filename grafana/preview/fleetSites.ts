// Twenty sites in the evening of the simulated day, for the board of the fleet: small offices, each with one PBX of the same name.
//
// Their calls begin an hour before the picture's time range. Some have troubles; one stops sending anything.

import type { ScenarioName } from '../../src/pbx-sim/scenarios/catalogue.ts'
import { openFleet } from '../../test/system/noc/fleetOfOffice.ts'
import { type Incident, openOffice } from '../../test/system/noc/office.ts'
import { createStamper } from '../../test/system/noc/scrapedSamples.ts'
import { clock } from './states.ts'

/** When they are scraped. */
export const FLEET = { start: clock(20, 30), end: clock(22) }

const NAMES = [
  ...['amsterdam', 'bremen', 'dresden', 'essen', 'frankfurt', 'graz', 'hannover', 'innsbruck', 'jena', 'kiel'],
  ...['leipzig', 'linz', 'munich', 'nuremberg', 'potsdam', 'rostock', 'salzburg', 'stuttgart', 'vienna', 'zurich'],
]

const OPENED_AT = clock(20) * 1000
const EVERY_SECONDS = 30

/** Site -> what happens there. */
const TROUBLES: Readonly<Record<string, readonly Incident[]>> = {
  bremen: nobodyPicksUp(2),
  essen: nobodyPicksUp(3),
  graz: [{ at: clock(21, 30) * 1000, happen: ({ setEndpoint }) => setEndpoint('trunk-a', false) }],
  kiel: [{ at: clock(21, 52) * 1000, happen: ({ restartAsterisk }) => restartAsterisk(20 * 60_000) }],
  linz: [{ at: clock(21, 20) * 1000, happen: ({ cutSession }) => cutSession(4 * 60_000) }],
  rostock: [{ at: clock(21, 50) * 1000, happen: ({ fallBehind }) => fallBehind(30e6, 15 * 60_000) }],
}

/** The site from which nothing arrives any more, and when. */
const SILENT = { site: 'potsdam', from: clock(21, 40) }

/** The site whose exporter does not answer, and when. */
const UNANSWERED = { site: 'vienna', from: clock(21, 45) }

/** The text in order of time, without an end mark. */
export async function* scrapedFleet(weightOf: (name: ScenarioName) => number): AsyncGenerator<string> {
  const sites = NAMES.map((cluster, index) => {
    const callsPerHour = 20 + ((index * 37) % 90)
    const office = openOffice({
      startAt: OPENED_AT,
      seed: 100 + index,
      callsPerHour: () => callsPerHour,
      callbacksPerHour: () => callsPerHour / 4,
      incidents: TROUBLES[cluster] ?? [],
      weightOf,
    })
    const target = { job: 'asterisk', instance: 'exporter:9745', cluster }
    return { cluster, office, stamp: createStamper({ target, processStartedAt: () => clock(8) }) }
  })
  const fleet = openFleet({
    startedAt: FLEET.start,
    nodes: NAMES.length,
    unreachableFrom: UNANSWERED.from,
    away: { start: clock(21, 10), end: clock(21, 20) },
  })
  for (let now = FLEET.start; now <= FLEET.end; now += EVERY_SECONDS) {
    for (const { cluster, office, stamp } of sites) {
      const exposed = await office.scrapeAt(now * 1000)
      if (cluster !== SILENT.site || now < SILENT.from) {
        yield stamp(cluster === UNANSWERED.site && now >= UNANSWERED.from ? null : exposed, now)
      }
    }
    yield await fleet(now)
  }
}

function nobodyPicksUp(everyMinutes: number): readonly Incident[] {
  return Array.from(
    { length: Math.floor(60 / everyMinutes) },
    (_, index): Incident => ({
      at: clock(21, index * everyMinutes) * 1000,
      happen: ({ place }) => place(index % 3 === 0 ? 'queue-abandoned' : 'inbound-no-answer'),
    }),
  )
}
