// Trunks and endpoints: does each carrier take and finish calls, and is each phone and trunk there.
//
// A trunk has a state when Asterisk knows one (registrations, qualifies); calls tell the rest. Ratios come from the records.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { TRUNK_DIRECTIONS } from '../../src/metrics/catalogue/labelValues.ts'
import { BOARDS, callsAround, callsBehind, clicked } from '../addresses.ts'
import { OUTCOME_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { counted, fromEnough, known, orDash } from '../known.ts'
import { equalWidths, row } from '../layout.ts'
import { barsOverTime, graph } from '../panels/graph.ts'
import { stat } from '../panels/stat.ts'
import { table } from '../panels/table.ts'
import { timeline } from '../panels/timeline.ts'
import { OF_PBX, ofPbx } from '../pbx.ts'
import { countOverRange, increase, max, ratio, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { labelVariable, textVariable } from '../variables.ts'
import { endpointSection } from './endpoints.ts'
import { DOWN, directionVariable, windowVariable } from './sharedText.ts'
import { asr, asrNow, NER_STEPS, ner, nerNow } from './trunkRatios.ts'

const CHOSEN_TRUNK = { trunk: '$trunk' } as const
const CHOSEN_WAY = { trunk: '$trunk', direction: '$direction' } as const
const EACH = ['job', 'instance', 'trunk']
const EACH_TRUNK = `{{trunk}}${OF_PBX}`
const USUAL_CHANNELS = '30'
const TO_TRUNK = {
  title: 'Call log: calls of this trunk around that time',
  url: callsAround({ trunk: clicked('trunk') }),
}

/** The board. */
export function trunks(): Dashboard {
  return dashboard({
    uid: BOARDS.trunks,
    title: 'Asterisk / Trunks and endpoints',
    description: 'What each trunk carries and how well (ASR, NER), and which trunks and phones are online.',
    from: 'now-24h',
    variables: [
      labelVariable(
        { name: 'trunk', label: 'Trunk', description: 'Trunks that calls have come in or gone out by.' },
        CATALOGUE.trunkAttempts,
        'trunk',
      ),
      directionVariable(TRUNK_DIRECTIONS),
      windowVariable(['30m', '1h', '6h'], '1h'),
      textVariable(
        {
          name: 'channels',
          label: 'Channels per trunk',
          description:
            'How many calls each of the chosen trunks can carry at a time; Asterisk does not know what your carrier sold.',
        },
        USUAL_CHANNELS,
      ),
    ],
    sections: [
      {
        rows: [
          row(4, [4, trunksOnline()], [5, callsNow()], [4, stateChanges()], [5, asrNow()], [6, nerNow()]),
          row(6, [14, trunkTable()], [10, trunkStates()]),
          equalWidths(10, asr(), ner()),
        ],
      },
      { title: 'Seizures', rows: [equalWidths(9, attempts(), results())] },
      { title: 'Capacity', rows: [equalWidths(9, atATime(), utilisation())] },
      endpointSection(),
    ],
  })
}

// The words are made of labels, which hold the two counts; the value behind them is the share, for the colour.
function trunksOnline() {
  const online = sum(known(series(CATALOGUE.endpoints, { role: ['trunk'], state: ['online'] })))
  const all = sum(known(series(CATALOGUE.endpoints, { role: ['trunk'], state: ['online', 'offline'] })))
  const named = `group_left (online) count_values("online", ${online}) * on () group_left (all) count_values("all", ${all})`
  return stat(
    {
      title: 'Trunks online',
      description: 'Trunks that Asterisk says are online, of those of which it knows.',
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
      description: 'Seizures of the chosen trunks that live now, by direction.',
      unit: 'short',
      named: true,
    },
    instant(sum(known(series(CATALOGUE.trunkCallsActive, CHOSEN_WAY)), ['direction']), '{{direction}}'),
  )
}

function stateChanges() {
  return stat(
    {
      title: 'Went down or up',
      description: 'How often trunks went down or came up in the span.',
      unit: 'short',
      steps: ['green', [1, 'blue'], [4, 'orange'], [10, 'red']],
    },
    instant(counted(sum(`changes(${series(CATALOGUE.endpointUp, { role: ['trunk'] })}[$__range])`)), 'changes'),
  )
}

function trunkTable() {
  const keys = ['instance', 'trunk']
  const up = series(CATALOGUE.endpointUp, { role: ['trunk'] })
  const often = (share: string) => fromEnough(share, recorded(RECORDINGS.attempts, '$window', CHOSEN_TRUNK), keys)
  return table({
    title: 'Trunks',
    description:
      'Seizures of the span, ratios over the chosen window where there were five or more, and what is so now; no state: Asterisk knows none.',
    unit: 'short',
    keys: { instance: 'PBX', trunk: 'Trunk' },
    sortBy: 'Seizures',
    more: {
      Trunk: { title: 'Call log: calls of this trunk', url: callsBehind({ trunk: `\${__value.raw:percentencode}` }) },
    },
    columns: [
      {
        name: 'State',
        unit: 'none',
        words: DOWN,
        width: 80,
        expression: max(`label_replace(${up}, "trunk", "$1", "endpoint", "(.+)")`, keys),
      },
      {
        name: 'Calls now',
        unit: 'short',
        width: 105,
        expression: sum(known(series(CATALOGUE.trunkCallsActive, CHOSEN_WAY)), keys),
      },
      {
        name: 'Seizures',
        unit: 'short',
        width: 110,
        expression: countOverRange(series(CATALOGUE.trunkAttempts, CHOSEN_WAY), keys),
      },
      {
        name: 'ASR',
        unit: 'percentunit',
        decimals: 0,
        width: 80,
        expression: often(max(recorded(RECORDINGS.asrOfTrunk, '$window', CHOSEN_TRUNK), keys)),
      },
      {
        name: 'NER',
        unit: 'percentunit',
        decimals: 0,
        width: 80,
        steps: NER_STEPS,
        expression: often(max(recorded(RECORDINGS.nerOfTrunk, '$window', CHOSEN_TRUNK), keys)),
      },
    ],
  })
}

function trunkStates() {
  return timeline(
    {
      title: 'Trunks over time',
      description: 'When each trunk was online; empty: Asterisk did not know, or was not heard.',
      unit: 'none',
      words: DOWN,
    },
    range(ofPbx(series(CATALOGUE.endpointUp, { role: ['trunk'] })), `{{endpoint}}${OF_PBX}`),
  )
}

function attempts() {
  return barsOverTime(
    {
      title: 'Seizures, by trunk',
      description: 'Seizures that ended within each step, by trunk and direction.',
      unit: 'short',
      click: TO_TRUNK,
    },
    range(
      ofPbx(`${sum(increase(series(CATALOGUE.trunkAttempts, CHOSEN_WAY)), [...EACH, 'direction'])} > 0`),
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
    range(`${sum(increase(series(CATALOGUE.trunkAttempts, CHOSEN_WAY)), ['result'])} > 0`, '{{result}}'),
  )
}

function atATime() {
  return graph(
    {
      title: 'Most calls at once, by trunk',
      description: 'The most seizures that lived at a time, within each step.',
      unit: 'short',
      decimals: 0,
      bars: true,
      points: 48,
      figures: ['max'],
      click: TO_TRUNK,
    },
    range(ofPbx(atOnce()), EACH_TRUNK),
  )
}

function utilisation() {
  return graph(
    {
      title: `Use of \${channels} channels, by trunk`,
      description:
        'The largest share of its channels that each trunk used within a step: choose one trunk and write how many channels it has at the top.',
      unit: 'percentunit',
      bars: true,
      points: 48,
      steps: ['transparent', [0.9, 'red']],
      figures: ['max'],
    },
    range(ofPbx(`${atOnce()} / \${channels}`), EACH_TRUNK),
  )
}

// Both directions take a channel each.
function atOnce(): string {
  const now = sum(series(CATALOGUE.trunkCallsActive, CHOSEN_TRUNK), EACH)
  return `max_over_time(${now}[$__interval:1m])`
}
