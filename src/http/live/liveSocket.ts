// The websocket `/api/live`: each connection is a reader of the feed; all readers get the same messages in the same order.
//
// Decides who may connect (same origin and same credentials as the API) and when a reader is disconnected: too slow, or no
// answer to a ping. Never waits for a reader, and ignores what a reader sends. Source: RFC 6455; `ws` implements it.

import type { IncomingMessage, Server } from 'node:http'
import type { Server as TlsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Logger } from '../../log.ts'
import { http } from '../../process/http.ts'
import { type AllowedHosts, UNKNOWN_HOST } from '../auth/allowedHosts.ts'
import type { Authenticator } from '../auth/authenticate.ts'
import type { Position } from './changeRing.ts'
import type { LiveSource } from './liveFeed.ts'
import { createRestSender, type RestSender } from './restSender.ts'

export interface LiveSocketOptions {
  /** Bytes that may wait for a reader before it is disconnected. */
  readonly maxBufferedBytes?: number
  readonly maxReaders?: number
  /** How often the connection to Asterisk is checked, the counters are sent, and readers are pinged. */
  readonly checkMs?: number
  readonly heartbeatMs?: number
  readonly pingMs?: number
}

export interface LiveSocketDependencies {
  readonly feed: LiveSource
  /** Null: no credentials are needed. */
  readonly authenticator: Authenticator | null
  readonly hosts: AllowedHosts
  readonly log: Logger
}

/** The websocket server. */
export interface LiveSocket {
  readonly readers: () => number
  stop(): void
}

const LIVE_PATH = '/api/live'

const CLOSE_TIMEOUT_MS = 5_000

/** The limits, unless others are given. */
export const LIVE_LIMITS = {
  maxBufferedBytes: 1_000_000,
  maxReaders: 200,
  checkMs: 500,
  heartbeatMs: 2_000,
  pingMs: 30_000,
}

/** Handles the upgrade requests of a server; other upgrade requests get a normal HTTP response. */
export function attachLive(
  server: Server | TlsServer,
  options: LiveSocketOptions,
  { feed, authenticator, hosts, log }: LiveSocketDependencies,
): LiveSocket {
  const settings = { ...LIVE_LIMITS, ...options }
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1_024, clientTracking: true })
  const sendRest = createRestSender()
  const timers = [
    setInterval(() => feed.checkConnection(), settings.checkMs),
    setInterval(() => sendHeartbeat(sockets.clients, feed, settings.maxBufferedBytes), settings.heartbeatMs),
    startPings(sockets, settings.pingMs),
  ]
  for (const timer of timers) {
    timer.unref()
  }

  const refusalOf = async (request: IncomingMessage): Promise<Refusal | null> => {
    const { origin, host } = request.headers
    if (!hosts.isAllowedHost(host)) {
      return { status: 421, why: UNKNOWN_HOST }
    }
    if (!hosts.mayOpenSocket(origin, host)) {
      return { status: 403, why: 'the page is of another site' }
    }
    const result = authenticator === null ? 'granted' : await authenticator.authenticate(request.headers.authorization)
    if (authenticator !== null && result === 'refused') {
      return { status: 401, why: 'credentials are needed', challenges: authenticator.challenges }
    }
    if (result === 'busy') {
      return { status: 503, why: 'too many passwords are being checked' }
    }
    if (sockets.clients.size >= settings.maxReaders) {
      return { status: 503, why: 'too many readers' }
    }
    return null
  }
  server.on('upgrade', (request, socket, head) => {
    if (!isLiveRequest(request)) {
      return answerAsHttp(server, request, socket)
    }
    socket.on('error', () => socket.destroy())
    refusalOf(request).then(
      (refusal) => {
        if (socket.destroyed) {
          return
        }
        if (refusal !== null) {
          return refuse(socket, refusal)
        }
        sockets.handleUpgrade(request, socket, head, (reader) => {
          serveReader(reader, positionOf(request), { feed, log, sendRest, maxBufferedBytes: settings.maxBufferedBytes })
        })
      },
      (error: unknown) => {
        log.error({ err: error }, 'upgrade to the live feed failed')
        socket.destroy()
      },
    )
  })
  return {
    readers: () => sockets.clients.size,
    stop() {
      for (const timer of timers) {
        clearInterval(timer)
      }
      for (const reader of sockets.clients) {
        reader.close(1001, 'the program stops')
      }
      sockets.close()
    },
  }
}

