// The read-only JSON API of a fleet, everything below `/api`: calls, missed callers and operators of all sites, and the nodes.
//
// As router.ts, but for what only one exporter knows.

import express, { type Router } from 'express'
import { FLEET_CSV_HEADER, FLEET_MISSED_CALLER_HEADER } from '../../query/callCsv.ts'
import { callStory } from '../../query/callStory.ts'
import type {
  FleetCallPageRequest,
  FleetMissedCallerPageRequest,
  FleetPeriod,
  FleetQueries,
} from '../../query/fleetQuery.ts'
import type { FleetActiveCalls, FleetOperators, Sites } from '../../query/fleetSchema.ts'
import type { FleetActiveCall, NodeEntry } from '../live/fleetMessage.ts'
import { isReading } from '../problem.ts'
import { addDocument, answer, answerTheRest } from './answer.ts'
import { createBusiestHours } from './busiestHours.ts'
import { addLists, type Lists } from './calls.ts'
import type { Api, ApiOptions } from './dependencies.ts'
import { disconnectSignal, parametersOf, sendProblems } from './errors.ts'
import type { FleetApiDependencies } from './fleetDependencies.ts'
import { fleetQueues, fleetTrunks } from './fleetFigures.ts'
import { fleetOpenApiDocument } from './fleetOpenapi.ts'
import {
  FLEET_ACTIVE_QUERY,
  FLEET_CALLS_CSV_QUERY,
  FLEET_MISSED_CALLERS_CSV_QUERY,
  FLEET_TRUNKS_QUERY,
  parseFleetCalls,
  parseFleetMissedCallers,
  parseFleetPeriod,
  parseFleetQueues,
  parseFleetStats,
} from './fleetParams.ts'
import type { Nodes, ScrapeTargets } from './fleetShapes.ts'
import { DEFAULT_ACTIVE, NO_QUERY } from './params.ts'
import { parseWith } from './parse.ts'
import { stats } from './stats.ts'

/** What only the exporter of one Asterisk knows, and why. */
const ONLY_THERE: Readonly<Record<string, string>> = {
  '/agents':
    'who is free or paused in a queue is known to the exporter of that Asterisk, and is not in the central call log',
  '/endpoints':
    'which endpoints there are is known to the exporter of that Asterisk, and is not in the central call log',
}

/** The API of a fleet. */
export function fleetApi(dependencies: FleetApiDependencies): Api {
  return { routes: (options) => fleetRouter(options, dependencies), isFleet: true, control: null }
}

/** The routes, to be mounted at `/api`. */
export function fleetRouter(options: ApiOptions, dependencies: FleetApiDependencies): Router {
  const { queries, links, nodes, now } = dependencies
  const router = express.Router({ caseSensitive: true, strict: true })
  const busiestHours = createBusiestHours(queries, now)
  const at = (): string => new Date(now()).toISOString()

  addDocument(router, () => fleetOpenApiDocument(options))
  addLists(router, fleetLists(queries), now)
  router.get('/calls/active', (request, response) =>
    answer(response, parseWith(FLEET_ACTIVE_QUERY, parametersOf(request)), ({ limit = DEFAULT_ACTIVE, site }) =>
      activeCalls(dependencies, limit, site),
    ),
  )
  router.get('/calls/:id', (request, response) =>
    answer(response, parseWith(NO_QUERY, parametersOf(request)), async () => {
      const detail = await queries.detail(request.params.id, disconnectSignal(response))
      return detail === null ? null : callStory(detail, links)
    }),
  )
  router.get('/operators', (request, response) =>
    answer(response, parseFleetPeriod(parametersOf(request), now()), (period) =>
      operators(period, { queries, signal: disconnectSignal(response) }),
    ),
  )
  router.get('/stats', (request, response) =>
    answer(response, parseFleetStats(parametersOf(request), now()), (asked) =>
      stats(asked, queries, disconnectSignal(response)),
    ),
  )
  router.get('/queues', (request, response) =>
    answer(response, parseFleetQueues(parametersOf(request), now()), (period) =>
      fleetQueues(period, dependencies, disconnectSignal(response)),
    ),
  )
  router.get('/trunks', (request, response) =>
    answer(response, parseWith(FLEET_TRUNKS_QUERY, parametersOf(request)), ({ site }) =>
      fleetTrunks(site === undefined ? {} : { site }, { ...dependencies, busiestHours }, disconnectSignal(response)),
    ),
  )
  router.get('/sites', (request, response) =>
    answer(
      response,
      parseWith(NO_QUERY, parametersOf(request)),
      async (): Promise<Sites> => ({ at: at(), sites: await queries.sites(disconnectSignal(response)) }),
    ),
  )
  router.get('/nodes', (request, response) =>
    answer(response, parseWith(NO_QUERY, parametersOf(request)), (): Nodes => ({ at: at(), nodes: nodes() })),
  )
  router.get('/sd', (request, response) => {
    const all = nodes()
    if (all.some(({ state }) => state === 'connecting')) {
      response.setHeader('Retry-After', '1')
      return sendProblems(response, 503, ['not every node was asked for its name yet; ask again in a moment'])
    }
    return answer(response, parseWith(NO_QUERY, parametersOf(request)), () => scrapeTargets(all))
  })
  // No routes: the document does not have them.
  router.use((request, response, next) => {
    const why = isReading(request) && Object.hasOwn(ONLY_THERE, request.path) ? ONLY_THERE[request.path] : undefined
    return why === undefined ? next() : sendProblems(response, 404, [`not in a fleet: ${why}`])
  })
  answerTheRest(router)
  return router
}

