// The tiles of the wallboard about missed callers: who waits to be called back, and how soon others were.
//
// As on the board "Missed calls". A value that is not known now is a dash.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { BOARDS, boardLink, callsBehind } from '../addresses.ts'
import { known } from '../known.ts'
import { TILE, type Tile, tiles } from '../panels/tiles.ts'
import { ENOUGH, max, series, sum } from '../promql.ts'
import { CALLBACK_LATE_SECONDS } from '../thresholds.ts'
import { calledBackWithin, WITHIN } from './missedCallers.ts'
import { DURATION, SMALL } from './wallLooks.ts'

/** Those who wait: the colour is that of the longest wait of those whom nobody has tried to call. */
export function missedCallers() {
  return tiles(
    {
      title: 'Missed callers to be called back',
      description:
        'People outside who were missed and with whom nobody has spoken since, the longest of their waits, and the longest of those whom nobody has tried to call since their last call: orange after an hour, when the alert fires.',
      size: SMALL,
      more: { title: 'Missed calls', url: boardLink(BOARDS.missedCalls) },
      click: { title: 'Missed calls in the call log', url: callsBehind({ direction: 'inbound', only: 'missed' }) },
    },
    {
      name: 'To call back',
      expression: sum(known(series(CATALOGUE.missedCallersWaiting))),
      steps: [TILE.good, [1, TILE.plain]],
    },
    {
      name: 'Longest wait',
      expression: max(known(series(CATALOGUE.missedCallersOldestWait))),
      steps: [TILE.good, [1, TILE.plain]],
      looks: DURATION,
    },
    {
      name: 'Nobody tried for',
      expression: max(known(series(CATALOGUE.missedCallersOldestUntriedWait))),
      steps: [TILE.good, [CALLBACK_LATE_SECONDS, TILE.look]],
      looks: DURATION,
    },
  )
}

/** The shares of the last day. */
export function calledBack() {
  return tiles(
    {
      title: 'Missed callers called back within, 24 h',
      description: `Share of the missed callers that were called back in time, of all that had not called again themselves by then; a dash below ${ENOUGH}.`,
      size: SMALL,
      quiet: true,
      more: { title: 'Missed calls', url: boardLink(BOARDS.missedCalls) },
    },
    ...Object.entries(WITHIN).map(
      ([name, seconds]): Tile => ({
        name,
        expression: calledBackWithin(seconds),
        steps: ['text'],
        looks: [{ id: 'unit', value: 'percentunit' }],
      }),
    ),
  )
}
