// Queues: who waits, how long, who gives up, and what service level is kept.
//
// The formula of the service level stands on the board: there are several in the world. Ratios come from the records.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue.ts'
import { BOARDS } from '../addresses.ts'
import { QUEUE_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { even, row } from '../layout.ts'
import { fallingBad, risingBad } from '../panels/face.ts'
import { graph, tally } from '../panels/graph.ts'
import { heatmap } from '../panels/heatmap.ts'
import { note } from '../panels/note.ts'
import { stat } from '../panels/stat.ts'
import { bucketOf, buckets, increase, max, quantile, selector, series, sum } from '../promql.ts'
import { instant, range } from '../query.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import {
  QUEUE_ABANDONED_SHARE,
  QUEUE_WAIT_LONG_SECONDS,
  QUEUE_WAIT_VERY_LONG_SECONDS,
  SERVICE_LEVEL_SECONDS,
  SERVICE_LEVEL_SHARE,
} from '../thresholds.ts'
import { labelVariable, oneOfVariable } from '../variables.ts'
import { queueTable } from './queueTable.ts'
import { windowVariable } from './words.ts'

const CHOSEN_QUEUE = { queue: '$queue' } as const
const WAITS = risingBad({ warning: QUEUE_WAIT_LONG_SECONDS, critical: QUEUE_WAIT_VERY_LONG_SECONDS })
const LEVELS = fallingBad({ warning: SERVICE_LEVEL_SHARE, critical: SERVICE_LEVEL_SHARE / 2 })

const FORMULAS = `
**Service level** = answered within *T* seconds ÷ **all** callers that entered the queue (abandoned, timed out, turned away: all count).

**ASA**, average speed of answer = seconds that answered callers waited ÷ answered callers.

**Abandoned share** = callers that hung up while they waited ÷ all that entered.

*T* is **Within** at the top; ratios look back over **Window** from each point. A caller that enters twice counts twice.
`.trim()

/** The board. */
export function queues(): Dashboard {
  return dashboard({
    uid: BOARDS.queues,
    title: 'Asterisk / Queues',
    description: 'Who waits in which queue, how soon they are answered, who gives up, and the service level.',
    from: 'now-12h',
    variables: [
      labelVariable(
        { name: 'queue', label: 'Queue', description: 'Queues that somebody has entered.' },
        CATALOGUE.queueCalls,
        'queue',
      ),
      withinVariable(),
      windowVariable(['30m', '1h', '6h'], '30m'),
    ],
    sections: [
      {
        rows: [
          row(5, [4, waiting()], [4, longest()], [4, serviceLevelNow()], [4, speedNow()], [8, formula()]),
          even(8, waitingOverTime(), longestOverTime()),
          even(8, serviceLevel(), promised()),
          even(8, speed(), waits()),
          even(8, abandoned(), outcomes()),
          even(8, spread()),
          even(8, queueTable()),
        ],
      },
    ],
  })
}

function withinVariable() {
  const bounds = CATALOGUE.queueWait.buckets.map((bound) => ({ text: `${bound} s`, value: String(bound) }))
  const usual = { text: `${SERVICE_LEVEL_SECONDS} s`, value: String(SERVICE_LEVEL_SECONDS) }
  return oneOfVariable(
    { name: 'within', label: 'Within', description: 'Seconds within which an answer counts for the service level.' },
    bounds,
    usual,
  )
}

function levelWithin(): string {
  const { name } = RECORDINGS.serviceLevels
  return max(selector(`${name}$window`, CHOSEN_QUEUE, [bucketOf(`\${within}`)]), ['instance', 'queue'])
}

function waiting() {
  return stat(
    {
      title: 'Waiting now',
      description: 'Callers in the chosen queues.',
      unit: 'short',
      steps: risingBad({ warning: 1 }),
      none: '0',
    },
    instant(sum(series(CATALOGUE.queueWaiting, CHOSEN_QUEUE)), 'waiting'),
  )
}

function longest() {
  return stat(
    {
      title: 'Longest wait now',
      description: 'How long the caller that has waited longest has waited so far; 0 when nobody waits.',
      unit: 's',
      decimals: 0,
      steps: WAITS,
      none: '0',
    },
    instant(max(series(CATALOGUE.queueOldestWait, CHOSEN_QUEUE)), 'longest'),
  )
}

function serviceLevelNow() {
  return stat(
    {
      title: `Service level, ${SERVICE_LEVEL_SECONDS} s`,
      description: `Answered within ${SERVICE_LEVEL_SECONDS} s of all that entered in the last six hours, for each queue.`,
      unit: 'percentunit',
      decimals: 0,
      steps: LEVELS,
    },
    instant(recorded(RECORDINGS.serviceLevel, '6h', CHOSEN_QUEUE), '{{queue}}'),
  )
}

