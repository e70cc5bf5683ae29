// Catalogue of metrics, toll calls: those to international, premium-rate and satellite numbers, in which stolen calls show.
//
// Of the phones, only the largest sums: neither a phone nor a number is a label. Source of the definitions: src/fraud/tollCall.ts.

import { TOLL_CLASSES } from '../../fraud/tollCall.ts'
import { counter, type MetricFamily } from './entry.ts'

/** Toll calls, whoever makes them; the sums are of the last ten minutes. */
export const TOLL_METRICS = {
  tollAttempts: counter({
    name: 'asterisk_toll_attempts_total',
    stability: 'experimental',
    help: 'Attempts to call international, premium-rate and satellite numbers, counted when the trunk is dialed; one for each number of a call.',
    labels: { class: TOLL_CLASSES },
    persisted: true,
    from: { TollCallTried: ({ class: of }) => [{ labels: { class: of }, value: 1 }] },
  }),
  tollPeakAttempts: {
    type: 'gauge',
    name: 'asterisk_toll_phone_peak_attempts',
    stability: 'experimental',
    help: 'Such attempts within the last ten minutes of the phone (or incoming trunk) that made the most of them.',
    labels: {},
  },
  tollPeakAnswered: {
    type: 'gauge',
    name: 'asterisk_toll_phone_peak_answered',
    stability: 'experimental',
    help: 'Such calls that were answered within the last ten minutes, of the phone that has the most of them.',
    labels: {},
  },
  tollPeakActive: {
    type: 'gauge',
    name: 'asterisk_toll_phone_peak_active',
    stability: 'experimental',
    help: 'Such calls in progress, ringing ones included, of the phone that has the most of them.',
    labels: {},
  },
  tollPeakSequential: {
    type: 'gauge',
    name: 'asterisk_toll_phone_peak_sequential',
    stability: 'experimental',
    help: 'Such numbers within the last ten minutes, each at most ten from the next one, of the phone that dialed the most of them.',
    labels: {},
  },
  tollPeakTalk: {
    type: 'gauge',
    name: 'asterisk_toll_phone_peak_talk_seconds',
    stability: 'experimental',
    help: 'Seconds of conversation in such calls within the last ten minutes, calls in progress included, of the phone that has the most.',
    labels: { class: TOLL_CLASSES },
  },
  tollCountryFirstCall: {
    type: 'gauge',
    name: 'asterisk_toll_country_first_call_timestamp_seconds',
    stability: 'experimental',
    help: 'When a country was first called, in seconds since the epoch.',
    labels: { country: 'open' },
  },
  tollCountriesSince: {
    type: 'gauge',
    name: 'asterisk_toll_countries_since_timestamp_seconds',
    stability: 'experimental',
    help: 'Since when the countries that are called are remembered, in seconds since the epoch.',
    labels: {},
  },
} satisfies MetricFamily
