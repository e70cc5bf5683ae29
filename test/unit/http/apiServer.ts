// A server whose API reads a real call log and a fixed list of active calls.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, onTestFinished } from 'vitest'
import type { CallRecord } from '../../../src/call/fact.ts'
import type { MissedCaller } from '../../../src/callback/missedCaller.ts'
import { openCallQueries } from '../../../src/calllog/reader/client.ts'
import type { ApiDependencies } from '../../../src/http/api/dependencies.ts'
import { exporterApi } from '../../../src/http/api/router.ts'
import type { HttpOptions } from '../../../src/http/server.ts'
import type { EndpointWithRole } from '../../../src/query/endpointFields.ts'
import type { ExporterQueries } from '../../../src/query/query.ts'
import type { Agent } from '../../../src/staffing/agent.ts'
import { type Known, writeKnown } from '../calllog/manyCalls.ts'
import { sampleCall, T0 } from '../calllog/samples.ts'
import { writeMissedCallers } from '../calllog/written.ts'
import { emptyApi, serve } from './testServer.ts'

export interface ApiServer {
  readonly url: string
  readonly queries: ExporterQueries
}

export interface ApiServerOptions {
  readonly known?: readonly Known[]
  readonly missedCallers?: readonly MissedCaller[]
  readonly live?: readonly CallRecord[]
  readonly queries?: (real: ExporterQueries) => ExporterQueries
  readonly links?: ApiDependencies['links']
  readonly options?: Partial<HttpOptions>
}

/** An active call with the row id 17. */
export const LIVE = sampleCall({ channelId: 'live-1', state: 'talking', answeredAt: T0 + 3000, answeredBy: ['102'] })

const NONE: readonly Known[] = []
const files = new Map<readonly Known[], Buffer>()

/** Writes the calls to a database at the first use of the list, and copies that file afterwards. */
function copyOfLog(path: string, known: readonly Known[]): void {
  const file = files.get(known)
  if (file !== undefined) {
    writeFileSync(path, file)
    return
  }
  writeKnown(path, known)
  files.set(known, readFileSync(path))
}

/** Starts a server that runs until the test ends. */
export async function serveApi(options: ApiServerOptions = {}): Promise<ApiServer> {
  const { close, ...server } = await openApi(options)
  onTestFinished(close)
  return server
}

/** A server for all tests of a file, started by the first that asks for it. To be called at the top of the file. */
export function sharedApi(options: ApiServerOptions): () => Promise<ApiServer> {
  let opening: Promise<OpenApi> | undefined
  afterAll(async () => (await opening)?.close())
  return () => (opening ??= openApi(options))
}

/** Nothing is known of this one. */
const AGENT: Agent = {
  ...{ call: null, occupancy: null },
  ...{ queue: 'sales', member: 'PJSIP/102', operator: '102', name: null },
  ...{ state: null, since: null, pauseReason: null, seenAt: null },
}

const TRUNK: EndpointWithRole = {
  ...{ endpoint: 'trunk-a', technology: 'PJSIP', state: 'online', lastState: 'online', roundTripMs: 12 },
  ...{ role: 'trunk', decidedBy: 'configuration', certainty: 'sure', reasons: ['logs_in', 'fixed_contact'] },
}
const PHONE: EndpointWithRole = {
  ...{ endpoint: '102', technology: 'SIP', state: 'unknown', lastState: 'offline', roundTripMs: null },
  ...{ role: 'phone', decidedBy: 'name', certainty: 'doubtful', reasons: [] },
}

interface OpenApi extends ApiServer {
  close(): Promise<void>
}

async function openApi({
  known = NONE,
  missedCallers = [],
  live = [LIVE],
  queries,
  links = { sipTrace: null, recording: null },
  options,
}: ApiServerOptions): Promise<OpenApi> {
  const folder = mkdtempSync(join(tmpdir(), 'api-'))
  const path = join(folder, 'calls.db')
  copyOfLog(path, known)
  if (missedCallers.length > 0) {
    writeMissedCallers(path, missedCallers)
  }
  const real = openCallQueries({ path }, { log: pino({ level: 'silent' }) })
  const wrapped = queries === undefined ? real : queries(real)
  const api: ApiDependencies = emptyApi({
    queries: wrapped,
    live: () => live,
    liveCount: () => live.length,
    rowId: (channelId) => (channelId === 'live-1' ? 17 : undefined),
    operatorStates: () =>
      new Map([
        ['102', 'talking'],
        ['777', 'offline'],
      ]),
    staffing: {
      agents: () => [
        { ...AGENT, state: 'paused', since: T0, pauseReason: 'lunch', seenAt: T0 + 5_000 },
        {
          ...{ ...AGENT, member: 'PJSIP/103', operator: '103', state: 'talking', since: T0, seenAt: T0 + 5_000 },
          call: { callId: 'live-1', number: '0401234567', name: 'Ann Example' },
          occupancy: { busyMs: 20_000, staffedMs: 60_000, since: T0 },
        },
        { ...AGENT, queue: 'support' },
      ],
      queues: () => [
        {
          queue: 'sales',
          agents: { free: 0, ringing: 0, talking: 1, wrapup: 0, paused: 1, offline: 0 },
          seenAt: T0 + 5_000,
        },
        { queue: 'support', agents: null, seenAt: null },
      ],
      questionsPerSecond: 5,
    },
    trunksNow: () => ({
      limited: [
        { trunk: 'trunk-a', channels: 30, state: 'known' },
        { trunk: 'trunk-x', channels: 2, state: 'not_seen' },
      ],
      calls: new Map([['trunk-a', 3]]),
    }),
    queuesNow: () => new Map([['sales', { count: 2, longestMs: 42_000 }]]),
    endpoints: () => [TRUNK, PHONE],
    resPrometheus: () => true,
    links,
    now: () => T0 + 60_000,
  })
  const server = await serve({ api: exporterApi(api) }, options)
  async function close(): Promise<void> {
    await server.stop()
    await real.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { url: server.url, queries: wrapped, close }
}