function speedNow() {
  return stat(
    {
      title: 'ASA',
      description: 'Average speed of answer over the chosen window, for each queue; a dash when nobody was answered.',
      unit: 's',
      decimals: 0,
    },
    instant(recorded(RECORDINGS.speedOfAnswer, '$window', CHOSEN_QUEUE), '{{queue}}'),
  )
}

function formula() {
  return note({ title: 'How it is counted', description: 'The formulas behind the figures of this board.' }, FORMULAS)
}

function waitingOverTime() {
  return graph(
    {
      title: 'Callers waiting',
      description: 'Callers in each queue.',
      unit: 'short',
      stacked: true,
      figures: ['lastNotNull', 'max'],
    },
    range(sum(series(CATALOGUE.queueWaiting, CHOSEN_QUEUE), ['queue']), '{{queue}}'),
  )
}

function longestOverTime() {
  return graph(
    {
      title: 'Longest wait so far',
      description: 'How long the caller that has waited longest in each queue had waited at that time.',
      unit: 's',
      steps: ['transparent', [QUEUE_WAIT_LONG_SECONDS, 'orange'], [QUEUE_WAIT_VERY_LONG_SECONDS, 'red']],
      figures: ['lastNotNull', 'max'],
    },
    range(max(series(CATALOGUE.queueOldestWait, CHOSEN_QUEUE), ['queue']), '{{queue}}'),
  )
}

function serviceLevel() {
  return graph(
    {
      title: `Service level: answered within \${within} s ÷ all that entered`,
      description: 'By queue, over the chosen window before each point. The line is what is usually promised.',
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [SERVICE_LEVEL_SHARE, 'green']],
      figures: ['lastNotNull', 'mean'],
    },
    range(levelWithin(), '{{queue}}'),
  )
}

function promised() {
  return graph(
    {
      title: `Service level: answered within ${SERVICE_LEVEL_SECONDS} s ÷ all that entered`,
      description: 'The same with the time that is usually promised, whatever is chosen above.',
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [SERVICE_LEVEL_SHARE, 'green']],
      figures: ['lastNotNull', 'mean'],
    },
    range(recorded(RECORDINGS.serviceLevel, '$window', CHOSEN_QUEUE), '{{queue}}'),
  )
}

function speed() {
  return graph(
    {
      title: 'ASA: waited seconds of the answered ÷ answered',
      description: 'Average speed of answer by queue, over the chosen window before each point.',
      unit: 's',
      figures: ['lastNotNull', 'mean'],
    },
    range(recorded(RECORDINGS.speedOfAnswer, '$window', CHOSEN_QUEUE), '{{queue}}'),
  )
}

function waits() {
  return graph(
    {
      title: 'Wait, 90th percentile',
      description:
        'Nine of ten callers waited less, by how their stay ended. Those that gave up show how long people bear it.',
      unit: 's',
      interval: '5m',
      colors: { answered: 'green', abandoned: 'red', other: 'text' },
      figures: ['lastNotNull', 'max'],
    },
    range(quantile(0.9, { of: buckets(CATALOGUE.queueWait, CHOSEN_QUEUE), by: ['outcome'] }), '{{outcome}}', {
      exemplar: true,
    }),
  )
}

function abandoned() {
  return graph(
    {
      title: 'Abandoned ÷ all that entered',
      description: 'Callers that hung up while they waited, by queue, over the chosen window before each point.',
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [QUEUE_ABANDONED_SHARE, 'red']],
      figures: ['lastNotNull', 'mean'],
    },
    range(recorded(RECORDINGS.queueAbandoned, '$window', CHOSEN_QUEUE), '{{queue}}'),
  )
}

function outcomes() {
  return tally(
    {
      title: 'How stays ended',
      description: 'Callers that left the chosen queues within each step, by what became of them.',
      unit: 'short',
      interval: '5m',
      colors: QUEUE_COLORS,
    },
    range(sum(increase(series(CATALOGUE.queueCalls, CHOSEN_QUEUE)), ['outcome']), '{{outcome}}'),
  )
}

function spread() {
  return heatmap(
    {
      title: 'Wait, all callers',
      description:
        'Callers that left the chosen queues within each step, by how long they had waited. A dot is one call: it leads to its row.',
      unit: 's',
    },
    CATALOGUE.queueWait,
    CHOSEN_QUEUE,
  )
}
