// Phones, a folded part of the board "Trunks and endpoints": which are online, which changed their state, their round trips.
//
// Only endpoints whose state Asterisk knows from registration or qualify; the others are counted as unknown.

import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { ENDPOINT_COLORS } from '../colors.ts'
import { known } from '../known.ts'
import type { Section } from '../layout.ts'
import { equalWidths } from '../layout.ts'
import { barsOverTime, graph } from '../panels/graph.ts'
import { stat } from '../panels/stat.ts'
import { table } from '../panels/table.ts'
import { timeline } from '../panels/timeline.ts'
import { OF_PBX, ofPbx } from '../pbx.ts'
import { max, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { PHONES_OFFLINE_SHARE } from '../thresholds.ts'
import { DOWN } from './sharedText.ts'

const PHONE = series(CATALOGUE.endpointUp, { role: ['phone'] })
/** 1 for a phone that was online at some time within the time range. */
const ONCE_ONLINE = `max_over_time(${PHONE}[$__range] @ end())`

/** Phones by state over time, and round trips. */
export function endpointSection(): Section {
  return {
    title: 'Phones and endpoints',
    rows: [
      equalWidths(4, phonesOnline(), wentOffline(), neverOnline(), unknown()),
      equalWidths(9, phoneStates(), flaps()),
      equalWidths(9, counts(), offlineShare()),
      equalWidths(10, slowest(), roundTrips()),
    ],
  }
}

function phonesOnline() {
  return stat(
    { title: 'Phones online', description: 'Phones that Asterisk reports as online.', unit: 'short', steps: ['green'] },
    instant(sum(known(series(CATALOGUE.endpoints, { role: ['phone'], state: ['online'] }))), 'online'),
  )
}

function wentOffline() {
  return stat(
    {
      title: 'Phones gone offline',
      description: 'Phones that are offline now and were online at some time within the time range.',
      unit: 'short',
      steps: ['green', [1, 'orange']],
    },
    instant(sum(`(1 - ${PHONE}) and ${ONCE_ONLINE} == 1`), 'gone'),
  )
}

function neverOnline() {
  return stat(
    {
      title: 'Phones never online',
      description: 'Phones that were offline throughout the time range: spare phones, or people on leave.',
      unit: 'short',
      steps: ['text'],
    },
    instant(sum(known(`(1 - ${ONCE_ONLINE})`)), 'never'),
  )
}

function unknown() {
  return stat(
    {
      title: 'State unknown',
      description:
        'Endpoints whose state Asterisk does not know, by role: they have neither a registration nor qualify.',
      unit: 'short',
      named: true,
    },
    instant(sum(known(series(CATALOGUE.endpoints, { state: ['unknown'] })), ['role']), '{{role}}'),
  )
}

function phoneStates() {
  const lowest = `min_over_time(${PHONE}[$__range] @ end())`
  return timeline(
    {
      title: 'Phones that went offline or online',
      description: 'Phones that were both online and offline within the time range; 20 phones on a page.',
      unit: 'none',
      texts: DOWN,
    },
    range(ofPbx(`${PHONE} and (${lowest} == 0) and (${ONCE_ONLINE} == 1)`), `{{endpoint}}${OF_PBX}`),
  )
}

function flaps() {
  return barsOverTime(
    {
      title: 'Changes of state',
      description: 'Number of times that each trunk or phone went down or came up within each step.',
      unit: 'short',
    },
    range(ofPbx(`changes(${series(CATALOGUE.endpointUp)}[$__rate_interval]) > 0`), `{{endpoint}}${OF_PBX}`),
  )
}

function counts() {
  return graph(
    {
      title: 'Phones online and offline',
      description: 'Number of phones that are online and offline, without those that were never online.',
      unit: 'short',
      stacked: true,
      colors: ENDPOINT_COLORS,
    },
    range(sum(`${PHONE} and ${ONCE_ONLINE} == 1`), 'online'),
    range(sum(`(1 - ${PHONE}) and ${ONCE_ONLINE} == 1`), 'offline'),
  )
}

function offlineShare() {
  return graph(
    {
      title: 'Offline share of trunks and of phones',
      description: 'Offline endpoints among those whose state Asterisk knows, by role; of several PBXs the highest.',
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [PHONES_OFFLINE_SHARE, 'red']],
      colors: { phone: 'blue', trunk: 'purple' },
    },
    range(max(recorded(RECORDINGS.endpointsOffline, ''), ['role']), '{{role}}'),
  )
}

function slowest() {
  const keys = { instance: 'PBX', role: 'Role', endpoint: 'Endpoint' }
  return table({
    title: 'Longest round trips',
    description: 'The ten endpoints with the longest round trip of their last qualify.',
    unit: 's',
    keys,
    sortBy: ['Round trip'],
    columns: [
      {
        name: 'Round trip',
        unit: 's',
        expression: `topk(10, ${max(series(CATALOGUE.endpointRoundTrip), Object.keys(keys))})`,
      },
    ],
  })
}

function roundTrips() {
  return graph(
    {
      title: 'Round trip of trunks',
      description: 'The longest round trip of qualify within each step, by trunk.',
      unit: 's',
      interval: '10m',
      calculations: ['lastNotNull', 'max'],
    },
    range(
      ofPbx(`max_over_time(${series(CATALOGUE.endpointRoundTrip, { role: ['trunk'] })}[$__interval])`),
      `{{endpoint}}${OF_PBX}`,
    ),
  )
}
