// Operators: the calls offered to each phone, how they ended, and the current state of each phone.
//
// A phone represents the person who uses it. A call that rings three phones is offered three times.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { OPERATOR_STATES, OTHER } from '../../src/metrics/catalogue/labelValues.ts'
import type { OperatorState } from '../../src/staffing/operatorStates.ts'
import { BOARDS, callsAround, callsBehind, clicked } from '../addresses.ts'
import { OPERATOR_COLORS, OUTCOME_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { known, shareOfEnough, whileStaffed } from '../known.ts'
import { equalWidths, row } from '../layout.ts'
import { bars } from '../panels/bars.ts'
import { barsOverTime, graph } from '../panels/graph.ts'
import { higherIsWorse, spoken } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { table } from '../panels/table.ts'
import { timeline } from '../panels/timeline.ts'
import { OF_PBX, ofPbx } from '../pbx.ts'
import { countOverRange, grouping, increase, series, sum } from '../promql.ts'
import { instant, range } from '../targets.ts'
import { labelVariable } from '../variables.ts'
import { highestOccupancy, timeByState } from './operatorTime.ts'

const SCOPE = { operator: '$operator' } as const
const EACH = ['job', 'instance', 'operator']
const PER_PHONE = ['instance', 'operator']
// Not missed: offers that another phone answered, or that the caller ended.
const MISSED = ['no_answer', 'busy', 'rejected', 'unreachable'] as const
/** Share of missed offers of one phone: from one in five on orange, from two in five on red. */
const MISSED_STEPS = higherIsWorse({ warning: 0.2, critical: 0.4 })
// From the bottom to the top.
const STACKED: readonly OperatorState[] = ['talking', 'wrapup', 'ringing', 'idle', 'paused', 'offline']
const NEVER_ONLINE = `(min_over_time(${series(CATALOGUE.operatorState, { ...SCOPE, state: ['offline'] })}[$__range] @ end()) == 1)`

/** The board. */
export function operators(): Dashboard {
  return dashboard({
    uid: BOARDS.operators,
    title: 'Asterisk / Operators',
    description: 'Calls offered to each phone, how they ended, the state of each phone, and its staffed time.',
    from: 'now-12h',
    variables: [
      labelVariable(
        { name: 'operator', label: 'Operator', description: 'Phones, by the names of their endpoints.' },
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
            inState('wrapup'),
            inState('paused'),
            wentOffline(),
            neverOnline(),
            talked(),
          ),
          equalWidths(13, states()),
          row(10, [15, everyone()], [9, missedBy()]),
        ],
      },
      { title: 'Staffing', rows: [row(10, [15, timeByState()], [9, highestOccupancy()])] },
      { title: 'Over time', rows: [equalWidths(8, results(), atWork())] },
      { title: 'Who talked most', rows: [equalWidths(10, talkedBy())] },
    ],
  })
}

// Only the PBX, which has to be asked, knows who is paused or in wrap-up.
const ASKED: readonly OperatorState[] = ['wrapup', 'paused']

function inState(state: Exclude<OperatorState, 'offline'>) {
  const text = spoken(state)
  const phones = known(series(CATALOGUE.operatorState, { ...SCOPE, state: [state] }))
  const [now, whenKnown] = ASKED.includes(state)
    ? [whileStaffed(phones), '; a dash if the exporter does not ask (ARI_QUESTIONS_PER_SECOND=0)']
    : [phones, '']
  return stat(
    {
      title: `${text[0]?.toUpperCase()}${text.slice(1)}`,
      description: `Selected phones that are ${state === 'wrapup' ? 'in wrap-up' : text} now${whenKnown}.`,
      unit: 'short',
      steps: [OPERATOR_COLORS[state]],
    },
    instant(sum(now), text),
  )
}

function offline(which: 'and' | 'unless'): string {
  const state = series(CATALOGUE.operatorState, { ...SCOPE, state: ['offline'] })
  return sum(known(`(${state} ${which} ${grouping('on', EACH)} ${NEVER_ONLINE})`))
}

