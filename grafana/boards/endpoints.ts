// Endpoints, the lower half of the board "Trunks and endpoints": which phones and trunks are there, and which come and go.
//
// Only of endpoints whose state Asterisk knows, by registration or qualify; the others are counted as unknown.

import { CATALOGUE } from '../../src/metrics/catalogue.ts'
import type { Section } from '../layout.ts'
import { even } from '../layout.ts'
import { risingBad } from '../panels/face.ts'
import { graph, tally } from '../panels/graph.ts'
import { stat } from '../panels/stat.ts'
import { timeline } from '../panels/timeline.ts'
import { max, series, sum } from '../promql.ts'
import { instant, range } from '../query.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { PHONES_OFFLINE_SHARE } from '../thresholds.ts'
import { DOWN } from './words.ts'

function endpoints(state: 'online' | 'offline'): string {
  return sum(series(CATALOGUE.endpoints, { role: ['phone'], state: [state] }))
}

/** How many endpoints are online, which were not, and how far away they are. */
export function endpointSection(): Section {
  return {
    title: 'Endpoints',
    rows: [
      even(4, phonesOnline(), phonesOffline(), offlineShare(), unknown()),
      even(9, trunkStates(), phoneStates()),
      even(8, flaps(), roundTrips()),
      even(8, counts(), offlineShareOverTime()),
    ],
  }
}

function phonesOnline() {
  return stat(
    { title: 'Phones online', description: 'Phones that Asterisk says are online.', unit: 'short', steps: ['green'] },
    instant(endpoints('online'), 'online'),
  )
}

function phonesOffline() {
  return stat(
    {
      title: 'Phones offline',
      description: 'Phones that Asterisk says are offline.',
      unit: 'short',
      steps: risingBad({ warning: 1 }),
    },
    instant(endpoints('offline'), 'offline'),
  )
}

function offlineShare() {
  return stat(
    {
      title: 'Offline share',
      description: 'Offline of those whose state Asterisk knows, by role.',
      unit: 'percentunit',
      decimals: 0,
      steps: risingBad({ warning: PHONES_OFFLINE_SHARE / 2, critical: PHONES_OFFLINE_SHARE }),
    },
    instant(recorded(RECORDINGS.endpointsOffline, ''), '{{role}}'),
  )
}

function unknown() {
  return stat(
    {
      title: 'State unknown',
      description: 'Endpoints of which Asterisk knows no state: without a registration and without a qualify.',
      unit: 'short',
    },
    instant(sum(series(CATALOGUE.endpoints, { state: ['unknown'] }), ['role']), '{{role}}'),
  )
}

function trunkStates() {
  return timeline(
    {
      title: 'Trunks over time',
      description: 'When each trunk was online. Empty: Asterisk did not know, or was not heard.',
      unit: 'none',
      words: DOWN,
    },
    range(max(series(CATALOGUE.endpointUp, { role: ['trunk'] }), ['instance', 'endpoint']), '{{endpoint}}'),
  )
}

function phoneStates() {
  return timeline(
    {
      title: 'Phones that were offline',
      description:
        'Phones that were offline at some time of the span, and when. Those that were online all the time are left out.',
      unit: 'none',
      words: DOWN,
    },
    range(
      `${max(series(CATALOGUE.endpointUp, { role: ['phone'] }), ['instance', 'endpoint'])} and ${max(
        `min_over_time(${series(CATALOGUE.endpointUp, { role: ['phone'] })}[$__range] @ end())`,
        ['instance', 'endpoint'],
      )} == 0`,
      '{{endpoint}}',
    ),
  )
}

function flaps() {
  return tally(
    {
      title: 'Flaps',
      description: 'How often each trunk or phone went down or came up within a step; only those that did.',
      unit: 'short',
      interval: '10m',
    },
    range(
      `${sum(`changes(${series(CATALOGUE.endpointUp)}[$__rate_interval])`, ['role', 'endpoint'])} > 0`,
      '{{endpoint}}',
    ),
  )
}

function roundTrips() {
  return graph(
    {
      title: 'Round trip of the last qualify',
      description: 'How long each endpoint took to answer Asterisk’s last qualify; the ten slowest.',
      unit: 's',
      figures: ['lastNotNull', 'max'],
    },
    range(`topk(10, ${max(series(CATALOGUE.endpointRoundTrip), ['instance', 'endpoint'])})`, '{{endpoint}}'),
  )
}

function counts() {
  return graph(
    {
      title: 'Endpoints by state',
      description: 'How many trunks and phones are online, offline, or of unknown state.',
      unit: 'short',
      stacked: true,
    },
    range(sum(series(CATALOGUE.endpoints), ['role', 'state']), '{{role}} {{state}}'),
  )
}

function offlineShareOverTime() {
  return graph(
    {
      title: 'Offline share',
      description: 'Offline of those whose state Asterisk knows, by role.',
      unit: 'percentunit',
      max: 1,
      steps: ['transparent', [PHONES_OFFLINE_SHARE, 'red']],
    },
    range(recorded(RECORDINGS.endpointsOffline, ''), '{{role}}'),
  )
}
