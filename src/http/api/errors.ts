// How the API answers: JSON, or problems in words. Failures of the call log are told, failures of ours are not.

import type { ErrorRequestHandler, Request, Response } from 'express'
import { QueryFailure } from '../../query/queryFailure.ts'

/** An answer that is not what was asked for: every reason in words. */
export function refuse(response: Response, status: number, problems: readonly string[]): void {
  response.status(status).json({ problems })
}

/** The parameters as they were written; express's own reading of them has surprises. */
export function parametersOf(request: Request): URLSearchParams {
  const at = request.originalUrl.indexOf('?')
  return new URLSearchParams(at < 0 ? '' : request.originalUrl.slice(at + 1))
}

/** Aborted when the other end goes before its answer is out. */
export function disconnectSignal(response: Response): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) {
      gone.abort()
    }
  })
  return gone.signal
}

/** Turns what the call log could not answer into a 503; everything else goes on to the handler of our own failures. */
export const queryFailureHandler: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  // A path that cannot be decoded leads nowhere.
  if (error instanceof URIError) {
    refuse(response, 404, ['there is nothing here'])
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
  response.setHeader('Retry-After', '1')
  refuse(response, 503, [error.message])
}
