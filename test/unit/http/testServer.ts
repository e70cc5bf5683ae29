// A page state for the tests, to be varied, and a server on a free port of loopback.

import type { ApiDependencies } from '../../../src/http/api/dependencies.ts'
import type { HttpDependencies } from '../../../src/http/app.ts'
import { createLiveFeed } from '../../../src/http/live/liveFeed.ts'
import { type HttpOptions, type HttpServer, startHttp } from '../../../src/http/server.ts'
import type { ServiceStatus } from '../../../src/http/serviceStatus.ts'
import { OPEN_WEB } from '../../../src/http/webconfig/webConfig.ts'
import type { Logger } from '../../../src/log.ts'
import { QueryFailure } from '../../../src/query/queryFailure.ts'

export const NOW = Date.UTC(2026, 0, 15, 12, 30, 0)

/** In sync for an hour, 2 calls live. */
export function serviceStatus(changes: Partial<ServiceStatus> = {}): ServiceStatus {
  return {
    now: NOW,
    startedAt: NOW - 3 * 3_600_000,
    inSync: true,
    since: NOW - 3_600_000,
    problem: null,
    asterisk: { version: '22.10.1', entityId: '52:54:00:12:34:56', startedAt: NOW - 86_400_000 },
    callsActive: 2,
    callsEnded: 12_345,
    callsMissed: 67,
    countedOver: 'in all',
    callLog: { rows: 12_340, pending: 5 },
    ...changes,
  }
}

/** Sources of the API for tests of something else: no call lives, and the log cannot be asked. */
export function nothingOfCalls(changes: Partial<ApiDependencies> = {}): ApiDependencies {
  const refuse = () => Promise.reject(new QueryFailure('closed', 'the call log is closed'))
  return {
    queries: { page: refuse, csv: refuse, detail: refuse, operators: refuse, stats: refuse },
    live: () => [],
    liveCount: () => 0,
    rowId: () => undefined,
    operatorStates: () => new Map(),
    now: () => NOW,
    ...changes,
  }
}

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

const nothing = () => {}
const SILENT: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing }

/** What a test serves; levels of the log that it leaves out are silent. */
export interface ServedSources extends Partial<Omit<HttpDependencies, 'log'>> {
  readonly log?: Partial<Logger>
}

/** A server that answers plain things, unless told otherwise. */
export async function serve(
  { log, ...sources }: ServedSources = {},
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
      state: serviceStatus,
      api: nothingOfCalls(),
      live: createLiveFeed(
        { epoch: 'epoch', kept: 8 },
        { live: () => [], rowId: () => undefined, state: serviceStatus },
      ),
      loginFailed: () => {},
      log: { ...SILENT, ...log },
      ...sources,
    },
  )
  const scheme = options.web?.tls ? 'https' : 'http'
  return { ...server, url: `${scheme}://127.0.0.1:${server.port}` }
}
