// The wallboard of the operations room: whether the PBX is up, callers wait, or calls are missed.
//
// To be read in one second from five metres: bright tiles need attention, dark ones do not, grey ones are unknown. It fills one
// screen of 1920 by 1080 pixels, with the current values above and their history below. Internal calls are on other boards.

import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { CATALOGUE } from '../../src/metrics/catalogue/catalogue.ts'
import { BOARDS, boardLink, callsAround } from '../addresses.ts'
import { dashboard } from '../dashboard.ts'
import { row } from '../layout.ts'
import { barsOverTime, graph } from '../panels/graph.ts'
import { timeline } from '../panels/timeline.ts'
import { increase, max, series, sum } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { range } from '../targets.ts'
import { DOWN, lastWeek, lately } from './sharedText.ts'
import { freeAgents } from './wallAgents.ts'
import { alertsByName, firingOverTime } from './wallAlerts.ts'
import { calledBack, missedCallers } from './wallCallers.ts'
import { asterisk, callsNow, inboundLately, queues, today } from './wallFigures.ts'

/** The board. */
export function wallboard(): Dashboard {
  return dashboard({
    uid: BOARDS.wallboard,
    title: 'Asterisk / NOC wallboard',
    description:
      'One screen for a wall: missed calls, people to be called back, waiting callers, free agents, trunks, and firing alerts.',
    from: 'now-6h',
    refresh: '10s',
    sections: [
      {
        rows: [
          row(7, [9, inboundLately()], [4, queues()], [5, freeAgents()], [6, alertsByName()]),
          row(4, [11, missedCallers()], [7, calledBack()], [6, callsNow()]),
          row(4, [12, asterisk()], [12, today()]),
          row(6, [12, inboundOverTime()], [12, states()]),
          row(6, [12, callsOverTime()], [12, firingOverTime()]),
        ],
      },
    ],
  })
}

function inboundOverTime() {
  const answered = { direction: ['inbound'], disposition: ['answered'] } as const
  return barsOverTime(
    {
      title: 'Inbound calls per 10 minutes',
      description: 'Answered and missed inbound calls, by the time of their end.',
      unit: 'short',
      interval: '10m',
      colors: { answered: 'green', missed: 'red' },
      more: { title: 'Missed calls', url: boardLink(BOARDS.missedCalls) },
      click: { title: 'Call log of that hour', url: callsAround({ direction: 'inbound' }) },
    },
    range(sum(increase(series(CATALOGUE.calls, answered))), 'answered'),
    range(sum(increase(series(CATALOGUE.missedCalls, { direction: ['inbound'] }))), 'missed'),
  )
}

function states() {
  return timeline(
    {
      title: 'PBX and trunks',
      description:
        'When each exporter was in sync with its PBX, and when each trunk was online; empty while the state was unknown.',
      unit: 'none',
      texts: DOWN,
      more: { title: 'Trunks and endpoints', url: boardLink(BOARDS.trunks) },
    },
    range(max(series(CATALOGUE.up), ['instance']), 'PBX {{instance}}'),
    range(
      max(series(CATALOGUE.endpointUp, { role: ['trunk'] }), ['instance', 'endpoint']),
      '{{endpoint}} {{instance}}',
    ),
  )
}

function callsOverTime() {
  return graph(
    {
      title: 'Calls at the same time, against last week',
      description: 'Calls in progress, and a week before; averages over ten minutes.',
      unit: 'short',
      decimals: 0,
      colors: { now: 'green', 'a week ago': 'text' },
      more: { title: 'Calls', url: boardLink(BOARDS.calls) },
    },
    range(lately(recorded(RECORDINGS.active, '')), 'now'),
    range(lastWeek(recorded(RECORDINGS.active, '')), 'a week ago'),
  )
}
