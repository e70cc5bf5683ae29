// Operators: what was offered to each phone, what became of it, and what each does now.
//
// A phone stands for whoever sits at it. Shares are of the offers: a call that rings three phones is offered three times.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import type { PhoneState } from '../../src/call/views/phoneStates.ts'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { OPERATOR_STATES, OTHER } from '../../src/metrics/catalogue/labelValues.ts'
import { BOARDS, callsAround, callsBehind, clicked } from '../addresses.ts'
import { OPERATOR_COLORS, OUTCOME_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { known } from '../known.ts'
import { equalWidths, row } from '../layout.ts'
import { bars } from '../panels/bars.ts'
import { barsOverTime, graph } from '../panels/graph.ts'
import { higherIsWorse } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { table } from '../panels/table.ts'
import { timeline } from '../panels/timeline.ts'
import { OF_PBX, ofPbx } from '../pbx.ts'
import { countOverRange, increase, ratio, series, sum } from '../promql.ts'
import { instant, range } from '../targets.ts'
import { MISSED_FAST_SHARE, MISSED_SLOW_SHARE } from '../thresholds.ts'
import { labelVariable } from '../variables.ts'

const SCOPE = { operator: '$operator' } as const
const EACH = ['job', 'instance', 'operator']
const PER_PHONE = ['instance', 'operator']
// Offers that nobody could be blamed for say nothing of the operator.
const MISSED = ['no_answer', 'busy', 'rejected', 'unreachable'] as const
const NEVER_ONLINE = `(min_over_time(${series(CATALOGUE.operatorState, { ...SCOPE, state: ['offline'] })}[$__range] @ end()) == 1)`

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
          equalWidths(
            4,
            inState('idle'),
            inState('ringing'),
            inState('talking'),
            wentOffline(),
            neverOnline(),
            talked(),
          ),
          equalWidths(10, states()),
          row(10, [15, everyone()], [9, missedBy()]),
        ],
      },
      { title: 'Over time', rows: [equalWidths(8, results(), atWork())] },
      { title: 'Who talked most', rows: [equalWidths(10, talkedBy())] },
    ],
  })
}

function inState(state: Exclude<PhoneState, 'offline'>) {
  return stat(
    {
      title: `${state[0]?.toUpperCase()}${state.slice(1)}`,
      description: `Chosen phones that are ${state} now.`,
      unit: 'short',
      steps: [OPERATOR_COLORS[state]],
    },
    instant(sum(known(series(CATALOGUE.operatorState, { ...SCOPE, state: [state] }))), state),
  )
}

function offline(which: 'and' | 'unless'): string {
  const state = series(CATALOGUE.operatorState, { ...SCOPE, state: ['offline'] })
  return sum(known(`(${state} ${which} on (${EACH.join(', ')}) ${NEVER_ONLINE})`))
}

function wentOffline() {
  return stat(
    {
      title: 'Went offline',
      description: 'Chosen phones that are offline now and were online at some time of the span.',
      unit: 'short',
      steps: ['green', [1, OPERATOR_COLORS.offline]],
    },
    instant(offline('unless'), 'went offline'),
  )
}

function neverOnline() {
  return stat(
    {
      title: 'Never online',
      description: 'Chosen phones that were offline all the span: spare ones, or people who are away.',
      unit: 'short',
      steps: ['text'],
    },
    instant(offline('and'), 'never online'),
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
    instant(countOverRange(series(CATALOGUE.operatorTalk, SCOPE)), 'talk time'),
  )
}

// The states are told as one series each, of which one is 1: their places in this order make one series of them.
function states() {
  const places = OPERATOR_STATES.map(
    (state, index) => `${index + 1} * ${sum(series(CATALOGUE.operatorState, { ...SCOPE, state: [state] }), EACH)}`,
  )
  const told = known(`((${places.join(' + ')}) <= ${OPERATOR_STATES.length})`)
  return timeline(
    {
      title: 'What each phone does',
      description: `From live calls and endpoints, without phones that were never online; of those beyond the limit of labels, together called ${OTHER}, nothing can be said.`,
      unit: 'none',
      words: Object.fromEntries(
        OPERATOR_STATES.map((state, index) => [String(index + 1), [state, OPERATOR_COLORS[state]] as const]),
      ),
    },
    range(ofPbx(`${told} unless on (${EACH.join(', ')}) ${NEVER_ONLINE}`), `{{operator}}${OF_PBX}`),
  )
}

