// The table of the board "Queues": what became of the callers of each queue in the span that is looked at.
//
// Counts of the span; what is so now stands in the last column.

import { CATALOGUE } from '../../src/metrics/catalogue.ts'
import { BOARDS, boardLink } from '../addresses.ts'
import { risingBad } from '../panels/face.ts'
import { table } from '../panels/table.ts'
import { buckets, countOverRange, increase, quantile, ratio, series, sum } from '../promql.ts'
import { QUEUE_ABANDONED_SHARE, QUEUE_WAIT_LONG_SECONDS, QUEUE_WAIT_VERY_LONG_SECONDS } from '../thresholds.ts'

const CHOSEN_QUEUE = { queue: '$queue' } as const
const WAITS = risingBad({ warning: QUEUE_WAIT_LONG_SECONDS, critical: QUEUE_WAIT_VERY_LONG_SECONDS })
const ABANDONED = risingBad({ warning: QUEUE_ABANDONED_SHARE / 2, critical: QUEUE_ABANDONED_SHARE })

/** A row for each queue. */
export function queueTable() {
  const keys = ['instance', 'queue']
  const entered = series(CATALOGUE.queueCalls, CHOSEN_QUEUE)
  const answered = series(CATALOGUE.queueCalls, { ...CHOSEN_QUEUE, outcome: ['answered'] })
  const gaveUp = series(CATALOGUE.queueCalls, { ...CHOSEN_QUEUE, outcome: ['abandoned'] })
  const waited = { of: buckets(CATALOGUE.queueWait, CHOSEN_QUEUE), by: keys, window: '$__range' } as const
  return table({
    title: 'Queues of the span',
    description:
      'What became of the callers of each queue in the span that is looked at. A queue leads to its missed calls.',
    unit: 'short',
    keys: { instance: 'PBX', queue: 'Queue' },
    sortBy: 'Entered',
    more: { Queue: { title: 'Only this queue', url: boardLink(BOARDS.queues, { queue: `\${__value.raw}` }) } },
    columns: [
      { name: 'Entered', unit: 'short', expression: countOverRange(entered, keys) },
      { name: 'Answered', unit: 'short', expression: countOverRange(answered, keys) },
      { name: 'Abandoned', unit: 'short', expression: countOverRange(gaveUp, keys) },
      {
        name: 'Abandoned share',
        unit: 'percentunit',
        decimals: 0,
        steps: ABANDONED,
        expression: ratio(sum(increase(gaveUp, '$__range'), keys), sum(increase(entered, '$__range'), keys)),
      },
      { name: 'Wait p90', unit: 's', decimals: 0, steps: WAITS, expression: quantile(0.9, waited) },
      { name: 'Waiting now', unit: 'short', expression: sum(series(CATALOGUE.queueWaiting, CHOSEN_QUEUE), keys) },
    ],
  })
}
