// The tables of the board "Queues": how each queue is now, and what became of its callers in the span that is looked at.
//
// A queue leads to its calls in the call log. Nobody tells the exporter who serves a queue: agents are on "Operators".

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { callsBehind } from '../addresses.ts'
import { counted, fromEnough, known } from '../known.ts'
import { higherIsWorse, lowerIsWorse, type Steps } from '../panels/panelOptions.ts'
import { table } from '../panels/table.ts'
import { buckets, countOverRange, increase, max, quantile, ratio, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import {
  QUEUE_ABANDONED_COUNT,
  QUEUE_ABANDONED_SHARE,
  QUEUE_WAIT_LONG_SECONDS,
  QUEUE_WAIT_VERY_LONG_SECONDS,
  SERVICE_LEVEL_SECONDS,
  SERVICE_LEVEL_SHARE,
} from '../thresholds.ts'

const CHOSEN_QUEUE = { queue: '$queue' } as const
const EACH = ['instance', 'queue']
const WAITS: Steps = ['text', [QUEUE_WAIT_LONG_SECONDS, 'orange'], [QUEUE_WAIT_VERY_LONG_SECONDS, 'red']]
const ABANDONED = higherIsWorse({ warning: QUEUE_ABANDONED_SHARE / 2, critical: QUEUE_ABANDONED_SHARE })
const LEVELS = lowerIsWorse({ warning: SERVICE_LEVEL_SHARE, critical: SERVICE_LEVEL_SHARE / 2 })

const KEYS = {
  keys: { instance: 'PBX', queue: 'Queue' },
  more: {
    Queue: { title: 'Call log: calls of this queue', url: callsBehind({ queue: `\${__value.raw:percentencode}` }) },
  },
} as const

const ENTERED_LATELY = max(recorded(RECORDINGS.queueCalls, '30m', CHOSEN_QUEUE), EACH)
const ANSWERED_LATELY = max(recorded(RECORDINGS.queueAnsweredCalls, '30m', CHOSEN_QUEUE), EACH)

/** What became of the callers of each queue in the last half hour, in whole callers. */
export const LATELY = {
  // A queue of which nobody was ever answered has no series of it.
  answered: counted(`(round(${ANSWERED_LATELY}) or ${ENTERED_LATELY} * 0)`),
  abandoned: counted(`round(${max(recorded(RECORDINGS.queueAbandonedCalls, '30m', CHOSEN_QUEUE), EACH)})`),
} as const

/** A row for each queue: who waits, and the last half hour. */
export function queuesNow() {
  return table({
    title: 'Each queue now',
    description: `Callers that wait, and what became of those of the last half hour; those answered in time and the average speed of answer (ASA) are of the chosen window, where five or more entered.`,
    unit: 'short',
    ...KEYS,
    sortBy: 'Waiting',
    columns: [
      { name: 'Waiting', unit: 'short', expression: sum(known(series(CATALOGUE.queueWaiting, CHOSEN_QUEUE)), EACH) },
      {
        name: 'Longest wait',
        unit: 'clock',
        steps: WAITS,
        expression: `round(${max(known(series(CATALOGUE.queueOldestWait, CHOSEN_QUEUE)), EACH)})`,
      },
      { name: 'Answered, 30 min', unit: 'short', expression: LATELY.answered },
      {
        name: 'Abandoned, 30 min',
        unit: 'short',
        steps: ['text', [QUEUE_ABANDONED_COUNT, 'red']],
        expression: LATELY.abandoned,
      },
      {
        name: `Within ${SERVICE_LEVEL_SECONDS} s`,
        unit: 'percentunit',
        decimals: 0,
        steps: LEVELS,
        expression: often(recorded(RECORDINGS.serviceLevel, '$window', CHOSEN_QUEUE)),
      },
      {
        name: 'ASA',
        unit: 'clock',
        expression: `round(${often(recorded(RECORDINGS.speedOfAnswer, '$window', CHOSEN_QUEUE))})`,
      },
    ],
  })
}

// Of a queue that enough callers entered within the window.
function often(share: string): string {
  return fromEnough(max(known(share), EACH), recorded(RECORDINGS.queueCalls, '$window', CHOSEN_QUEUE), EACH)
}

/** A row for each queue: the counts of the span. */
export function queuesOfSpan() {
  const entered = series(CATALOGUE.queueCalls, CHOSEN_QUEUE)
  const answered = series(CATALOGUE.queueCalls, { ...CHOSEN_QUEUE, outcome: ['answered'] })
  const gaveUp = series(CATALOGUE.queueCalls, { ...CHOSEN_QUEUE, outcome: ['abandoned'] })
  return table({
    title: 'Each queue in the span',
    description:
      'What became of the callers of each queue in the span; nine of ten waited less than the 90th percentile.',
    unit: 'short',
    ...KEYS,
    sortBy: 'Entered',
    columns: [
      { name: 'Entered', unit: 'short', expression: countOverRange(entered, EACH) },
      { name: 'Answered', unit: 'short', expression: countOverRange(answered, EACH) },
      { name: 'Abandoned', unit: 'short', expression: countOverRange(gaveUp, EACH) },
      {
        name: 'Abandoned share',
        unit: 'percentunit',
        decimals: 0,
        steps: ABANDONED,
        expression: fromEnough(
          ratio(sum(increase(gaveUp, '$__range'), EACH), sum(increase(entered, '$__range'), EACH)),
          sum(increase(entered, '$__range'), EACH),
          EACH,
        ),
      },
      {
        name: 'Wait, 90th percentile',
        unit: 'clock',
        steps: WAITS,
        expression: `round(${quantile(0.9, { of: buckets(CATALOGUE.queueWait, CHOSEN_QUEUE), by: EACH, window: '$__range' })})`,
      },
    ],
  })
}
