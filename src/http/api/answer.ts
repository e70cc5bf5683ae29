// How the routes of the API answer: the result as JSON, or what is wrong with the request. The routes that each API has: the document, and
// what comes after all.

import type { Response, Router } from 'express'
import { refuseUnknown } from '../problem.ts'
import { parametersOf, queryFailureHandler, sendProblems } from './errors.ts'
import type { Json } from './openapi.ts'
import { NO_QUERY } from './params.ts'
import { type Parsed, parseWith } from './parse.ts'

/** 400 for wrong parameters, 404 if `load` gives null, else its result. */
export async function answer<T>(
  response: Response,
  parsed: Parsed<T>,
  load: (parameters: T) => unknown,
): Promise<void> {
  if (!parsed.ok) {
    return sendProblems(response, 400, parsed.problems)
  }
  const result = await load(parsed.value)
  if (result === null) {
    sendProblems(response, 404, ['there is no such call'])
  } else {
    response.json(result)
  }
}

/** Adds the OpenAPI document. It takes some 10 ms, and is made when it is first asked for. */
export function addDocument(router: Router, make: () => Json): void {
  let document: Json | null = null
  router.get('/openapi.json', (request, response) =>
    answer(response, parseWith(NO_QUERY, parametersOf(request)), () => {
      document ??= make()
      return document
    }),
  )
}

/** What comes after all routes: unknown paths, other methods, and queries that failed. */
export function answerTheRest(router: Router): void {
  router.use((request, response) => refuseUnknown(request, response, 'not found; /api/openapi.json lists the paths'))
  router.use(queryFailureHandler)
}
