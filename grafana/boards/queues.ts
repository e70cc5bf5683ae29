// Queues: waiting callers, agents, wait times, abandoned calls, and the service level.
//
// The formula of the service level is on the board, because there are several definitions. Ratios come from recording rules.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { BOARDS, callsAround } from '../addresses.ts'
import { QUEUE_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { fromEnough, known } from '../known.ts'
import { equalWidths, row } from '../layout.ts'
import { barsOverTime, graph, percentiles } from '../panels/graph.ts'
import { heatmap } from '../panels/heatmap.ts'
import { note } from '../panels/note.ts'
import { higherIsWorse } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { OF_PBX, ofPbx } from '../pbx.ts'
import { bucketOf, buckets, increase, max, quantile, selector, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import {
  QUEUE_ABANDONED_SHARE,
  QUEUE_WAIT_LONG_SECONDS,
  QUEUE_WAIT_VERY_LONG_SECONDS,
  SERVICE_LEVEL_SECONDS,
  SERVICE_LEVEL_SHARE,
} from '../thresholds.ts'
import { labelVariable, oneOfVariable } from '../variables.ts'
import { age, agentsNow, agentsOverTime, freeShare, occupancy, staffing } from './queueAgents.ts'
import { LATELY, queuesNow, queuesOfRange } from './queueTable.ts'
import { windowVariable } from './sharedText.ts'

const SELECTED_QUEUE = { queue: '$queue' } as const
const EACH = ['job', 'instance', 'queue']
const EACH_QUEUE = `{{queue}}${OF_PBX}`
const WAITS = higherIsWorse({ warning: QUEUE_WAIT_LONG_SECONDS, critical: QUEUE_WAIT_VERY_LONG_SECONDS })

const FORMULAS = `
**Service level** = answered within *T* seconds ÷ **all** callers that entered the queue (abandoned, timed out and rejected callers count too).

**ASA**, average speed of answer = seconds that answered callers waited ÷ answered callers.

**Abandoned share** = callers that hung up while they waited ÷ all callers that entered.

*T* is **Within** at the top; each point covers the **Window** before it. A caller that enters twice counts twice.
`.trim()

/** The board. */
export function queues(): Dashboard {
  return dashboard({
    uid: BOARDS.queues,
    title: 'Asterisk / Queues',
    description:
      'Waiting callers and agents by queue, how soon callers are answered, how many hang up, and the service level.',
    from: 'now-12h',
    variables: [
      labelVariable(
        { name: 'queue', label: 'Queue', description: 'Queues that callers have entered.' },
        CATALOGUE.queueCalls,
        'queue',
      ),
      withinVariable(),
      windowVariable(['30m', '1h', '6h'], '1h'),
    ],
    sections: [
      {
        rows: [
          row(5, [4, waiting()], [5, longest()], [5, lately()], [10, agentsNow()]),
          equalWidths(7, queuesNow()),
          equalWidths(7, staffing(), agentsOverTime()),
          equalWidths(7, queuesOfRange()),
          equalWidths(8, outcomes(), serviceLevel()),
        ],
      },
      { title: 'Agents', rows: [equalWidths(8, occupancy(), freeShare(), age())] },
      {
        title: 'Waiting',
        rows: [
          equalWidths(8, waitingOverTime(), longestOverTime()),
          equalWidths(8, speed(), waits()),
          equalWidths(8, spread()),
        ],
      },
      { title: 'Abandoned, and how it is counted', rows: [equalWidths(8, abandoned(), formula())] },
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
  return max(selector(`${name}$window`, SELECTED_QUEUE, [bucketOf(`\${within}`)]), EACH)
}

function waiting() {
  return stat(
    {
      title: 'Waiting now',
      description: 'Callers that wait in the selected queues.',
      unit: 'short',
    },
    instant(sum(known(series(CATALOGUE.queueWaiting, SELECTED_QUEUE))), 'waiting'),
  )
}

function longest() {
  return stat(
    {
      title: 'Longest wait now',
      description: 'Wait of the longest waiting caller; 0 if nobody waits.',
      unit: 'clock',
      steps: WAITS,
    },
    instant(`round(${max(known(series(CATALOGUE.queueOldestWait, SELECTED_QUEUE)))})`, 'longest'),
  )
}

function lately() {
  return stat(
    {
      title: 'Queues, last 30 min',
      description: 'Callers of the selected queues that were answered, and callers that hung up while they waited.',
      unit: 'short',
      named: true,
    },
    instant(sum(LATELY.answered), 'answered'),
    instant(sum(LATELY.abandoned), 'abandoned'),
  )
}

function formula() {
  return note({ title: 'How it is counted', description: 'Formulas of the values on this board.' }, FORMULAS)
}

function waitingOverTime() {
  return graph(
    {
      title: 'Most callers waiting at once',
      description: 'Largest number of waiting callers within each step, by queue.',
      unit: 'short',
      decimals: 0,
      stepped: true,
      points: 48,
      calculations: ['max'],
    },
    range(atMost(series(CATALOGUE.queueWaiting, SELECTED_QUEUE)), EACH_QUEUE),
  )
}

function longestOverTime() {
  return graph(
    {
      title: 'Longest wait so far',
      description: 'Longest wait of a caller within each step, by queue.',
      unit: 's',
      stepped: true,
      points: 48,
      steps: ['transparent', [QUEUE_WAIT_LONG_SECONDS, 'orange'], [QUEUE_WAIT_VERY_LONG_SECONDS, 'red']],
      calculations: ['max'],
    },
    range(atMost(series(CATALOGUE.queueOldestWait, SELECTED_QUEUE)), EACH_QUEUE),
  )
}

// Most waits are shorter than a step.
function atMost(gauge: string): string {
  return ofPbx(known(`max_over_time(${gauge}[$__interval])`))
}

// Only if enough callers entered the queue.
function often(share: string): string {
  return ofPbx(fromEnough(share, recorded(RECORDINGS.queueCalls, '$window', SELECTED_QUEUE), EACH))
}

function serviceLevel() {
  return graph(
    {
      title: `Service level: answered within \${within} s`,
      description: `Share of the callers of each queue over the selected window, if five or more entered; the line is the usual target.`,
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [SERVICE_LEVEL_SHARE, 'green']],
      calculations: ['lastNotNull', 'mean'],
    },
    range(often(levelWithin()), EACH_QUEUE),
  )
}

function speed() {
  return graph(
    {
      title: 'Average speed of answer (ASA)',
      description: 'Average wait of answered callers over the selected window, by queue.',
      unit: 's',
      calculations: ['lastNotNull', 'mean'],
    },
    range(often(recorded(RECORDINGS.speedOfAnswer, '$window', SELECTED_QUEUE)), EACH_QUEUE),
  )
}

function waits() {
  return percentiles(
    {
      title: 'Wait, 90th percentile',
      description: 'Nine of ten callers of an hour waited less, by outcome; only if there were five callers or more.',
      unit: 's',
      interval: '1h',
      colors: { answered: 'green', abandoned: 'red', other: 'text' },
      calculations: ['lastNotNull', 'max'],
    },
    range(quantile(0.9, { of: buckets(CATALOGUE.queueWait, SELECTED_QUEUE), by: ['outcome'] }), '{{outcome}}', {
      exemplar: true,
    }),
  )
}

function abandoned() {
  return graph(
    {
      title: 'Abandoned share',
      description: 'Share of the callers that hung up while they waited, over the selected window, by queue.',
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [QUEUE_ABANDONED_SHARE, 'red']],
      calculations: ['lastNotNull', 'mean'],
    },
    range(often(recorded(RECORDINGS.queueAbandoned, '$window', SELECTED_QUEUE)), EACH_QUEUE),
  )
}

function outcomes() {
  return barsOverTime(
    {
      title: 'Outcomes of queue calls',
      description: 'Callers that left the selected queues within each step, by outcome.',
      unit: 'short',
      colors: QUEUE_COLORS,
      click: { title: 'Call log: calls around this time', url: callsAround() },
    },
    range(`${sum(increase(series(CATALOGUE.queueCalls, SELECTED_QUEUE)), ['outcome'])} > 0`, '{{outcome}}'),
  )
}

function spread() {
  return heatmap(
    {
      title: 'Waits of all callers',
      description: 'Number of callers that left within each step, by wait; a dot is one call and links to its details.',
      unit: 's',
    },
    CATALOGUE.queueWait,
    SELECTED_QUEUE,
  )
}
