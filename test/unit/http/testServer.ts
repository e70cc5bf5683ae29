// A service status for the tests, and a server on a free port of loopback.

import type { ApiDependencies } from '../../../src/http/api/dependencies.ts'
import { exporterApi } from '../../../src/http/api/router.ts'
import type { HttpDependencies } from '../../../src/http/app.ts'
import { createLiveFeed } from '../../../src/http/live/liveFeed.ts'
import { type HttpOptions, type HttpServer, startHttp } from '../../../src/http/server.ts'
import type { ServiceStatus } from '../../../src/http/serviceStatus.ts'
import { OPEN_WEB } from '../../../src/http/webconfig/webConfig.ts'
import type { Logger } from '../../../src/log.ts'
import { QueryFailure } from '../../../src/query/queryFailure.ts'

export const NOW = Date.UTC(2026, 0, 15, 12, 30, 0)

/** In sync for an hour, with 2 active calls. */
export function serviceStatus(changes: Partial<ServiceStatus> = {}): ServiceStatus {
  return {
    now: NOW,
    startedAt: NOW - 3 * 3_600_000,
    site: 'helsinki',
    logId: '7d3e0f2a-8c1b-4d5e-9f60-112233445566',
    inSync: true,
    since: NOW - 3_600_000,
    problem: null,
    asterisk: { version: '22.10.1', entityId: '52:54:00:12:34:56', startedAt: NOW - 86_400_000 },
    resPrometheus: null,
    callsActive: 2,
    callsEnded: 12_345,
    callsMissed: 67,
    callLog: { rows: 12_340, pending: 5 },
    ...changes,
  }
}

/** Dependencies of the API without an active call; every query of the call log fails. */
export function emptyApi(changes: Partial<ApiDependencies> = {}): ApiDependencies {
  const fail = () => Promise.reject(new QueryFailure('closed', 'the call log is closed'))
  return {
    queries: {
      ...{ page: fail, csv: fail, detail: fail, operators: fail, stats: fail, series: fail },
      ...{ missedCallers: fail, missedCallersCsv: fail, busiestHours: fail },
      ...{ changes: fail, queueFigures: fail, trunkFigures: fail },
    },
    live: () => [],
    liveCount: () => 0,
    rowId: () => undefined,
    operatorStates: () => new Map(),
    staffing: { agents: () => [], queues: () => [], questionsPerSecond: 5 },
    trunksNow: () => ({ limited: [], calls: null }),
    queuesNow: () => null,
    endpoints: () => [],
    resPrometheus: () => null,
    control: null,
    links: { sipTrace: null, recording: null },
    now: () => NOW,
    ...changes,
  }
}

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

const ignore = () => {}
const SILENT: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore }

/** Dependencies that a test replaces; log levels that it leaves out are silent. */
export interface ServedDependencies extends Partial<Omit<HttpDependencies, 'log'>> {
  readonly log?: Partial<Logger>
}

/** Starts a server with fixed answers; `dependencies` and `options` override them. */
export async function serve(
  { log, ...dependencies }: ServedDependencies = {},
  options: Partial<HttpOptions> = {},
): Promise<HttpServer & { readonly url: string }> {
  const server = await startHttp(
    {
      host: '127.0.0.1',
      port: 0,
      web: OPEN_WEB,
      token: null,
      metricsWithoutAuth: false,
      allowedHosts: [],
      name: 'asterisk-ari-exporter',
      version: '1.2.3',
      ...options,
    },
    {
      metrics: async () => ({ contentType: METRICS_TYPE, body: 'a_metric 1\n' }),
      status: serviceStatus,
      api: exporterApi(emptyApi()),
      live: createLiveFeed(
        { epoch: 'epoch', kept: 8 },
        { live: () => [], rowId: () => undefined, status: serviceStatus },
      ),
      loginFailed: () => {},
      log: { ...SILENT, ...log },
      ...dependencies,
    },
  )
  const scheme = options.web?.tls ? 'https' : 'http'
  return { ...server, url: `${scheme}://127.0.0.1:${server.port}` }
}
