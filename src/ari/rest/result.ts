// The result of a REST request as a value: a failed request is not an exception.
//
// Details are codes (`ECONNREFUSED`, `HTTP 503`), never URLs or messages, so they may be logged.

/**
 * `unreachable`: refused, unknown host, reset, TLS failed. `not_ari`: something else answers (HTML, a redirect, no HTTP).
 * `conflict`: 409, not possible in this state. `refused`: any other 4xx. `server_error`: 5xx; 503 means that Asterisk is still
 * starting. `bad_answer`: JSON of another shape. `stopped`: this program ended the request.
 */
export type RestProblemKind =
  | 'unreachable'
  | 'timeout'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'not_ari'
  | 'conflict'
  | 'refused'
  | 'server_error'
  | 'bad_answer'
  | 'stopped'

export interface RestProblem {
  readonly kind: RestProblemKind
  readonly detail: string
}

export type RestResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: RestProblem }

/** A failed request. */
export function failed(kind: RestProblemKind, detail: string): { readonly ok: false; readonly problem: RestProblem } {
  return { ok: false, problem: { kind, detail } }
}
