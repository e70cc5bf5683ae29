// What a REST call came to, as a value: the world failing is no exception here.
//
// Details are codes (`ECONNREFUSED`, `HTTP 503`), never URLs or messages: they may be logged.

/**
 * `unreachable`: refused, no such name, reset, no TLS. `not_ari`: something else answers (HTML, a redirect, no HTTP at all).
 * `conflict`: 409, not in a state for that. `refused`: any other 4xx. `server_error`: 5xx; 503 is an Asterisk that still starts. `bad_answer`: JSON, but not the shape.
 * `stopped`: we ended the call ourselves.
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

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: RestProblem }

/** A failed answer. */
export function failed(kind: RestProblemKind, detail: string): { readonly ok: false; readonly problem: RestProblem } {
  return { ok: false, problem: { kind, detail } }
}
