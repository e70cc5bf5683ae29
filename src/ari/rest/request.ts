// One HTTP request to ARI, with a deadline, as a value.
//
// It never throws and never hangs; credentials go in the Authorization header only, and no error text of the
// platform leaves this file, only its code. Redirects are not followed: ARI sends none.

import { isObject } from '../wire.ts'
import { type Answer, failed } from './result.ts'

export interface RequestOptions {
  /** `http://host:8088/ari`, without credentials. */
  readonly baseUrl: string
  readonly user: string
  readonly password: string
}

export interface Requester {
  /** The parsed JSON body; null for an empty one. `path` begins with a slash. */
  send(call: Call): Promise<Answer<unknown>>
  /** Ends all calls under way, and every later one at once, as `stopped`. */
  close(): void
}

export interface Call {
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

  async function send(call: Call): Promise<Answer<unknown>> {
    if (isClosed) return failed('stopped', 'stopped')
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), call.deadlineMs)
    pending.add(abort)
    try {
      const response = await fetch(`${options.baseUrl}${call.path}`, {
        method: call.method,
        headers: { authorization, ...(call.body !== undefined && { 'content-type': 'application/json' }) },
        redirect: 'manual',
        signal: abort.signal,
        ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      })
      return answerOf(response.status, await response.text())
    } catch (error) {
      if (isClosed) return failed('stopped', 'stopped')
      return abort.signal.aborted ? failed('timeout', `no answer in ${call.deadlineMs} ms`) : problemOf(error)
    } finally {
      clearTimeout(timer)
      pending.delete(abort)
    }
  }

  function close(): void {
    isClosed = true
    for (const abort of pending) abort.abort()
  }

  return { send, close }
}

function answerOf(status: number, text: string): Answer<unknown> {
  const detail = `HTTP ${status}`
  if (status === 401) return failed('unauthorized', detail)
  if (status === 403) return failed('forbidden', detail)
  if (status === 404) return failed('not_found', detail)
  if (status === 409) return failed('conflict', detail)
  if (status >= 500) return failed('server_error', detail)
  if (status >= 400) return failed('refused', detail)
  if (status >= 300) return failed('not_ari', detail)
  if (text === '') return { ok: true, value: null }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return failed('not_ari', 'the answer is not JSON')
  }
}

function problemOf(error: unknown): Answer<never> {
  const cause = error instanceof Error ? error.cause : undefined
  const code = isObject(cause) && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no connection'
  // Bytes came, but they are no HTTP: a SIP or AMI port.
  if (cause instanceof Error && cause.name === 'HTTPParserError') return failed('not_ari', 'no HTTP')
  return failed('unreachable', code)
}
