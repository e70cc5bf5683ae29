// Trunks and endpoints: whether each carrier accepts calls, and whether each trunk and phone is online.
//
// Asterisk knows the state of a trunk only from registrations and qualify. Ratios come from recording rules.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { TRUNK_DIRECTIONS } from '../../src/metrics/catalogue/labelValues.ts'
import { BOARDS, callsAround, callsBehind, clicked } from '../addresses.ts'
import { OUTCOME_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { counted, fromEnough, known, orDash } from '../known.ts'
import { equalWidths, row } from '../layout.ts'
import { barsOverTime } from '../panels/graph.ts'
import { UNKNOWN } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { table } from '../panels/table.ts'
import { timeline } from '../panels/timeline.ts'
import { OF_PBX, ofPbx } from '../pbx.ts'
import { countOverRange, increase, max, ratio, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { labelVariable } from '../variables.ts'
import { endpointSection } from './endpoints.ts'
import { registrationSection } from './registrations.ts'
import { DOWN, directionVariable, windowVariable } from './sharedText.ts'
import { capacitySection } from './trunkCapacity.ts'
import { minutesSection } from './trunkMinutes.ts'
import { asr, asrNow, NER_STEPS, ner, nerNow } from './trunkRatios.ts'

const SELECTED_TRUNK = { trunk: '$trunk' } as const
const SELECTED_WAY = { trunk: '$trunk', direction: '$direction' } as const
const EACH = ['job', 'instance', 'trunk']
const TO_TRUNK = {
  title: 'Call log: calls of this trunk around that time',
  url: callsAround({ trunk: clicked('trunk') }),
}

/** The board. */
export function trunks(): Dashboard {
  return dashboard({
    uid: BOARDS.trunks,
    title: 'Asterisk / Trunks and endpoints',
    description:
      'Calls, minutes, ratios (ASR, NER, ACD) and capacity of each trunk, registrations, and which trunks and phones are online.',
    from: 'now-24h',
    variables: [
      labelVariable(
        { name: 'trunk', label: 'Trunk', description: 'Trunks that have carried calls.' },
        CATALOGUE.trunkAttempts,
        'trunk',
      ),
      directionVariable(TRUNK_DIRECTIONS),
      windowVariable(['30m', '1h', '6h'], '1h'),
    ],
    sections: [
      {
        rows: [
          row(4, [4, trunksOnline()], [5, callsNow()], [4, stateChanges()], [5, asrNow()], [6, nerNow()]),
          row(5, [14, trunkTable()], [10, trunkStates()]),
          equalWidths(8, ner()),
          equalWidths(8, asr()),
        ],
      },
      { title: 'Seizures', rows: [row(9, [14, attempts()], [10, results()])] },
      capacitySection(),
      minutesSection(),
      registrationSection(),
      endpointSection(),
    ],
  })
}

// The text is made of labels that hold the two counts; the value is the share, which decides the colour.
function trunksOnline() {
  const online = sum(known(series(CATALOGUE.endpoints, { role: ['trunk'], state: ['online'] })))
  const all = sum(known(series(CATALOGUE.endpoints, { role: ['trunk'], state: ['online', 'offline'] })))
  const named = `group_left (online) count_values("online", ${online}) * on () group_left (all) count_values("all", ${all})`
  return stat(
    {
      title: 'Trunks online',
      description: 'Trunks that Asterisk reports as online, of those whose state it knows.',
      unit: 'percentunit',
      steps: ['red', [1, 'green']],
      named: 'only',
    },
    instant(
      orDash(`label_join(${ratio(online, all)} * on () ${named}, "trunks", " / ", "online", "all")`, 'trunks'),
      '{{trunks}}',
    ),
  )
}

function callsNow() {
  return stat(
    {
      title: 'Calls on trunks now',
      description: 'Active seizures of the selected trunks, by direction.',
      unit: 'short',
      named: true,
    },
    instant(sum(known(series(CATALOGUE.trunkCallsActive, SELECTED_WAY)), ['direction']), '{{direction}}'),
  )
}

function stateChanges() {
  return stat(
    {
      title: 'Went down or up',
      description: 'Number of times that trunks went down or came up within the time range.',
      unit: 'short',
      steps: ['green', [1, 'blue'], [4, 'orange'], [10, 'red']],
    },
    instant(counted(sum(`changes(${series(CATALOGUE.endpointUp, { role: ['trunk'] })}[$__range])`)), 'changes'),
  )
}

function trunkTable() {
  const keys = ['instance', 'trunk']
  const up = series(CATALOGUE.endpointUp, { role: ['trunk'] })
  const often = (share: string) => fromEnough(share, recorded(RECORDINGS.attempts, '$window', SELECTED_TRUNK), keys)
  return table({
    title: 'Trunks',
    description:
      'The worst trunks first: current state and calls, seizures of the time range, and ratios over the selected window if it has five seizures or more.',
    unit: 'short',
    keys: { instance: 'PBX', trunk: 'Trunk' },
    sortBy: ['+State', '+NER', '+ASR'],
    more: {
      Trunk: { title: 'Call log: calls of this trunk', url: callsBehind({ trunk: `\${__value.raw:percentencode}` }) },
    },
    columns: [
      {
        name: 'State',
        unit: 'none',
        texts: { ...DOWN, 2: ['unknown', UNKNOWN.color] },
        width: 95,
        // A trunk whose state Asterisk does not know has no series.
        expression: `${max(`label_replace(${up}, "trunk", "$1", "endpoint", "(.+)")`, keys)} or 2 + 0 * ${sum(series(CATALOGUE.trunkCallsActive, SELECTED_WAY), keys)}`,
      },
      {
        name: 'Calls now',
        unit: 'short',
        width: 90,
        expression: sum(known(series(CATALOGUE.trunkCallsActive, SELECTED_WAY)), keys),
      },
      {
        name: 'Seizures',
        unit: 'short',
        width: 85,
        expression: countOverRange(series(CATALOGUE.trunkAttempts, SELECTED_WAY), keys),
      },
      {
        name: 'ASR',
        unit: 'percentunit',
        decimals: 0,
        width: 70,
        expression: often(max(recorded(RECORDINGS.asrOfTrunk, '$window', SELECTED_TRUNK), keys)),
      },
      {
        name: 'NER',
        unit: 'percentunit',
        decimals: 0,
        width: 70,
        steps: NER_STEPS,
        expression: often(max(recorded(RECORDINGS.nerOfTrunk, '$window', SELECTED_TRUNK), keys)),
      },
    ],
  })
}

function trunkStates() {
  return timeline(
    {
      title: 'Trunks over time',
      description: 'When each trunk was online; empty while its state was unknown.',
      unit: 'none',
      texts: DOWN,
    },
    range(ofPbx(series(CATALOGUE.endpointUp, { role: ['trunk'] })), `{{endpoint}}${OF_PBX}`),
  )
}

function attempts() {
  return barsOverTime(
    {
      title: 'Seizures, by trunk and direction',
      colorsByOrder: true,
      description: 'Seizures that ended within each step, by trunk and direction.',
      unit: 'short',
      click: TO_TRUNK,
    },
    range(
      ofPbx(`${sum(increase(series(CATALOGUE.trunkAttempts, SELECTED_WAY)), [...EACH, 'direction'])} > 0`),
      `{{trunk}} {{direction}}${OF_PBX}`,
    ),
  )
}

function results() {
  return barsOverTime(
    {
      title: 'How seizures ended',
      description: 'Seizures that ended within each step, by result.',
      unit: 'short',
      colors: OUTCOME_COLORS,
      click: {
        title: 'Call log: calls of this result around that time',
        url: callsAround({ disposition: clicked('result') }),
      },
    },
    range(`${sum(increase(series(CATALOGUE.trunkAttempts, SELECTED_WAY)), ['result'])} > 0`, '{{result}}'),
  )
}
