// Limits how many requests are in progress, per connection and in all, and how much of each event loop turn they use.
//
// Reading from Asterisk has priority: requests wait in a queue, and each turn of the event loop starts them for a few
// milliseconds only. A connection with too many requests at a time is closed, and so is one that does not read its answer.
// Knows nothing of what the requests are for.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { ticks } from '../../time/clock.ts'
import { refuse } from '../problem.ts'

/** Limits; each is at least 1. */
export interface RequestLimitOptions {
  /** Requests in progress on one connection; a connection with more is closed. */
  readonly perConnection?: number
  /** Requests in progress in all; further ones get a 503. */
  readonly total?: number
  /** Each kind has a `total` of its own, so that other requests cannot keep it out. Default: all are `other`. */
  readonly kindOf?: (request: IncomingMessage) => RequestKind
  /** How long requests are started in one turn of the event loop. */
  readonly turnMs?: number
  /** How long a client may read nothing of an answer that waits for it. */
  readonly stallMs?: number
}

/** `monitoring`: scrapes and health checks; `stream`: answers that do not end. */
export type RequestKind = 'monitoring' | 'stream' | 'other'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Limits the requests that reach the application. */
export interface RequestLimiter {
  readonly handle: Handler
  /** Requests in progress, waiting ones included. */
  readonly inProgress: () => number
  stop(): void
}

const DEFAULTS = { perConnection: 8, total: 128, kindOf: (): RequestKind => 'other', turnMs: 10, stallMs: 30_000 }
const CHECKS_PER_STALL = 10

/** Passes requests on to `application`, in the order of arrival. */
export function createRequestLimiter(options: RequestLimitOptions, application: Handler): RequestLimiter {
  const { perConnection, total, kindOf, turnMs, stallMs } = { ...DEFAULTS, ...options }
  const open = trackRequests()
  const enqueue = createTurnQueue(turnMs)
  const isStalled = createStallDetector(stallMs)
  const stallCheck = setInterval(() => {
    for (const socket of open.connections()) {
      if (isStalled(socket)) {
        socket.destroy()
      }
    }
  }, stallMs / CHECKS_PER_STALL)
  stallCheck.unref()

  return {
    inProgress: () => open.ofKind('monitoring') + open.ofKind('stream') + open.ofKind('other'),
    handle(request, response) {
      const { socket } = request
      // A packet may hold further requests of a connection that was closed meanwhile.
      if (socket.destroyed) {
        return
      }
      if (open.ofConnection(socket) >= perConnection) {
        return void socket.destroy()
      }
      const kind = kindOf(request)
      if (open.ofKind(kind) >= total) {
        return refuseForNow(request, response)
      }
      open.add(kind, socket, response)
      enqueue(() => {
        if (!socket.destroyed) {
          application(request, response)
        }
      })
    },
    stop() {
      clearInterval(stallCheck)
    },
  }
}

function refuseForNow(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Retry-After', '1')
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Connection', 'close')
  refuse(request, response, 503, 'too many requests are being answered')
}

/** The requests in progress, by connection and by kind. A request is removed when it ends or its connection closes. */
interface OpenRequests {
  ofConnection(socket: Socket): number
  ofKind(kind: RequestKind): number
  connections(): Iterable<Socket>
  add(kind: RequestKind, socket: Socket, response: ServerResponse): void
}

function trackRequests(): OpenRequests {
  const open = new Map<Socket, Map<ServerResponse, RequestKind>>()
  const known = new WeakSet<Socket>()
  const counts = { monitoring: 0, stream: 0, other: 0 }
  const remove = (socket: Socket, response: ServerResponse): void => {
    const responses = open.get(socket)
    const kind = responses?.get(response)
    if (responses === undefined || kind === undefined) {
      return
    }
    counts[kind] -= 1
    responses.delete(response)
    if (responses.size === 0) {
      open.delete(socket)
    }
  }
  // An answer that waits behind others on its connection does not emit `close` when the connection ends.
  const removeOnClose = (socket: Socket): void => {
    known.add(socket)
    socket.once('close', () => {
      for (const response of [...(open.get(socket)?.keys() ?? [])]) {
        remove(socket, response)
      }
    })
  }
  return {
    ofConnection: (socket) => open.get(socket)?.size ?? 0,
    ofKind: (kind) => counts[kind],
    connections: () => open.keys(),
    add(kind, socket, response) {
      open.set(socket, (open.get(socket) ?? new Map()).set(response, kind))
      counts[kind] += 1
      if (!known.has(socket)) {
        removeOnClose(socket)
      }
      response.once('close', () => remove(socket, response))
    },
  }
}

/** Runs tasks in order, in each turn of the event loop for `turnMs`. */
function createTurnQueue(turnMs: number): (task: () => void) => void {
  const waiting: (() => void)[] = []
  let isScheduled = false
  const run = (): void => {
    isScheduled = false
    const until = ticks() + turnMs
    while (ticks() < until) {
      const task = waiting.shift()
      if (task === undefined) {
        return
      }
      task()
    }
    schedule()
  }
  const schedule = (): void => {
    if (!isScheduled && waiting.length > 0) {
      isScheduled = true
      setImmediate(run)
    }
  }
  return (task) => {
    waiting.push(task)
    schedule()
  }
}

/** Returns at each check of a connection whether it has read nothing of a waiting answer for `stallMs`. */
function createStallDetector(stallMs: number): (socket: Socket) => boolean {
  const marks = new WeakMap<Socket, { readonly sent: number; readonly since: number }>()
  return (socket) => {
    if (socket.writableLength === 0) {
      marks.delete(socket)
      return false
    }
    const sent = socket.bytesWritten - socket.writableLength
    const mark = marks.get(socket)
    if (mark !== undefined && mark.sent === sent) {
      return ticks() - mark.since >= stallMs
    }
    marks.set(socket, { sent, since: ticks() })
    return false
  }
}
