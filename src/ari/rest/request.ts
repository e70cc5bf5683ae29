// One HTTP request to ARI, with a deadline; the result is a value.
//
// It never throws. Credentials are sent in the Authorization header only; of an error, only its code leaves this file, never its
// text. Redirects are not followed: ARI sends none. Not `fetch`: loading it takes 15 MB (README.md).

import type { Agent, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import https from 'node:https'
import { text } from 'node:stream/consumers'
import { http } from '../../process/http.ts'
import { isObject } from '../wire.ts'
import { parseBody } from './jsonBody.ts'
import { failed, type RestResult } from './result.ts'

export interface RequestOptions {
  /** `http://host:8088/ari`, without credentials. */
  readonly baseUrl: string
  readonly user: string
  readonly password: string
  /** The headers of a response arrived. */
  onHeaders?(headers: IncomingHttpHeaders): void
}

export interface Requester {
  /** The parsed JSON body; null for an empty one. `path` begins with a slash. */
  send(request: HttpRequest): Promise<RestResult<unknown>>
  /** Ends all requests, and every later one at once, as `stopped`. */
  close(): void
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly deadlineMs: number
}

/** An idle connection is closed after this time: sooner than Asterisk does it (`session_keep_alive`, 15 s by default). */
const IDLE_MS = 4_000

/** A requester for one ARI server and user. */
export function createRequester(options: RequestOptions): Requester {
  const { Agent } = transportFor(options)
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS })
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
      const response = await exchange(options, request, { agent, signal: abort.signal })
      options.onHeaders?.(response.headers)
      return await answerOf(response)
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
    agent.destroy()
  }

  return { send, close }
}

function transportFor({ baseUrl }: RequestOptions): typeof http | typeof https {
  return baseUrl.startsWith('https:') ? https : http
}

/** Sends a request; resolves when the headers of the response have arrived. */
function exchange(
  options: RequestOptions,
  request: HttpRequest,
  connection: { readonly agent: Agent; readonly signal: AbortSignal },
): Promise<IncomingMessage> {
  const { method, path } = request
  const body = request.body === undefined ? undefined : JSON.stringify(request.body)
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const sent = transportFor(options).request(`${options.baseUrl}${path}`, {
    ...connection,
    method,
    auth: `${options.user}:${options.password}`,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
  })
  let isAnswered = false
  sent.once('response', (response) => {
    isAnswered = true
    resolve(response)
  })
  sent.on('error', (error) => {
    // The server closed an idle connection just when the request was sent on it. Every request may be sent twice.
    if (sent.reusedSocket && !isAnswered && codeOf(error) === 'ECONNRESET') {
      resolve(exchange(options, request, connection))
    } else {
      reject(error)
    }
  })
  sent.end(body)
  return promise
}

async function answerOf(response: IncomingMessage): Promise<RestResult<unknown>> {
  const refusal = refusalOf(response.statusCode ?? 0)
  if (refusal !== null) {
    await text(response)
    return refusal
  }
  try {
    return { ok: true, value: (await parseBody(response)) ?? null }
  } catch (error) {
    if (error instanceof SyntaxError) {
      return failed('not_ari', 'the answer is not JSON')
    }
    throw error
  }
}

function refusalOf(status: number): RestResult<never> | null {
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
  return null
}

function problemOf(error: unknown): RestResult<never> {
  const code = codeOf(error)
  // The answer is not HTTP: a SIP or AMI port.
  if (code.startsWith('HPE_')) {
    return failed('not_ari', 'no HTTP')
  }
  return failed('unreachable', code)
}

function codeOf(error: unknown): string {
  return isObject(error) && 'code' in error && typeof error.code === 'string' ? error.code : 'no connection'
}
