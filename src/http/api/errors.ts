// Error answers of the API: problem details. A failure of the call log is explained to the client; an internal
// error is not.

import type { ErrorRequestHandler, Request, Response } from 'express'
import { QueryFailure } from '../../query/queryFailure.ts'
import { endWithProblems } from '../problem.ts'

/** Sends an error status with every problem. */
export function sendProblems(response: Response, status: number, problems: readonly string[]): void {
  endWithProblems(response, status, problems)
}

/** The query parameters as sent; express's own parser turns some of them into arrays and objects. */
export function parametersOf(request: Request): URLSearchParams {
  const at = request.originalUrl.indexOf('?')
  return new URLSearchParams(at < 0 ? '' : request.originalUrl.slice(at + 1))
}

/** Aborts when the client disconnects before its answer is written. */
export function disconnectSignal(response: Response): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) {
      controller.abort()
    }
  })
  return controller.signal
}

/** Answers 400 if the client has to ask in another way, 503 if the call log cannot answer; passes every other error on to the handler of internal errors. */
export const queryFailureHandler: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  // The path has an invalid percent-encoding.
  if (error instanceof URIError) {
    sendProblems(response, 404, ['not found'])
    return
  }
  if (error instanceof QueryFailure && error.reason === 'aborted') {
    response.destroy()
    return
  }
  if (!(error instanceof QueryFailure) || response.headersSent) {
    next(error)
    return
  }
  if (error.reason === 'refused') {
    sendProblems(response, 400, [error.message])
    return
  }
  response.setHeader('Retry-After', '1')
  sendProblems(response, 503, [error.message])
}