function fleetLists(queries: FleetQueries): Lists<FleetCallPageRequest, FleetMissedCallerPageRequest> {
  return {
    calls: {
      name: 'calls',
      header: FLEET_CSV_HEADER,
      parse: parseFleetCalls,
      parseCsv: (parameters) => parseFleetCalls(parameters, FLEET_CALLS_CSV_QUERY),
      page: queries.page,
      csv: queries.csv,
    },
    missedCallers: {
      name: 'missed-callers',
      header: FLEET_MISSED_CALLER_HEADER,
      parse: parseFleetMissedCallers,
      parseCsv: (parameters) => parseFleetMissedCallers(parameters, FLEET_MISSED_CALLERS_CSV_QUERY),
      page: queries.missedCallers,
      csv: queries.missedCallersCsv,
    },
  }
}

/** The active calls of some sites or of all, the oldest first, at most `limit`. */
function activeCalls(
  { live, liveCount, now }: FleetApiDependencies,
  limit: number,
  sites: readonly string[] | undefined,
): FleetActiveCalls {
  const calls: FleetActiveCall[] = []
  for (const call of live()) {
    if (sites === undefined || sites.includes(call.site)) {
      calls.push(call)
    }
  }
  calls.sort((one, other) => (one.start_time < other.start_time ? -1 : one.start_time > other.start_time ? 1 : 0))
  return {
    at: new Date(now()).toISOString(),
    total: sites === undefined ? liveCount() : calls.length,
    calls: calls.slice(0, limit),
  }
}

// What an operator does now is known only to the exporter.
async function operators(
  period: FleetPeriod,
  { queries, signal }: { readonly queries: Pick<FleetQueries, 'operators'>; readonly signal: AbortSignal },
): Promise<FleetOperators> {
  const offered = await queries.operators(period, signal)
  return {
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    operators: offered.map((operator) => ({ ...operator, state: null })),
  }
}

/** The nodes for Prometheus' HTTP service discovery. Where `site` is not known, the label is missing. */
export function scrapeTargets(nodes: readonly Pick<NodeEntry, 'url' | 'site'>[]): ScrapeTargets {
  return nodes.map(({ url, site }) => {
    const { protocol, host, port, pathname } = new URL(url)
    const path = pathname.replace(/\/$/, '')
    return {
      targets: [port === '' ? `${host}:${protocol === 'https:' ? 443 : 80}` : host],
      labels: {
        __scheme__: protocol === 'https:' ? 'https' : 'http',
        ...(path !== '' && { __metrics_path__: `${path}/metrics` }),
        ...(site !== null && { site }),
      },
    }
  })
}
