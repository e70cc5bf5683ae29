// Panels that stand on more than one board and mean the same on each.
//
// Whoever changes one changes it everywhere: that is why they are here.

import { CATALOGUE } from '../../src/metrics/catalogue.ts'
import type { MissedDirection } from '../../src/metrics/labelLists.ts'
import { callsAround, clicked } from '../addresses.ts'
import { MISSED_COLORS } from '../colors.ts'
import { known } from '../known.ts'
import type { Way } from '../panels/face.ts'
import { tally } from '../panels/graph.ts'
import { stat } from '../panels/stat.ts'
import { increase, series, sum, type Wanted } from '../promql.ts'
import { instant, range } from '../query.ts'

/** Trunks that are offline now, on red. `more`: the board that tells more, where this is not it. */
export function trunksDown(more?: Way) {
  return stat(
    {
      title: 'Trunks down',
      description: 'Trunks that Asterisk says are offline; those of which it does not know are not counted.',
      unit: 'short',
      steps: ['green', [1, 'red']],
      filled: true,
      ...(more === undefined ? {} : { more }),
    },
    instant(sum(known(series(CATALOGUE.endpoints, { role: ['trunk'], state: ['offline'] }))), 'down'),
  )
}

/** Missed calls over time, by direction: a customer that was lost and a colleague that did not pick up are not the same. */
export function missedOverTime(wanted: { readonly direction?: Wanted<MissedDirection> } = {}, more?: Way) {
  return tally(
    {
      title: 'Missed calls over time',
      description: 'Calls within each bar that nobody answered: from outside in red, from colleagues in yellow.',
      unit: 'short',
      colors: MISSED_COLORS,
      click: {
        title: 'Call log: missed calls around this time',
        url: callsAround({ only: 'missed', direction: clicked('direction') }),
      },
      ...(more === undefined ? {} : { more }),
    },
    range(sum(increase(series(CATALOGUE.missedCalls, wanted)), ['direction']), '{{direction}}'),
  )
}
