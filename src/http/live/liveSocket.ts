// The websocket `/api/live`: each connection is a reader of the feed; all readers get the same messages in the same order.
//
// Decides who may connect (same origin and same credentials as the API) and when a reader is disconnected: too slow, or no
// answer to a ping. Never waits for a reader. Nothing that a reader sends is read. Source: RFC 6455; `ws` speaks it.

import { type IncomingMessage, type Server, ServerResponse, STATUS_CODES } from 'node:http'
import type { Server as TlsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Logger } from '../../log.ts'
import { type AllowedHosts, UNKNOWN_HOST } from '../auth/allowedHosts.ts'
import type { Authenticator } from '../auth/authenticate.ts'
import type { LiveFeed, Position } from './liveFeed.ts'

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
  readonly feed: LiveFeed
  /** Null: open to all. */
  readonly access: Authenticator | null
  readonly hosts: AllowedHosts
  readonly log: Logger
}

/** Counts the readers and closes them. */
export interface LiveSocket {
  readonly readers: () => number
  stop(): void
}

export const LIVE_PATH = '/api/live'

const CLOSE_TIMEOUT_MS = 5_000

const DEFAULTS = { maxBufferedBytes: 1_000_000, maxReaders: 200, checkMs: 500, heartbeatMs: 2_000, pingMs: 30_000 }

/** Handles the upgrade requests of a server; other upgrade requests get a normal HTTP response. */
export function attachLive(
  server: Server | TlsServer,
  options: LiveSocketOptions,
  sources: LiveSocketDependencies,
): LiveSocket {
  const settings = { ...DEFAULTS, ...options }
  const { feed, access, hosts, log } = sources
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1_024, clientTracking: true })
  const sendRest = createRestSender()
  const timers = [
    setInterval(() => feed.checkConnection(), settings.checkMs),
    setInterval(() => beat(sockets.clients, feed, settings.maxBufferedBytes), settings.heartbeatMs),
    pinged(sockets, settings.pingMs),
  ]
  for (const timer of timers) {
    timer.unref()
  }

  const judge = async (request: IncomingMessage): Promise<Refusal | null> => {
    const { origin, host } = request.headers
    if (!hosts.isAllowedHost(host)) {
      return { status: 421, why: UNKNOWN_HOST }
    }
    if (!hosts.mayOpenSocket(origin, host)) {
      return { status: 403, why: 'another site’s page' }
    }
    const verdict = access === null ? 'granted' : await access.authenticate(request.headers.authorization)
    if (access !== null && verdict === 'refused') {
      return { status: 401, why: 'credentials are needed', challenges: access.challenges }
    }
    if (verdict === 'busy') {
      return { status: 503, why: 'too many passwords are being checked' }
    }
    if (sockets.clients.size >= settings.maxReaders) {
      return { status: 503, why: 'too many readers' }
    }
    return null
  }
  server.on('upgrade', (request, socket, head) => {
    if (!asksForSocket(request)) {
      return answerAsHttp(server, request, socket)
    }
    socket.on('error', () => socket.destroy())
    judge(request).then(
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

interface Reading {
  readonly feed: LiveFeed
  readonly sendRest: RestSender
  readonly log: LiveSocketDependencies['log']
  readonly maxBufferedBytes: number
}

// In one step: every change after the initial messages comes by the subscription, and none comes twice.
function serveReader(
  reader: WebSocket,
  position: Position | null,
  { feed, log, sendRest, maxBufferedBytes }: Reading,
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
  sendRest(reader, rest)
}

type RestSender = (reader: WebSocket, rest: Iterator<string>) => void

// Sends one message per turn of the event loop over all readers; a reader gets its next one when the last is written.
function createRestSender(): RestSender {
  const due: (() => void)[] = []
  let isTurnDue = false
  const goOn = (): void => {
    if (isTurnDue || due.length === 0) {
      return
    }
    isTurnDue = true
    setImmediate(() => {
      isTurnDue = false
      due.shift()?.()
      goOn()
    })
  }
  const sendRest: RestSender = (reader, rest) => {
    due.push(() => {
      if (reader.readyState !== reader.OPEN) {
        return
      }
      const { value, done } = rest.next()
      if (done === true) {
        return
      }
      reader.send(value, (error) => {
        if (error === undefined || error === null) {
          sendRest(reader, rest)
        }
      })
    })
    goOn()
  }
  return sendRest
}

function beat(readers: ReadonlySet<WebSocket>, feed: LiveFeed, maxBufferedBytes: number): void {
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

// A reader that has not answered one ping by the next is disconnected.
function pinged(sockets: WebSocketServer, everyMs: number): NodeJS.Timeout {
  const silent = new WeakSet<WebSocket>()
  return setInterval(() => {
    for (const reader of sockets.clients) {
      if (silent.has(reader)) {
        reader.terminate()
        continue
      }
      silent.add(reader)
      reader.once('pong', () => silent.delete(reader))
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
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
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

// Closes the socket once the answer is written or the time is up: a client may never close it, and it holds a descriptor.
function closeAfterAnswer(socket: Duplex): void {
  const late = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT_MS).unref()
  socket.on('error', () => socket.destroy())
  socket.on('close', () => clearTimeout(late))
  socket.on('finish', () => socket.destroy())
}

function asksForSocket(request: IncomingMessage): boolean {
  return urlOf(request)?.pathname === LIVE_PATH && request.headers.upgrade?.toLowerCase() === 'websocket'
}

// Such as `Upgrade: h2c`, which a server may ignore (RFC 9110, 7.8). The connection ends with the answer.
function answerAsHttp(server: Server | TlsServer, request: IncomingMessage, socket: Duplex): void {
  const response = new ServerResponse(request)
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
