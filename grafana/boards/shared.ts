// Panels that stand on more than one board and mean the same on each.
//
// Whoever changes one changes it everywhere: that is why they are here.

import { CATALOGUE } from '../../src/metrics/catalogue.ts'
import type { MissedDirection } from '../../src/metrics/labelLists.ts'
import { BOARDS, boardLink } from '../addresses.ts'
import { tally } from '../panels/graph.ts'
import { stat } from '../panels/stat.ts'
import { increase, series, sum, type Wanted } from '../promql.ts'
import { instant, range } from '../query.ts'

/** Trunks that are offline now, on red. */
export function trunksDown() {
  return stat(
    {
      title: 'Trunks down',
      description: 'Trunks that Asterisk says are offline. Those of which it does not know are not counted.',
      unit: 'short',
      steps: ['green', [1, 'red']],
      filled: true,
      more: { title: 'Trunks', url: boardLink(BOARDS.trunks) },
    },
    instant(sum(series(CATALOGUE.endpoints, { role: ['trunk'], state: ['offline'] })), 'down'),
  )
}

/** Missed calls over time, by direction. */
export function missedPerTenMinutes(wanted: { readonly direction?: Wanted<MissedDirection> } = {}) {
  return tally(
    {
      title: 'Missed per 10 minutes',
      description:
        'Missed calls by direction, counted over ten minutes or over a step of the graph when that is longer.',
      unit: 'short',
      interval: '10m',
      colors: { inbound: 'red', internal: 'orange' },
      more: { title: 'Missed calls', url: boardLink(BOARDS.missedCalls) },
    },
    range(sum(increase(series(CATALOGUE.missedCalls, wanted)), ['direction']), '{{direction}}'),
  )
}