interface ReaderDependencies {
  readonly feed: LiveSource
  readonly sendRest: RestSender
  readonly log: LiveSocketDependencies['log']
  readonly maxBufferedBytes: number
}

// Synchronous, so that the subscription gets every change after the initial messages, and none twice.
function serveReader(
  reader: WebSocket,
  position: Position | null,
  { feed, log, sendRest, maxBufferedBytes }: ReaderDependencies,
): void {
  reader.on('error', () => reader.terminate())
  const { texts, rest } = feed.initialMessages(position)
  for (const text of texts) {
    reader.send(text)
  }
  const unsubscribe = feed.subscribe((text) => {
    if (reader.readyState !== reader.OPEN) {
      return
    }
    if (reader.bufferedAmount > maxBufferedBytes) {
      log.info({ bufferedBytes: reader.bufferedAmount }, 'a reader of the live feed was too slow and was disconnected')
      unsubscribe()
      reader.terminate()
      return
    }
    reader.send(text)
  })
  reader.on('close', unsubscribe)
  sendRest(
    {
      isOpen: () => reader.readyState === reader.OPEN,
      send: (text, written) => reader.send(text, (error) => (error == null ? written() : undefined)),
    },
    rest,
  )
}

function sendHeartbeat(readers: ReadonlySet<WebSocket>, feed: LiveSource, maxBufferedBytes: number): void {
  if (readers.size === 0) {
    return
  }
  const text = feed.heartbeat()
  for (const reader of readers) {
    if (reader.readyState === reader.OPEN && reader.bufferedAmount <= maxBufferedBytes) {
      reader.send(text)
    }
  }
}

// A reader that has not answered a ping by the next one is disconnected.
function startPings(sockets: WebSocketServer, everyMs: number): NodeJS.Timeout {
  const unanswered = new WeakSet<WebSocket>()
  return setInterval(() => {
    for (const reader of sockets.clients) {
      if (unanswered.has(reader)) {
        reader.terminate()
        continue
      }
      unanswered.add(reader)
      reader.once('pong', () => unanswered.delete(reader))
      reader.ping()
    }
  }, everyMs)
}

interface Refusal {
  readonly status: number
  readonly why: string
  readonly challenges?: readonly string[]
}

function refuse(socket: Duplex, { status, why, challenges = [] }: Refusal): void {
  const body = `${why}\n`
  const headers = [
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    ...challenges.map((challenge) => `WWW-Authenticate: ${challenge}`),
    ...(status === 503 ? ['Retry-After: 1'] : []),
  ]
  closeAfterAnswer(socket)
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`)
}

// Closes the socket once the answer is written, or after a time-out: the client may never close it, and it uses a descriptor.
function closeAfterAnswer(socket: Duplex): void {
  const timeout = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT_MS).unref()
  socket.on('error', () => socket.destroy())
  socket.on('close', () => clearTimeout(timeout))
  socket.on('finish', () => socket.destroy())
}

function isLiveRequest(request: IncomingMessage): boolean {
  return urlOf(request)?.pathname === LIVE_PATH && request.headers.upgrade?.toLowerCase() === 'websocket'
}

// For example `Upgrade: h2c`, which a server may ignore (RFC 9110, 7.8). The connection is closed after the answer.
function answerAsHttp(server: Server | TlsServer, request: IncomingMessage, socket: Duplex): void {
  const response = new http.ServerResponse(request)
  response.shouldKeepAlive = false
  response.on('finish', () => {
    closeAfterAnswer(socket)
    socket.end()
  })
  response.assignSocket(request.socket)
  server.emit('request', request, response)
}

function positionOf(request: IncomingMessage): Position | null {
  const query = urlOf(request)?.searchParams
  const since = query?.get('since') ?? ''
  const epoch = query?.get('epoch') ?? ''
  return /^\d{1,15}$/.test(since) ? { epoch, seq: Number(since) } : null
}

function urlOf(request: IncomingMessage): URL | null {
  return URL.parse(request.url ?? '/', 'http://here')
}
