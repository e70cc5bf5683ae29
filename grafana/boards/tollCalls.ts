// The section about fraud of the board "Destinations and fraud": what the phone with the most toll calls does, and new countries.
//
// Which phone it is, is only in the call log.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { callsAround, callsBehind } from '../addresses.ts'
import { counted, known } from '../known.ts'
import { graph } from '../panels/graph.ts'
import { higherIsWorse } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { table } from '../panels/table.ts'
import { max, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { FRAUD_AT_ONCE_COUNT, FRAUD_BURST_COUNT, FRAUD_PREMIUM_SECONDS, FRAUD_SEQUENTIAL_COUNT } from '../thresholds.ts'

const TOLL = 'international,premium,satellite'
const LATELY = { title: 'Call log: these calls', url: callsBehind({ destination: TOLL }, 15) }
const AROUND = { title: 'Call log: these calls around that time', url: callsAround({ destination: TOLL }) }
const OF_PBX = '{{instance}}'

const worseFrom = (critical: number) => higherIsWorse({ warning: critical / 2, critical })

/** Toll calls of one phone now. */
export function atOnce() {
  return stat(
    {
      title: 'At once, one phone',
      description:
        'Calls to international, premium-rate and satellite numbers in progress, of the phone that has the most of them.',
      unit: 'short',
      steps: worseFrom(FRAUD_AT_ONCE_COUNT),
      click: LATELY,
    },
    instant(max(known(series(CATALOGUE.tollPeakActive))), 'calls'),
  )
}

/** Attempts of the PBX in ten minutes. */
export function attemptsNow() {
  return stat(
    {
      title: 'Dialed in ten minutes',
      description: 'International, premium-rate and satellite numbers that were dialed within the last ten minutes.',
      unit: 'short',
      steps: worseFrom(FRAUD_BURST_COUNT),
      click: LATELY,
    },
    instant(counted(`round(${sum(recorded(RECORDINGS.tollAttempts, '10m'))})`), 'numbers'),
  )
}

/** Numbers of a range. */
export function sequential() {
  return stat(
    {
      title: 'Numbers in a row, one phone',
      description:
        'Of these numbers, those that follow each other within ten minutes, of the phone that dialed the most of them.',
      unit: 'short',
      steps: worseFrom(FRAUD_SEQUENTIAL_COUNT),
      click: LATELY,
    },
    instant(max(known(series(CATALOGUE.tollPeakSequential))), 'numbers'),
  )
}

/** Conversation with premium-rate numbers. */
export function premiumNow() {
  const talk = series(CATALOGUE.tollPeakTalk, { class: ['premium', 'satellite'] })
  return stat(
    {
      title: 'Premium rate, one phone',
      description:
        'Conversation with premium-rate or satellite numbers within the last ten minutes, of the phone that has the most.',
      unit: 's',
      steps: worseFrom(FRAUD_PREMIUM_SECONDS),
      click: LATELY,
    },
    instant(max(known(talk)), 'talk'),
  )
}

/** Attempts against the most of four weeks. */
export function bursts() {
  return graph(
    {
      title: 'Dialed in ten minutes, against the last four weeks',
      description:
        'International, premium-rate and satellite numbers dialed within ten minutes, and the most of the four weeks before, without the last day.',
      unit: 'short',
      decimals: 0,
      stepped: true,
      colors: { now: 'blue', 'most of four weeks': 'text' },
      click: AROUND,
    },
    range(`round(${sum(recorded(RECORDINGS.tollAttempts, '10m'))})`, 'now'),
    range(`round(${max(recorded(RECORDINGS.tollAttemptsMost, '28d'))})`, 'most of four weeks'),
  )
}

/** One phone against ten minutes. */
export function onePhone() {
  return graph(
    {
      title: 'The phone with the most',
      description:
        'Of the phone that has the most of each: calls to these numbers in progress, dialed and answered within ten minutes, and numbers in a row.',
      unit: 'short',
      decimals: 0,
      stepped: true,
      colors: { 'in progress': 'blue', dialed: 'text', answered: 'green', 'in a row': 'orange' },
      calculations: ['lastNotNull', 'max'],
      click: AROUND,
    },
    range(max(series(CATALOGUE.tollPeakActive)), 'in progress'),
    range(max(series(CATALOGUE.tollPeakAttempts)), 'dialed'),
    range(max(series(CATALOGUE.tollPeakAnswered)), 'answered'),
    range(max(series(CATALOGUE.tollPeakSequential)), 'in a row'),
  )
}

/** Countries, the latest first. */
export function firstCalls() {
  const first = max(series(CATALOGUE.tollCountryFirstCall), ['instance', 'country'])
  return table({
    title: 'First calls to countries',
    description: 'How long ago each country was called for the first time since the exporter remembers them.',
    unit: 'short',
    keys: { country: 'Country', instance: 'PBX' },
    sortBy: ['+First called'],
    more: {
      Country: {
        title: 'Call log: calls to this country',
        url: callsBehind({ country: `\${__value.raw:percentencode}` }),
      },
    },
    columns: [{ name: 'First called', unit: 'dtdurations', expression: `time() - ${first}` }],
  })
}

/** How long the countries have been remembered. */
export function rememberedSince() {
  return stat(
    {
      title: 'Countries known for',
      description: 'A first call to a country is told only when the countries of four weeks are known.',
      unit: 'dtdurations',
    },
    instant(`time() - ${max(known(series(CATALOGUE.tollCountriesSince)), ['instance'])}`, OF_PBX),
  )
}
