// A server whose API is that of a fleet, with fixed calls, nodes and live calls.

import { onTestFinished } from 'vitest'
import type { FleetApiDependencies } from '../../../src/http/api/fleetDependencies.ts'
import { fleetApi } from '../../../src/http/api/fleetRouter.ts'
import type { FleetActiveCall, NodeEntry } from '../../../src/http/live/fleetMessage.ts'
import type { HttpOptions } from '../../../src/http/server.ts'
import type { FleetQueries } from '../../../src/query/fleetQuery.ts'
import type { FleetCallDetail, FleetCallEntry, FleetMissedCallerEntry } from '../../../src/query/fleetSchema.ts'
import { isoInstant } from '../../../src/time/format.ts'
import { T0 } from '../calllog/samples.ts'
import { serve } from '../http/testServer.ts'
import { activeCall, endedCall, MISSED } from './messages.ts'

const { id: _, ...ended } = endedCall('1772600767.1')

export const CALL: FleetCallEntry = { ...ended, id: 'log-1.17', site: 'helsinki', returned_by: null, tried: [] }

export const DETAIL: FleetCallDetail = {
  ...{ ...CALL, recording: '/monitor/in 1.wav', returned_by: 'log-1.20' },
  ...{ account_code: '', context: 'from-trunk', caller_endpoint: 'trunk-a', quality: null, node: 'pbx-1', legs: [] },
}

export const CALLER: FleetMissedCallerEntry = { ...MISSED, id: 'log-1.3', site: 'helsinki', closed_by_call: 'log-1.44' }

export const NODES: readonly NodeEntry[] = [
  {
    ...{ url: 'https://pbx1.example.org:9745', site: 'helsinki', state: 'live', since: isoInstant(T0), problem: null },
    ...{ in_sync: true, calls_active: 1 },
    asterisk: { version: '22.10.1', entity_id: '52:54:00:12:34:56', start_time: isoInstant(T0) },
  },
  {
    ...{ url: 'http://10.0.0.2/telemetry', site: null, state: 'unreachable', since: isoInstant(T0) },
    ...{ problem: 'it does not answer', in_sync: null, asterisk: null, calls_active: null },
  },
]

const live = (channelId: string, site: string, startedAt: number): FleetActiveCall => ({
  ...activeCall(channelId),
  ...{ id: `log-${site}.1`, site, start_time: isoInstant(startedAt) },
})

export const LIVE = [
  live('newer', 'helsinki', T0 + 2_000),
  live('older', 'turku', T0),
  live('last', 'turku', T0 + 3_000),
]

const OPERATOR = {
  ...{ operator: '102', site: 'helsinki', offered: 3, answered: 2, missed: 1, answered_elsewhere: 0, cancelled: 0 },
  ...{ talk_seconds: 60, average_talk_seconds: 30 },
}

export interface Asked {
  readonly query: keyof FleetQueries
  readonly request: unknown
}

/** Queries with fixed answers, and what they were asked. */
export function fixedQueries(asked: Asked[] = []): FleetQueries {
  const fixed =
    <Result>(query: keyof FleetQueries, result: Result) =>
    async (request?: unknown): Promise<Result> => {
      asked.push({ query, request })
      return result
    }
  return {
    page: fixed('page', { calls: [CALL], next: null, total: null }),
    csv: fixed('csv', { text: 'a row\r\n', next: null }),
    detail: async (call) => (call === DETAIL.id || call === DETAIL.channel_id ? DETAIL : null),
    operators: fixed('operators', [OPERATOR]),
    stats: fixed('stats', {
      ...{ from: isoInstant(T0), to: isoInstant(T0 + 1), calls: 1, answered: 1, missed: 0 },
      by_direction: { inbound: 1, outbound: 0, internal: 0, transit: 0 },
      by_disposition: {
        ...{
          answered: 1,
          voicemail: 0,
          abandoned: 0,
          cancelled: 0,
          no_answer: 0,
          busy: 0,
          rejected: 0,
          unreachable: 0,
        },
        ...{ congestion: 0, invalid_number: 0, self_service: 0, failed: 0, merged: 0, unknown: 0 },
      },
      ...{
        answered_share: 1,
        talk_seconds: 60,
        average_talk_seconds: 60,
        average_answer_delay_seconds: 3,
        longest_queue_wait_seconds: null,
      },
    }),
    series: fixed('series', {
      from: new Date(T0).toISOString(),
      to: new Date(T0 + 1).toISOString(),
      by: 'queue',
      series: [],
    }),
    busiestHours: fixed('busiestHours', { from: T0, to: T0 + 1, trunks: [] }),
    queueFigures: fixed('queueFigures', [
      { queue: 'sales', site: 'turku', offered: 4, answered: 2, abandoned: 1, answered_within: 1, waited: 50 },
    ]),
    trunkFigures: fixed('trunkFigures', [
      {
        ...{ trunk: 'trunk-a', site: 'turku', attempts: 4, answered: 3 },
        lastFault: { at: T0, result: 'congestion' as const, cause: 34 },
      },
    ]),
    missedCallers: fixed('missedCallers', { missed_callers: [CALLER], waiting: 1, next: null }),
    missedCallersCsv: fixed('missedCallersCsv', { text: 'a row\r\n', next: null }),
    sites: fixed('sites', [{ site: 'helsinki', log_id: 'log-1', calls: 17, last_call_time: isoInstant(T0) }]),
  }
}

/** The dependencies of the API; `changes` replace some. */
export function fleetSources(changes: Partial<FleetApiDependencies> = {}): FleetApiDependencies {
  return {
    queries: fixedQueries(),
    nodes: () => NODES,
    live: () => LIVE,
    liveCount: () => LIVE.length,
    links: { sipTrace: null, recording: 'https://rec.example.org/{file}' },
    now: () => T0 + 60_000,
    ...changes,
  }
}

/** Starts a server that runs until the test ends. */
export async function serveFleet(
  changes: Partial<FleetApiDependencies> = {},
  options: Partial<HttpOptions> = {},
): Promise<string> {
  const server = await serve({ api: fleetApi(fleetSources(changes)) }, options)
  onTestFinished(() => server.stop())
  return server.url
}