function wentOffline() {
  return stat(
    {
      title: 'Went offline',
      description: 'Selected phones that are offline now and were online at some time within the time range.',
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
      description: 'Selected phones that were offline throughout the time range: spare phones, or people on leave.',
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
        'Conversation time of the selected phones, in calls that were offered to them and ended within the time range.',
      unit: 'clock',
    },
    instant(countOverRange(series(CATALOGUE.operatorTalk, SCOPE)), 'talk time'),
  )
}

// Each state is a series, and that of the current state is 1: weights turn them into one series.
function states() {
  const weighted = OPERATOR_STATES.map(
    (state, index) => `${index + 1} * ${sum(series(CATALOGUE.operatorState, { ...SCOPE, state: [state] }), EACH)}`,
  )
  const current = known(`((${weighted.join(' + ')}) <= ${OPERATOR_STATES.length})`)
  return timeline(
    {
      title: 'State of each phone',
      description: `State by active calls, endpoints and what the PBX says of the agents of its queues (wrap-up, paused), without phones that were never online and without ${OTHER}, which combines several phones; 20 phones on a page.`,
      unit: 'none',
      texts: Object.fromEntries(
        OPERATOR_STATES.map((state, index) => [String(index + 1), [spoken(state), OPERATOR_COLORS[state]] as const]),
      ),
    },
    range(ofPbx(`${current} unless ${grouping('on', EACH)} ${NEVER_ONLINE}`), `{{operator}}${OF_PBX}`),
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
    title: 'Offered calls, by operator',
    description:
      'Offers within the time range: missed ones are not answered, busy, rejected or unreachable; those that another phone answered or the caller ended are neither answered nor missed.',
    unit: 'short',
    keys: { instance: 'PBX', operator: 'Operator' },
    sortBy: ['Missed'],
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
        width: 90,
        expression: countOverRange(series(operatorCalls, SCOPE), PER_PHONE),
      },
      { name: 'Answered', unit: 'short', width: 95, expression: countOverRange(answered, PER_PHONE) },
      { name: 'Missed', unit: 'short', width: 95, expression: countOverRange(missed, PER_PHONE) },
      {
        name: 'Missed %',
        unit: 'percentunit',
        decimals: 0,
        width: 100,
        steps: MISSED_STEPS,
        expression: shareOfEnough(countOverRange(missed, PER_PHONE), countOverRange(decided, PER_PHONE)),
      },
      {
        name: 'Talk time',
        unit: 'clock',
        width: 100,
        expression: countOverRange(series(operatorTalk, SCOPE), PER_PHONE),
      },
    ],
  })
}

function results() {
  return barsOverTime(
    {
      title: 'How offers ended',
      description: 'Offers to the selected phones that ended within each step, by result.',
      unit: 'short',
      colors: OUTCOME_COLORS,
      click: { title: 'Call log: calls around this time', url: callsAround() },
    },
    range(`${sum(increase(series(CATALOGUE.operatorCalls, SCOPE)), ['result'])} > 0`, '{{result}}'),
  )
}

function atWork() {
  const count = (state: OperatorState) => {
    const phones = `avg_over_time(${series(CATALOGUE.operatorState, { ...SCOPE, state: [state] })}[$__interval])`
    return known(`(${phones} unless ${grouping('on', EACH)} ${NEVER_ONLINE})`)
  }
  return graph(
    {
      title: 'Phones by state',
      description: 'Average number of selected phones within each step by state, without those that were never online.',
      unit: 'short',
      stacked: true,
      points: 96,
      colors: OPERATOR_COLORS,
    },
    ...STACKED.map((state) => range(sum(count(state), ['state']), '{{state}}')),
  )
}

function missedBy() {
  const missed = series(CATALOGUE.operatorCalls, { ...SCOPE, result: MISSED })
  return bars(
    {
      title: 'Most missed offers',
      description:
        'The ten phones with the most offers within the time range that were not answered, busy, rejected or unreachable.',
      unit: 'short',
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
      description: 'The ten phones with the most conversation time, in calls that ended within the time range.',
      unit: 'dtdurations',
      click: { title: 'Call log: calls of this phone', url: callsBehind({ operator: clicked('operator') }) },
    },
    instant(
      ofPbx(`topk(10, ${countOverRange(series(CATALOGUE.operatorTalk, SCOPE), EACH)} > 0)`),
      `{{operator}}${OF_PBX}`,
    ),
  )
}
