// Trunks and endpoints: does each carrier take and finish calls, and is each phone and trunk there.
//
// A trunk has a state when Asterisk knows one (registrations, qualifies); calls tell the rest. Ratios come from the records.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue.ts'
import { TRUNK_DIRECTIONS } from '../../src/metrics/labelLists.ts'
import { BOARDS } from '../addresses.ts'
import { OUTCOME_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { even } from '../layout.ts'
import { fallingBad, risingBad } from '../panels/face.ts'
import { graph, tally } from '../panels/graph.ts'
import { stat } from '../panels/stat.ts'
import { table } from '../panels/table.ts'
import { countOverRange, increase, max, series, sum } from '../promql.ts'
import { instant, range } from '../query.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { TRUNK_NER_SHARE } from '../thresholds.ts'
import { labelVariable, textVariable } from '../variables.ts'
import { endpointSection } from './endpoints.ts'
import { trunksDown } from './shared.ts'
import { asr, asrByDirection, asrNow, ner, nerByDirection, nerNow } from './trunkRatios.ts'
import { DOWN, directionVariable, windowVariable } from './words.ts'

const CHOSEN_TRUNK = { trunk: '$trunk' } as const
const CHOSEN_WAY = { trunk: '$trunk', direction: '$direction' } as const
const NER_STEPS = fallingBad({ warning: (1 + TRUNK_NER_SHARE) / 2, critical: TRUNK_NER_SHARE })
const USUAL_CHANNELS = '30'

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
        title: 'Trunks',
        rows: [
          even(4, trunksOnline(), trunksDown(), callsNow(), used(), flapsOfSpan(), seizures(), asrNow(), nerNow()),
          even(8, trunkTable()),
          even(8, asr(), ner()),
          even(8, asrByDirection(), nerByDirection()),
          even(8, attempts(), results()),
          even(8, atATime(), utilisation()),
        ],
      },
      endpointSection(),
    ],
  })
}

function trunksOnline() {
  return stat(
    { title: 'Trunks online', description: 'Trunks that Asterisk says are online.', unit: 'short', steps: ['green'] },
    instant(sum(series(CATALOGUE.endpoints, { role: ['trunk'], state: ['online'] })), 'online'),
  )
}

function callsNow() {
  return stat(
    {
      title: 'Calls on trunks',
      description: 'Seizures of the chosen trunks that live now, by direction.',
      unit: 'short',
    },
    instant(sum(series(CATALOGUE.trunkCallsActive, CHOSEN_WAY), ['direction']), '{{direction}}'),
  )
}

function used() {
  return stat(
    {
      title: 'Busiest trunk',
      description: 'The largest share of the channels at the top that a trunk uses now.',
      unit: 'percentunit',
      decimals: 0,
      named: true,
      steps: risingBad({ warning: 0.7, critical: 0.9 }),
    },
    instant(`topk(1, ${sum(series(CATALOGUE.trunkCallsActive, CHOSEN_TRUNK), ['trunk'])} / \${channels})`, '{{trunk}}'),
  )
}

function flapsOfSpan() {
  return stat(
    {
      title: 'Flaps',
      description: 'How often trunks went down or came up in the span that is looked at.',
      unit: 'short',
      steps: risingBad({ warning: 2, critical: 10 }),
    },
    instant(sum(`changes(${series(CATALOGUE.endpointUp, { role: ['trunk'] })}[$__range])`), 'changes'),
  )
}

function seizures() {
  return stat(
    {
      title: 'Seizures',
      description: 'Seizures of each chosen trunk within the chosen window, both directions together.',
      unit: 'short',
      decimals: 0,
    },
    instant(recorded(RECORDINGS.attempts, '$window', CHOSEN_TRUNK), '{{trunk}}'),
  )
}

function trunkTable() {
  const keys = ['instance', 'trunk']
  const state = max(
    `label_replace(${series(CATALOGUE.endpointUp, { role: ['trunk'] })}, "trunk", "$1", "endpoint", "(.+)")`,
    keys,
  )
  return table({
    title: 'Trunks',
    description:
      'Seizures of the span, ratios over the chosen window, and what is so now. State: empty when Asterisk knows none.',
    unit: 'short',
    keys: { instance: 'PBX', trunk: 'Trunk' },
    sortBy: 'Seizures',
    columns: [
      { name: 'State', unit: 'none', words: DOWN, expression: state },
      {
        name: 'Seizures',
        unit: 'short',
        expression: countOverRange(series(CATALOGUE.trunkAttempts, CHOSEN_WAY), keys),
      },
      {
        name: 'ASR',
        unit: 'percentunit',
        decimals: 1,
        expression: max(recorded(RECORDINGS.asrOfTrunk, '$window', CHOSEN_TRUNK), keys),
      },
      {
        name: 'NER',
        unit: 'percentunit',
        decimals: 1,
        steps: NER_STEPS,
        expression: max(recorded(RECORDINGS.nerOfTrunk, '$window', CHOSEN_TRUNK), keys),
      },
      { name: 'Calls now', unit: 'short', expression: sum(series(CATALOGUE.trunkCallsActive, CHOSEN_WAY), keys) },
    ],
  })
}

function attempts() {
  return tally(
    {
      title: 'Seizures, by trunk',
      description: 'Seizures that ended within each step, by trunk and direction.',
      unit: 'short',
      interval: '10m',
    },
    range(
      sum(increase(series(CATALOGUE.trunkAttempts, CHOSEN_WAY)), ['trunk', 'direction']),
      '{{trunk}} {{direction}}',
    ),
  )
}

function results() {
  return tally(
    {
      title: 'How seizures ended',
      description: 'Seizures that ended within each step, by result.',
      unit: 'short',
      interval: '10m',
      colors: OUTCOME_COLORS,
    },
    range(`${sum(increase(series(CATALOGUE.trunkAttempts, CHOSEN_WAY)), ['result'])} > 0`, '{{result}}'),
  )
}

function atATime() {
  return graph(
    {
      title: 'Calls at the same time, by trunk',
      description: 'Seizures that live, by trunk and direction.',
      unit: 'short',
      stacked: true,
      figures: ['lastNotNull', 'max'],
    },
    range(sum(series(CATALOGUE.trunkCallsActive, CHOSEN_WAY), ['trunk', 'direction']), '{{trunk}} {{direction}}'),
  )
}

function utilisation() {
  return graph(
    {
      title: `Utilisation: calls ÷ \${channels} channels`,
      description:
        'Share of its channels that each trunk uses, both directions together, if it has as many as said at the top.',
      unit: 'percentunit',
      steps: ['transparent', [0.9, 'red']],
      figures: ['lastNotNull', 'max'],
    },
    range(`${sum(series(CATALOGUE.trunkCallsActive, CHOSEN_TRUNK), ['trunk'])} / \${channels}`, '{{trunk}}'),
  )
}
