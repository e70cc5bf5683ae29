// How the routes of the API answer: the result as JSON, or what is wrong with the request.

import type { Response, Router } from 'express'
import { refuseUnknown } from '../problem.ts'
import { queryFailureHandler, sendProblems } from './errors.ts'
import type { Parsed } from './parse.ts'

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

/** What comes after all routes: unknown paths, other methods, and queries that failed. */
export function answerTheRest(router: Router): void {
  router.use((request, response) => refuseUnknown(request, response, 'not found; /api/openapi.json lists the paths'))
  router.use(queryFailureHandler)
}
