// One HTTP request to ARI, with a deadline; the result is a value.
//
// It never throws. Credentials are sent in the Authorization header only; of an error, only its code leaves this file, never its
// text. Redirects are not followed: ARI sends none.

import { isObject } from '../wire.ts'
import { failed, type RestResult } from './result.ts'

export interface RequestOptions {
  /** `http://host:8088/ari`, without credentials. */
  readonly baseUrl: string
  readonly user: string
  readonly password: string
}

export interface Requester {
  /** The parsed JSON body; null for an empty one. `path` begins with a slash. */
  send(request: HttpRequest): Promise<RestResult<unknown>>
  /** Ends all requests, and every later one at once, as `stopped`. */
  close(): void
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly body?: unknown
  readonly deadlineMs: number
}

/** A requester for one ARI server and user. */
export function createRequester(options: RequestOptions): Requester {
  const authorization = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`
  const pending = new Set<AbortController>()
  let isClosed = false

  async function send(request: HttpRequest): Promise<RestResult<unknown>> {
    if (isClosed) {
      return failed('stopped', 'stopped')
    }
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), request.deadlineMs)
    pending.add(abort)
    try {
      const response = await fetch(`${options.baseUrl}${request.path}`, {
        method: request.method,
        headers: { authorization, ...(request.body !== undefined && { 'content-type': 'application/json' }) },
        redirect: 'manual',
        signal: abort.signal,
        ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
      })
      return answerOf(response.status, await response.text())
    } catch (error) {
      if (isClosed) {
        return failed('stopped', 'stopped')
      }
      return abort.signal.aborted ? failed('timeout', `no answer in ${request.deadlineMs} ms`) : problemOf(error)
    } finally {
      clearTimeout(timer)
      pending.delete(abort)
    }
  }

  function close(): void {
    isClosed = true
    for (const abort of pending) {
      abort.abort()
    }
  }

  return { send, close }
}

function answerOf(status: number, text: string): RestResult<unknown> {
  const detail = `HTTP ${status}`
  if (status === 401) {
    return failed('unauthorized', detail)
  }
  if (status === 403) {
    return failed('forbidden', detail)
  }
  if (status === 404) {
    return failed('not_found', detail)
  }
  if (status === 409) {
    return failed('conflict', detail)
  }
  if (status >= 500) {
    return failed('server_error', detail)
  }
  if (status >= 400) {
    return failed('refused', detail)
  }
  if (status >= 300) {
    return failed('not_ari', detail)
  }
  if (text === '') {
    return { ok: true, value: null }
  }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return failed('not_ari', 'the answer is not JSON')
  }
}

function problemOf(error: unknown): RestResult<never> {
  const cause = error instanceof Error ? error.cause : undefined
  const code = isObject(cause) && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no connection'
  // The answer is not HTTP: a SIP or AMI port.
  if (cause instanceof Error && cause.name === 'HTTPParserError') {
    return failed('not_ari', 'no HTTP')
  }
  return failed('unreachable', code)
}
