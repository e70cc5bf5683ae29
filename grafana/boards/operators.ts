// Operators: what was offered to each phone, what became of it, and what each does now.
//
// A phone stands for whoever sits at it. Shares are of the offers: a call that rings three phones is offered three times.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import type { PhoneState } from '../../src/call/phoneStates.ts'
import { CATALOGUE } from '../../src/metrics/catalogue.ts'
import { OPERATOR_STATES, OTHER } from '../../src/metrics/labelLists.ts'
import { BOARDS, boardLink } from '../addresses.ts'
import { OPERATOR_COLORS, OUTCOME_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { even, row } from '../layout.ts'
import { bars } from '../panels/bars.ts'
import { graph, tally } from '../panels/graph.ts'
import { stat } from '../panels/stat.ts'
import { table } from '../panels/table.ts'
import { timeline } from '../panels/timeline.ts'
import { countOverRange, increase, rate, series, sum } from '../promql.ts'
import { instant, range } from '../query.ts'
import { labelVariable } from '../variables.ts'

const CHOSEN = { operator: '$operator' } as const
const EACH = ['instance', 'operator']
// Offers that nobody could be blamed for say nothing of the operator.
const MISSED = ['no_answer', 'busy', 'rejected', 'unreachable'] as const

/** The board. */
export function operators(): Dashboard {
  return dashboard({
    uid: BOARDS.operators,
    title: 'Asterisk / Operators',
    description: 'What was offered to each phone, what became of it, and what each does now.',
    from: 'now-12h',
    variables: [
      labelVariable(
        { name: 'operator', label: 'Operator', description: 'Phones, by the name of their endpoint.' },
        CATALOGUE.operatorState,
        'operator',
      ),
    ],
    sections: [
      {
        rows: [
          row(4, ...OPERATOR_STATES.map((state) => [5, inState(state)] as const), [4, talked()]),
          even(9, states()),
          even(9, everyone()),
          even(8, offers(), results()),
          even(8, occupancy(), atWork()),
          even(8, missedBy(), talkedBy()),
        ],
      },
    ],
  })
}

function inState(state: PhoneState) {
  return stat(
    {
      title: `${state[0]?.toUpperCase()}${state.slice(1)}`,
      description: `Chosen phones that are ${state} now.`,
      unit: 'short',
      steps: [OPERATOR_COLORS[state]],
      none: '0',
    },
    instant(sum(series(CATALOGUE.operatorState, { ...CHOSEN, state: [state] })), state),
  )
}

function talked() {
  return stat(
    {
      title: 'Talk time',
      description:
        'Time that the chosen phones spent in conversation, on calls offered to them that ended in the span.',
      unit: 'dtdurations',
    },
    instant(sum(increase(series(CATALOGUE.operatorTalk, CHOSEN), '$__range')), 'talk time'),
  )
}

// The states are told as one series each, of which one is 1: their places in this order make one series of them.
function states() {
  const places = OPERATOR_STATES.map(
    (state, index) =>
      `${index + 1} * ${sum(series(CATALOGUE.operatorState, { operator: '$operator', state: [state] }), EACH)}`,
  )
  return timeline(
    {
      title: 'What each phone does',
      description: `From live calls and endpoints. Of the phones beyond the limit of labels, together called ${OTHER}, nothing can be said here.`,
      unit: 'none',
      words: Object.fromEntries(
        OPERATOR_STATES.map((state, index) => [String(index + 1), [state, OPERATOR_COLORS[state]] as const]),
      ),
    },
    range(`(${places.join(' + ')}) <= ${OPERATOR_STATES.length}`, '{{operator}}'),
  )
}

function everyone() {
  const count = (results?: (typeof MISSED)[number][] | ['answered']) =>
    countOverRange(
      series(CATALOGUE.operatorCalls, results === undefined ? CHOSEN : { ...CHOSEN, result: results }),
      EACH,
    )
  return table({
    title: 'Operators of the span',
    description:
      'Offers to each phone in the span, and what became of them. Missed: not answered, busy, rejected or unreachable; what others answered or callers gave up is in none of the two.',
    unit: 'short',
    keys: { instance: 'PBX', operator: 'Operator' },
    sortBy: 'Offered',
    more: { Operator: { title: 'Only this phone', url: boardLink(BOARDS.operators, { operator: `\${__value.raw}` }) } },
    columns: [
      { name: 'Offered', unit: 'short', expression: count() },
      { name: 'Answered', unit: 'short', expression: count(['answered']) },
      { name: 'Missed', unit: 'short', steps: ['text', [1, 'red']], expression: count([...MISSED]) },
      {
        name: 'Talk time',
        unit: 's',
        decimals: 0,
        expression: sum(increase(series(CATALOGUE.operatorTalk, CHOSEN), '$__range'), EACH),
      },
    ],
  })
}

function offers() {
  return tally(
    {
      title: 'Answered, by operator',
      description: 'Offers that each phone answered, within each step.',
      unit: 'short',
      interval: '10m',
    },
    range(
      sum(increase(series(CATALOGUE.operatorCalls, { ...CHOSEN, result: ['answered'] })), ['operator']),
      '{{operator}}',
    ),
  )
}

function results() {
  return tally(
    {
      title: 'What became of offers',
      description: 'Offers to the chosen phones that ended within each step, by result.',
      unit: 'short',
      interval: '10m',
      colors: OUTCOME_COLORS,
    },
    range(sum(increase(series(CATALOGUE.operatorCalls, CHOSEN)), ['result']), '{{result}}'),
  )
}

function occupancy() {
  return graph(
    {
      title: 'Share of time in conversation',
      description:
        'Seconds of conversation a second, by phone; counted as calls end, so that a long one shows late and high.',
      unit: 'percentunit',
      interval: '30m',
      figures: ['mean', 'max'],
    },
    range(sum(rate(series(CATALOGUE.operatorTalk, CHOSEN)), ['operator']), '{{operator}}'),
  )
}

function atWork() {
  return graph(
    {
      title: 'Phones by state',
      description: 'How many of the chosen phones are idle, ringing, talking or offline.',
      unit: 'short',
      stacked: true,
      colors: OPERATOR_COLORS,
    },
    range(sum(series(CATALOGUE.operatorState, CHOSEN), ['state']), '{{state}}'),
  )
}

function missedBy() {
  const missed = series(CATALOGUE.operatorCalls, { ...CHOSEN, result: MISSED })
  return bars(
    {
      title: 'Missed offers, by operator',
      description:
        'Offers of the span that were not answered, busy, rejected or unreachable: the ten phones with the most.',
      unit: 'short',
      steps: ['red'],
    },
    instant(`topk(10, ${countOverRange(missed, ['operator'])})`, '{{operator}}'),
  )
}

function talkedBy() {
  return bars(
    {
      title: 'Talk time, by operator',
      description: 'Time in conversation on calls that ended in the span: the ten phones with the most.',
      unit: 'dtdurations',
    },
    instant(
      `topk(10, ${sum(increase(series(CATALOGUE.operatorTalk, CHOSEN), '$__range'), ['operator'])})`,
      '{{operator}}',
    ),
  )
}
