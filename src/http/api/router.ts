// The read-only JSON API, everything below `/api`.
//
// Only GET and HEAD. Whatever else is asked for is answered in JSON too, in words. Who may enter is decided before.

import express, { type Response, type Router } from 'express'
import { activeCalls, operators } from './activeCalls.ts'
import { callsHandler } from './calls.ts'
import type { ApiDependencies } from './dependencies.ts'
import { disconnectSignal, parametersOf, queryFailureHandler, refuse } from './errors.ts'
import { openApiDocument } from './openapi.ts'
import { ACTIVE_QUERY, NO_QUERY, type Parsed, parsePeriod, parseWith } from './params.ts'

/** What the document says of the program. */
export interface ApiOptions {
  readonly name: string
  readonly version: string
}

const DEFAULT_ACTIVE = 500

/** The routes, to be mounted at `/api`. */
export function apiRouter(options: ApiOptions, sources: ApiDependencies): Router {
  const { queries, now } = sources
  const document = openApiDocument(options)
  const router = express.Router({ caseSensitive: true, strict: true })

  router.get('/openapi.json', (request, response) =>
    answer(response, parseWith(NO_QUERY, parametersOf(request)), () => document),
  )
  router.get('/calls', callsHandler(queries))
  router.get('/calls/active', (request, response) =>
    answer(response, parseWith(ACTIVE_QUERY, parametersOf(request)), ({ limit = DEFAULT_ACTIVE }) =>
      activeCalls(sources, limit),
    ),
  )
  router.get('/calls/:id', (request, response) =>
    answer(response, parseWith(NO_QUERY, parametersOf(request)), () =>
      queries.detail(callNamed(request.params.id), disconnectSignal(response)),
    ),
  )
  router.get('/operators', (request, response) =>
    answer(response, parsePeriod(parametersOf(request), now()), (period) =>
      operators(period, { ...sources, signal: disconnectSignal(response) }),
    ),
  )
  router.get('/stats', (request, response) =>
    answer(response, parsePeriod(parametersOf(request), now()), (period) =>
      queries.stats(period, disconnectSignal(response)),
    ),
  )

  router.use((request, response) => {
    if (request.method === 'GET' || request.method === 'HEAD') {
      refuse(response, 404, ['there is nothing here; what there is stands in /api/openapi.json'])
      return
    }
    response.setHeader('Allow', 'GET, HEAD')
    refuse(response, 405, ['only GET and HEAD are answered'])
  })
  router.use(queryFailureHandler)
  return router
}

// The row, or the id of the channel.
function callNamed(id: string): number | string {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : id
}

// 400 with the problems, 404 when there is nothing to tell, else what was asked for.
async function answer<T>(response: Response, parsed: Parsed<T>, tell: (asked: T) => unknown): Promise<void> {
  if (!parsed.ok) {
    return refuse(response, 400, parsed.problems)
  }
  const told = await tell(parsed.value)
  if (told === null) {
    refuse(response, 404, ['there is no such call'])
  } else {
    response.json(told)
  }
}