function everyone() {
  const { operatorCalls, operatorTalk } = CATALOGUE
  const [answered, missed] = [
    series(operatorCalls, { ...SCOPE, result: ['answered'] }),
    series(operatorCalls, { ...SCOPE, result: MISSED }),
  ]
  const decided = series(operatorCalls, { ...SCOPE, result: ['answered', ...MISSED] })
  return table({
    title: 'Offers of the span, by operator',
    description:
      'Offers to each phone: missed are not answered, busy, rejected or unreachable; what others answered or callers gave up is in neither.',
    unit: 'short',
    keys: { instance: 'PBX', operator: 'Operator' },
    sortBy: 'Offered',
    more: {
      Operator: {
        title: 'Call log: calls of this phone',
        url: callsBehind({ operator: `\${__value.raw:percentencode}` }),
      },
    },
    columns: [
      {
        name: 'Offered',
        unit: 'short',
        width: 100,
        expression: countOverRange(series(operatorCalls, SCOPE), PER_PHONE),
      },
      { name: 'Answered', unit: 'short', width: 100, expression: countOverRange(answered, PER_PHONE) },
      { name: 'Missed', unit: 'short', width: 90, expression: countOverRange(missed, PER_PHONE) },
      {
        name: 'Missed %',
        unit: 'percentunit',
        decimals: 0,
        width: 105,
        steps: higherIsWorse({ warning: MISSED_FAST_SHARE, critical: MISSED_SLOW_SHARE }),
        expression: ratio(sum(increase(missed, '$__range'), PER_PHONE), sum(increase(decided, '$__range'), PER_PHONE)),
      },
      {
        name: 'Talk time',
        unit: 'clock',
        width: 105,
        expression: countOverRange(series(operatorTalk, SCOPE), PER_PHONE),
      },
    ],
  })
}

function results() {
  return barsOverTime(
    {
      title: 'What became of offers',
      description: 'Offers to the chosen phones that ended within each step, by result.',
      unit: 'short',
      colors: OUTCOME_COLORS,
      click: { title: 'Call log: calls around this time', url: callsAround() },
    },
    range(`${sum(increase(series(CATALOGUE.operatorCalls, SCOPE)), ['result'])} > 0`, '{{result}}'),
  )
}

function atWork() {
  const state = series(CATALOGUE.operatorState, SCOPE)
  return graph(
    {
      title: 'Phones by state',
      description:
        'How many of the chosen phones are idle, ringing, talking or offline, without those that were never online.',
      unit: 'short',
      stacked: true,
      colors: OPERATOR_COLORS,
    },
    range(sum(known(`(${state} unless on (${EACH.join(', ')}) ${NEVER_ONLINE})`), ['state']), '{{state}}'),
  )
}

function missedBy() {
  const missed = series(CATALOGUE.operatorCalls, { ...SCOPE, result: MISSED })
  return bars(
    {
      title: 'Most missed offers',
      description:
        'Offers of the span that were not answered, busy, rejected or unreachable: the ten phones with the most.',
      unit: 'short',
      steps: ['red'],
      click: {
        title: 'Call log: missed calls of this phone',
        url: callsBehind({ operator: clicked('operator'), only: 'missed' }),
      },
    },
    instant(ofPbx(`topk(10, ${countOverRange(missed, EACH)} > 0)`), `{{operator}}${OF_PBX}`),
  )
}

function talkedBy() {
  return bars(
    {
      title: 'Longest talk time',
      description: 'Time in conversation on calls that ended in the span: the ten phones with the most.',
      unit: 'dtdurations',
      click: { title: 'Call log: calls of this phone', url: callsBehind({ operator: clicked('operator') }) },
    },
    instant(
      ofPbx(`topk(10, ${countOverRange(series(CATALOGUE.operatorTalk, SCOPE), EACH)} > 0)`),
      `{{operator}}${OF_PBX}`,
    ),
  )
}
