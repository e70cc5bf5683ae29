// Queues: who waits, how long, who gives up, and what service level is kept.
//
// The formula of the service level stands on the board: there are several in the world. Ratios come from the records.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import type { PhoneState } from '../../src/call/views/phoneStates.ts'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { BOARDS, boardLink, callsAround } from '../addresses.ts'
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
import { LATELY, queuesNow, queuesOfSpan } from './queueTable.ts'
import { windowVariable } from './sharedText.ts'

const CHOSEN_QUEUE = { queue: '$queue' } as const
const EACH = ['job', 'instance', 'queue']
const EACH_QUEUE = `{{queue}}${OF_PBX}`
const WAITS = higherIsWorse({ warning: QUEUE_WAIT_LONG_SECONDS, critical: QUEUE_WAIT_VERY_LONG_SECONDS })

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
      windowVariable(['30m', '1h', '6h'], '1h'),
    ],
    sections: [
      {
        rows: [
          row(5, [5, waiting()], [5, longest()], [7, lately()], [7, phonesNow()]),
          equalWidths(7, queuesNow()),
          equalWidths(7, queuesOfSpan()),
          equalWidths(8, outcomes(), serviceLevel()),
        ],
      },
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
  return max(selector(`${name}$window`, CHOSEN_QUEUE, [bucketOf(`\${within}`)]), EACH)
}

function waiting() {
  return stat(
    {
      title: 'Waiting now',
      description: 'Callers in the chosen queues.',
      unit: 'short',
    },
    instant(sum(known(series(CATALOGUE.queueWaiting, CHOSEN_QUEUE))), 'waiting'),
  )
}

function longest() {
  return stat(
    {
      title: 'Longest wait now',
      description: 'How long the caller that has waited longest has waited so far; 0 when nobody waits.',
      unit: 'clock',
      steps: WAITS,
    },
    instant(`round(${max(known(series(CATALOGUE.queueOldestWait, CHOSEN_QUEUE)))})`, 'longest'),
  )
}

function lately() {
  return stat(
    {
      title: 'Queues, last 30 min',
      description: 'Callers of the chosen queues that were answered, and those that hung up while they waited.',
      unit: 'short',
      named: true,
    },
    instant(sum(LATELY.answered), 'answered'),
    instant(sum(LATELY.abandoned), 'abandoned'),
  )
}

function phonesNow() {
  const inState = (state: PhoneState) => sum(known(series(CATALOGUE.operatorState, { state: [state] })))
  return stat(
    {
      title: 'Phones now',
      description:
        'Phones of the PBX, whichever queue they serve: Asterisk does not tell the exporter who serves which.',
      unit: 'short',
      named: true,
      more: { title: 'Operators', url: boardLink(BOARDS.operators) },
    },
    instant(inState('idle'), 'idle'),
    instant(inState('talking'), 'talking'),
  )
}

function formula() {
  return note({ title: 'How it is counted', description: 'The formulas behind the figures of this board.' }, FORMULAS)
}

function waitingOverTime() {
  return graph(
    {
      title: 'Most callers waiting at once',
      description: 'The most callers in each queue at a time, within each step.',
      unit: 'short',
      decimals: 0,
      bars: true,
      points: 48,
      figures: ['max'],
    },
    range(atMost(series(CATALOGUE.queueWaiting, CHOSEN_QUEUE)), EACH_QUEUE),
  )
}

function longestOverTime() {
  return graph(
    {
      title: 'Longest wait so far',
      description: 'The longest that a caller had waited in each queue, within each step.',
      unit: 's',
      bars: true,
      points: 48,
      steps: ['transparent', [QUEUE_WAIT_LONG_SECONDS, 'orange'], [QUEUE_WAIT_VERY_LONG_SECONDS, 'red']],
      figures: ['max'],
    },
    range(atMost(series(CATALOGUE.queueOldestWait, CHOSEN_QUEUE)), EACH_QUEUE),
  )
}

// Waits are short: the value at each point would miss most of them.
function atMost(gauge: string): string {
  return ofPbx(known(`max_over_time(${gauge}[$__interval])`))
}

// Of a queue that enough callers entered.
function often(share: string): string {
  return ofPbx(fromEnough(share, recorded(RECORDINGS.queueCalls, '$window', CHOSEN_QUEUE), EACH))
}

function serviceLevel() {
  return graph(
    {
      title: `Service level: answered within \${within} s`,
      description: `Of all that entered each queue, over the chosen window and only where five or more did; the line is what is usually promised.`,
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [SERVICE_LEVEL_SHARE, 'green']],
      figures: ['lastNotNull', 'mean'],
    },
    range(often(levelWithin()), EACH_QUEUE),
  )
}

function speed() {
  return graph(
    {
      title: 'Average speed of answer (ASA)',
      description: 'Seconds that answered callers of each queue waited, on average over the chosen window.',
      unit: 's',
      figures: ['lastNotNull', 'mean'],
    },
    range(often(recorded(RECORDINGS.speedOfAnswer, '$window', CHOSEN_QUEUE)), EACH_QUEUE),
  )
}

function waits() {
  return percentiles(
    {
      title: 'Wait, 90th percentile',
      description:
        'Nine of ten callers of an hour waited less, by what became of them; only where there were five or more.',
      unit: 's',
      interval: '1h',
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
      title: 'Abandoned share',
      description: 'Callers that hung up while they waited, of all that entered each queue, over the chosen window.',
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [QUEUE_ABANDONED_SHARE, 'red']],
      figures: ['lastNotNull', 'mean'],
    },
    range(often(recorded(RECORDINGS.queueAbandoned, '$window', CHOSEN_QUEUE)), EACH_QUEUE),
  )
}

function outcomes() {
  return barsOverTime(
    {
      title: 'What became of callers in queues',
      description: 'Callers that left the chosen queues within each step.',
      unit: 'short',
      colors: QUEUE_COLORS,
      click: { title: 'Call log: calls around this time', url: callsAround() },
    },
    range(`${sum(increase(series(CATALOGUE.queueCalls, CHOSEN_QUEUE)), ['outcome'])} > 0`, '{{outcome}}'),
  )
}

function spread() {
  return heatmap(
    {
      title: 'Waits of all callers',
      description: 'How many callers had waited how long when they left; a dot is one call and leads to its row.',
      unit: 's',
    },
    CATALOGUE.queueWait,
    CHOSEN_QUEUE,
  )
}
