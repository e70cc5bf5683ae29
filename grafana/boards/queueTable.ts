// The tables of the board "Queues": each queue now, and within the time range.
//
// A queue links to its calls in the call log. A dash is what is not known, such as agents for which the exporter does not ask.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { callsBehind } from '../addresses.ts'
import { counted, fromEnough, known } from '../known.ts'
import { higherIsWorse, lowerIsWorse, type Steps } from '../panels/panelOptions.ts'
import { table } from '../panels/table.ts'
import { buckets, countOverRange, increase, max, quantile, series, share, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import {
  QUEUE_ABANDONED_COUNT,
  QUEUE_ABANDONED_SHARE,
  QUEUE_WAIT_LONG_SECONDS,
  QUEUE_WAIT_VERY_LONG_SECONDS,
  SERVICE_LEVEL_SECONDS,
  SERVICE_LEVEL_SHARE,
} from '../thresholds.ts'
import { agentsIn, SELECTED_QUEUE, STAFFED } from './queueAgents.ts'

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

const ENTERED_LATELY = max(recorded(RECORDINGS.queueCalls, '30m', SELECTED_QUEUE), EACH)
const ANSWERED_LATELY = max(recorded(RECORDINGS.queueAnsweredCalls, '30m', SELECTED_QUEUE), EACH)

/** Answered and abandoned callers of each queue in the last half hour, as whole numbers. */
export const LATELY = {
  // A queue without a single answered caller has no series.
  answered: counted(`(round(${ANSWERED_LATELY}) or ${ENTERED_LATELY} * 0)`),
  abandoned: counted(`round(${max(recorded(RECORDINGS.queueAbandonedCalls, '30m', SELECTED_QUEUE), EACH)})`),
} as const

/** A row for each queue: waiting callers, and the last half hour. */
export function queuesNow() {
  return table({
    title: 'Each queue now',
    description: `Waiting callers and agents (a dash without ARI_QUESTIONS_PER_SECOND), answered and abandoned callers of the last half hour, and service level and average speed of answer (ASA) over the selected window, if five or more entered.`,
    unit: 'short',
    ...KEYS,
    sortBy: ['Waiting'],
    columns: [
      {
        name: 'Waiting',
        unit: 'short',
        width: 105,
        expression: sum(known(series(CATALOGUE.queueWaiting, SELECTED_QUEUE)), EACH),
      },
      {
        name: 'Longest wait',
        unit: 'clock',
        steps: WAITS,
        expression: `round(${max(known(series(CATALOGUE.queueOldestWait, SELECTED_QUEUE)), EACH)})`,
      },
      { name: 'Free agents', unit: 'short', width: 105, expression: sum(known(agentsIn('free')), EACH) },
      { name: 'Staffed', unit: 'short', width: 85, expression: sum(known(STAFFED), EACH) },
      { name: 'Paused', unit: 'short', width: 85, expression: sum(known(agentsIn('paused')), EACH) },
      { name: 'Answered, 30 min', unit: 'short', width: 140, expression: LATELY.answered },
      {
        name: 'Abandoned, 30 min',
        unit: 'short',
        width: 150,
        steps: ['text', [QUEUE_ABANDONED_COUNT, 'red']],
        expression: LATELY.abandoned,
      },
      {
        name: `Within ${SERVICE_LEVEL_SECONDS} s`,
        unit: 'percentunit',
        width: 105,
        decimals: 0,
        steps: LEVELS,
        expression: often(recorded(RECORDINGS.serviceLevel, '$window', SELECTED_QUEUE)),
      },
      {
        name: 'ASA',
        unit: 'clock',
        width: 90,
        expression: `round(${often(recorded(RECORDINGS.speedOfAnswer, '$window', SELECTED_QUEUE))})`,
      },
    ],
  })
}

// Only if enough callers entered the queue within the window.
function often(share: string): string {
  return fromEnough(max(known(share), EACH), recorded(RECORDINGS.queueCalls, '$window', SELECTED_QUEUE), EACH)
}

/** A row for each queue: counts of the time range. */
export function queuesOfRange() {
  const entered = series(CATALOGUE.queueCalls, SELECTED_QUEUE)
  const answered = series(CATALOGUE.queueCalls, { ...SELECTED_QUEUE, outcome: ['answered'] })
  const hungUp = series(CATALOGUE.queueCalls, { ...SELECTED_QUEUE, outcome: ['abandoned'] })
  return table({
    title: 'Each queue over the time range',
    description:
      'Callers of each queue within the time range by outcome; nine of ten waited less than the 90th percentile.',
    unit: 'short',
    ...KEYS,
    sortBy: ['Entered'],
    columns: [
      { name: 'Entered', unit: 'short', width: 110, expression: countOverRange(entered, EACH) },
      { name: 'Answered', unit: 'short', width: 110, expression: countOverRange(answered, EACH) },
      { name: 'Abandoned', unit: 'short', width: 110, expression: countOverRange(hungUp, EACH) },
      {
        name: 'Abandoned share',
        unit: 'percentunit',
        decimals: 0,
        steps: ABANDONED,
        expression: fromEnough(
          share(sum(increase(hungUp, '$__range'), EACH), sum(increase(entered, '$__range'), EACH)),
          sum(increase(entered, '$__range'), EACH),
          EACH,
        ),
      },
      {
        name: 'Staffed agents, average',
        unit: 'short',
        decimals: 1,
        expression: max(`avg_over_time(${STAFFED}[$__range])`, EACH),
      },
      {
        name: 'Wait, 90th percentile',
        unit: 'clock',
        steps: WAITS,
        expression: `round(${quantile(0.9, { of: buckets(CATALOGUE.queueWait, SELECTED_QUEUE), by: EACH, window: '$__range' })})`,
      },
    ],
  })
}
