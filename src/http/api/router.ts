// The read-only JSON API, everything below `/api`.
//
// Only GET and HEAD; control.ts has the others. Every error is JSON too. Authentication happens before (app.ts).

import express, { type Router } from 'express'
import { callStory } from '../../query/callStory.ts'
import { activeCalls, agents, endpoints, operators } from './activeCalls.ts'
import { addDocument, answer, answerTheRest } from './answer.ts'
import { createBusiestHours } from './busiestHours.ts'
import { addLists, exporterLists } from './calls.ts'
import { controlDocument } from './controlOpenapi.ts'
import type { Api, ApiDependencies, ApiOptions } from './dependencies.ts'
import { disconnectSignal, parametersOf } from './errors.ts'
import { openApiDocument } from './openapi.ts'
import { ACTIVE_QUERY, AGENTS_QUERY, DEFAULT_ACTIVE, NO_QUERY, parsePeriod } from './params.ts'
import { parseWith } from './parse.ts'
import { parseQueues } from './queueParams.ts'
import { queues } from './queues.ts'
import { stats } from './stats.ts'
import { parseStats } from './statsParams.ts'
import { trunks } from './trunks.ts'

/** The API of one exporter. */
export function exporterApi(dependencies: ApiDependencies): Api {
  return {
    routes: (options) => apiRouter(options, dependencies),
    isFleet: false,
    control: dependencies.control,
  }
}

/** The routes, to be mounted at `/api`. */
export function apiRouter(options: ApiOptions, dependencies: ApiDependencies): Router {
  const { queries, links, now, control } = dependencies
  const router = express.Router({ caseSensitive: true, strict: true })
  const busiestHours = createBusiestHours(queries, now)

  addDocument(router, () => (control === null ? openApiDocument(options) : controlDocument(options)))
  addLists(router, exporterLists(queries), now)
  router.get('/calls/active', (request, response) =>
    answer(response, parseWith(ACTIVE_QUERY, parametersOf(request)), ({ limit = DEFAULT_ACTIVE }) =>
      activeCalls(dependencies, limit),
    ),
  )
  router.get('/calls/:id', (request, response) =>
    answer(response, parseWith(NO_QUERY, parametersOf(request)), async () => {
      const detail = await queries.detail(callIdOf(request.params.id), disconnectSignal(response))
      return detail === null ? null : callStory(detail, links)
    }),
  )
  router.get('/trunks', (request, response) =>
    answer(response, parseWith(NO_QUERY, parametersOf(request)), () =>
      trunks({ ...dependencies, busiestHours, signal: disconnectSignal(response) }),
    ),
  )
  router.get('/queues', (request, response) =>
    answer(response, parseQueues(parametersOf(request), now()), (period) =>
      queues(period, { ...dependencies, signal: disconnectSignal(response) }),
    ),
  )
  router.get('/operators', (request, response) =>
    answer(response, parsePeriod(parametersOf(request), now()), (period) =>
      operators(period, { ...dependencies, signal: disconnectSignal(response) }),
    ),
  )
  router.get('/agents', (request, response) =>
    answer(response, parseWith(AGENTS_QUERY, parametersOf(request)), ({ queue }) => agents(dependencies, queue)),
  )
  router.get('/endpoints', (request, response) =>
    answer(response, parseWith(NO_QUERY, parametersOf(request)), () => endpoints(dependencies)),
  )
  router.get('/stats', (request, response) =>
    answer(response, parseStats(parametersOf(request), now()), (asked) =>
      stats(asked, queries, disconnectSignal(response)),
    ),
  )

  answerTheRest(router)
  return router
}

// A number is the id of a row, everything else the id of a channel.
function callIdOf(id: string): number | string {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : id
}
