// Registrations at carriers, a part of the board "Trunks and endpoints".
//
// ARI does not tell them. They are there if Prometheus scrapes Asterisk's own res_prometheus too; otherwise the panels say what is missing.

import type { Section } from '../layout.ts'
import { row } from '../layout.ts'
import { ASTERISK } from '../otherMetrics.ts'
import { stat } from '../panels/stat.ts'
import { timeline } from '../panels/timeline.ts'
import { OF_PBX, ofPbx } from '../pbx.ts'
import { max, series } from '../promql.ts'
import { instant, range } from '../targets.ts'
import { REGISTERED } from '../thresholds.ts'

const NOT_SCRAPED = 'not known: scrape res_prometheus of Asterisk too (prometheus/README.md, “Registrations”)'
/** The same in the room of a figure. */
const NOT_SCRAPED_SHORT = 'needs res_prometheus'
const EACH = max(series(ASTERISK.registration), ['job', 'instance', 'username', 'domain'])

/** How many are lost, and each over time. */
export function registrationSection(): Section {
  return { title: 'Registrations', rows: [row(6, [6, lost()], [18, registrations()])] }
}

function lost() {
  return stat(
    {
      title: 'Registrations lost',
      description: 'Registrations of Asterisk at carriers that do not hold now, of those that Asterisk tells.',
      unit: 'short',
      none: NOT_SCRAPED_SHORT,
      steps: ['green', [1, 'red']],
    },
    instant(`sum(${EACH} != bool ${REGISTERED})`, 'lost'),
  )
}

function registrations() {
  return timeline(
    {
      title: 'Registrations at carriers',
      description:
        'State of each registration of Asterisk, by its account; it has one from the carrier’s first answer on, or from the first time that none came.',
      unit: 'none',
      none: NOT_SCRAPED,
      texts: { 0: ['unregistered', 'red'], 1: ['registered', 'green'], 2: ['rejected or no answer', 'dark-red'] },
    },
    range(ofPbx(EACH), `{{username}}${OF_PBX}`),
  )
}
