// One POST of a message, with a deadline; the result is a value.
//
// It never throws. Redirects are not followed: a receiver that has moved is a setting to change. Of an error, only its code leaves
// this file. Not `fetch`: loading it takes 15 MB (../README.md).

import type { Agent, IncomingMessage } from 'node:http'
import https from 'node:https'
import tls from 'node:tls'
import { trustedCertificates } from '../process/certificates.ts'
import { http } from '../process/http.ts'
import type { SinkFailureReason } from '../shipping/sink.ts'

export interface PostOptions {
  /** http or https; without credentials. */
  readonly url: string
  /** A certificate, or that of a CA, that is trusted besides those of Node; PEM. */
  readonly ca: string | null
  /** How many requests run at a time; further ones wait for a connection. */
  readonly connections: number
  readonly deadlineMs: number
}

export type Answer =
  /** `retryAfter`: the header as it came. */
  | { readonly status: number; readonly retryAfter: string | null }
  /** No answer. `detail`: a code or a few words, no part of the URL. */
  | { readonly status: null; readonly reason: SinkFailureReason; readonly detail: string }

export interface Poster {
  post(body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer>
  /** Closes idle connections. */
  close(): void
}

/** An idle connection is closed after this time: sooner than Node's own server does it (5 s). */
const IDLE_MS = 4_000

/** Nobody reads the body of an answer; a longer one ends the connection. */
const MAX_ANSWER_BYTES = 64_000

/** A poster for one receiver. */
export function createPoster({ url, ca, connections, deadlineMs }: PostOptions): Poster {
  const isTls = url.startsWith('https:')
  const keptAlive = { keepAlive: true, maxSockets: connections, timeout: IDLE_MS }
  // Made once: Node would read a list of certificates again for each connection.
  const trusted = ca === null ? {} : { secureContext: tls.createSecureContext({ ca: [...trustedCertificates(), ca] }) }
  const agent = isTls ? new https.Agent({ ...keptAlive, ...trusted }) : new http.Agent(keptAlive)

  return {
    async post(body, headers, signal) {
      const deadline = AbortSignal.timeout(deadlineMs)
      const request = { url, body, headers, agent, signal: AbortSignal.any([signal, deadline]) }
      try {
        return await exchange(request)
      } catch (error) {
        return deadline.aborted
          ? { status: null, reason: 'timeout', detail: `no answer in ${deadlineMs / 1000} s` }
          : problemOf(error)
      }
    },
    close: () => agent.destroy(),
  }
}

interface Exchange {
  readonly url: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly agent: Agent
  readonly signal: AbortSignal
}

/** Sends a request; resolves when the answer has been received, or enough of it. */
function exchange(request: Exchange): Promise<Answer> {
  const { url, body, headers, agent, signal } = request
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const { request: open } = url.startsWith('https:') ? https : http
  const sent = open(url, {
    ...{ agent, signal, method: 'POST' },
    headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  })
  let isAnswered = false
  sent.once('response', (response) => {
    isAnswered = true
    const { statusCode = 0, headers: answered } = response
    afterBody(response, () => resolve({ status: statusCode, retryAfter: answered['retry-after'] ?? null }))
  })
  sent.on('error', (error) => {
    // The receiver closed an idle connection just when the request was sent on it. Every request may be sent twice.
    if (sent.reusedSocket && !isAnswered && !signal.aborted && codeOf(error) === 'ECONNRESET') {
      resolve(exchange(request))
    } else {
      reject(error)
    }
  })
  sent.end(body)
  return promise
}

// Read, because a connection with an unread answer cannot be used again. What happens to the body does not change the answer.
function afterBody(response: IncomingMessage, done: () => void): void {
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) {
      response.destroy()
    }
  })
  response.on('error', () => undefined)
  response.on('close', done)
}

function problemOf(error: unknown): Answer {
  const code = codeOf(error)
  if (code.startsWith('HPE_')) {
    return { status: null, reason: 'other', detail: 'the answer is not HTTP' }
  }
  const reason = /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_|EPROTO/.test(code) ? 'tls' : 'unreachable'
  return { status: null, reason, detail: code }
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' ? code : 'no connection'
}
