// Destinations and fraud: where calls go on trunks, by kind of number and by country, and emergency calls.
//
// Only outbound and transit calls have a destination (src/numbers/README.md). Phone numbers are only in the call log.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { BOARDS, callsAround, callsBehind, clicked } from '../addresses.ts'
import { DESTINATION_COLORS } from '../colors.ts'
import { dashboard } from '../dashboard.ts'
import { counted, shareOfEnough } from '../known.ts'
import { equalWidths, row } from '../layout.ts'
import { bars } from '../panels/bars.ts'
import { barsOverTime } from '../panels/graph.ts'
import { stat } from '../panels/stat.ts'
import { table } from '../panels/table.ts'
import { countOverRange, increase, series, sum } from '../promql.ts'
import { instant, range } from '../targets.ts'
import {
  atOnce,
  attemptsNow,
  bursts,
  firstCalls,
  onePhone,
  premiumNow,
  rememberedSince,
  sequential,
} from './tollCalls.ts'

const OF_CLASS = {
  title: 'Call log: calls to this destination around that time',
  url: callsAround({ destination: clicked('class') }),
}
const ABROAD = { class: ['international'] } as const

/** The board. */
export function destinations(): Dashboard {
  return dashboard({
    uid: BOARDS.destinations,
    title: 'Asterisk / Destinations and fraud',
    description:
      'Calls and minutes on trunks by kind of number and by country, emergency calls, and signs of stolen calls.',
    from: 'now-24h',
    variables: [],
    sections: [
      {
        rows: [
          equalWidths(4, abroad(), abroadTime(), costly(), emergencies()),
          equalWidths(8, callsByClass(), timeByClass()),
          row(10, [9, classesOfRange()], [15, countries()]),
        ],
      },
      {
        title: 'Fraud',
        rows: [
          row(4, [5, atOnce()], [5, attemptsNow()], [5, sequential()], [5, premiumNow()], [4, rememberedSince()]),
          equalWidths(8, bursts(), onePhone()),
          equalWidths(10, firstCalls()),
        ],
      },
    ],
  })
}

function abroad() {
  return stat(
    {
      title: 'Calls abroad',
      description: 'Calls to other countries that ended within the time range, answered or not.',
      unit: 'short',
    },
    instant(counted(countOverRange(series(CATALOGUE.outboundCalls, ABROAD))), 'abroad'),
  )
}

function abroadTime() {
  return stat(
    {
      title: 'Talked abroad',
      description: 'Conversation time of calls to other countries that ended within the time range.',
      unit: 's',
    },
    instant(counted(countOverRange(series(CATALOGUE.outboundTalk, ABROAD))), 'abroad'),
  )
}

function costly() {
  const calls = series(CATALOGUE.outboundCalls, { class: ['premium', 'satellite'] })
  return stat(
    {
      title: 'Premium rate and satellite',
      description: 'Calls to premium rate and satellite numbers that ended within the time range, answered or not.',
      unit: 'short',
      steps: ['green', [1, 'orange']],
    },
    instant(counted(countOverRange(calls)), 'calls'),
  )
}

function emergencies() {
  return stat(
    {
      title: 'Emergency calls',
      description: 'Attempts to call an emergency number within the time range.',
      unit: 'short',
      steps: ['green', [1, 'red']],
      click: { title: 'Call log: emergency calls', url: callsBehind({ destination: 'emergency' }) },
    },
    instant(counted(countOverRange(series(CATALOGUE.emergencyCalls))), 'calls'),
  )
}

function callsByClass() {
  return barsOverTime(
    {
      title: 'Calls, by destination',
      description: 'Calls on trunks that ended within each bar, by kind of number, answered or not.',
      unit: 'short',
      colors: DESTINATION_COLORS,
      click: OF_CLASS,
    },
    range(`${sum(increase(series(CATALOGUE.outboundCalls)), ['class'])} > 0`, '{{class}}'),
  )
}

function timeByClass() {
  return barsOverTime(
    {
      title: 'Time in conversation, by destination',
      description: 'Minutes of conversation of the calls on trunks that ended within each bar, by kind of number.',
      unit: 'minutes',
      colors: DESTINATION_COLORS,
      click: OF_CLASS,
    },
    range(`${sum(increase(series(CATALOGUE.outboundTalk)), ['class'])} / 60 > 0`, '{{class}}'),
  )
}

function classesOfRange() {
  const calls = countOverRange(series(CATALOGUE.outboundCalls), ['class'])
  return bars(
    {
      title: 'Calls of the time range, by destination',
      description: 'Calls on trunks that ended within the time range, by kind of number, answered or not.',
      unit: 'short',
      colors: DESTINATION_COLORS,
      click: { title: 'Call log: calls to this destination', url: callsBehind({ destination: clicked('class') }) },
    },
    instant(`sort_desc(${calls} > 0)`, '{{class}}'),
  )
}

function countries() {
  const calls = series(CATALOGUE.outboundCalls, ABROAD)
  const answered = series(CATALOGUE.outboundCalls, { ...ABROAD, answered: ['yes'] })
  const all = countOverRange(calls, ['country'])
  return table({
    title: 'Countries',
    description:
      'Calls to each country within the time range, their conversation time, and the share that was answered if there were five or more.',
    unit: 'short',
    keys: { country: 'Country' },
    sortBy: ['Talk', 'Calls'],
    more: {
      Country: {
        title: 'Call log: calls to this country',
        url: callsBehind({ country: `\${__value.raw:percentencode}` }),
      },
    },
    columns: [
      { name: 'Calls', unit: 'short', width: 110, expression: `${all} > 0` },
      {
        name: 'Answered',
        unit: 'percentunit',
        decimals: 0,
        width: 120,
        expression: shareOfEnough(countOverRange(answered, ['country']), all),
      },
      {
        name: 'Talk',
        unit: 's',
        expression: `${countOverRange(series(CATALOGUE.outboundTalk, ABROAD), ['country'])} > 0`,
      },
    ],
  })
}
