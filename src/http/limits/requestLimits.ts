// How many requests are worked on: so many of one connection, so many in all, and only for moments of each turn of the loop.
//
// What hears Asterisk comes first: a burst of requests, on one connection or many, waits here while the loop goes round. A
// connection that asks for more at once than any client does is cut, and so is one that does not take its answer. Knows
// nothing of what is asked.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { ticks } from '../../time/clock.ts'

/** Bounds; all of them at least 1. */
export interface RequestLimitOptions {
  /** Requests in progress of one connection; with more it is cut. */
  readonly perConnection?: number
  /** Requests in progress in all; more are a 503. */
  readonly total?: number
  /** Whose places are their own, as many again: so that no crowd of others keeps them out. Unset: nobody's. */
  readonly isMonitoring?: (request: IncomingMessage) => boolean
  /** Work that is begun in one turn of the loop. */
  readonly turnMs?: number
  /** How long a connection may take nothing of an answer that waits for it. */
  readonly stallMs?: number
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Stands before the application. */
export interface RequestLimiter {
  readonly enter: Handler
  /** Requests in progress, those that wait for their turn included. */
  readonly inProgress: () => number
  stop(): void
}

const DEFAULTS = { perConnection: 8, total: 128, isMonitoring: () => false, turnMs: 10, stallMs: 30_000 }
const LOOKS_A_STALL = 10

/** Lets requests through to `handle`, in the order of their coming. */
export function createRequestLimiter(options: RequestLimitOptions, handle: Handler): RequestLimiter {
  const { perConnection, total, isMonitoring, turnMs, stallMs } = { ...DEFAULTS, ...options }
  const waiting: (readonly [IncomingMessage, ServerResponse])[] = []
  const open = new Map<Socket, Set<ServerResponse>>()
  const watched = new WeakSet<Socket>()
  const watchers = new WeakSet<ServerResponse>()
  const inProgress = { watch: 0, other: 0 }
  let isTurnDue = false

  const work = (): void => {
    isTurnDue = false
    const until = ticks() + turnMs
    while (ticks() < until) {
      const next = waiting.shift()
      if (next === undefined) {
        return
      }
      const [request, response] = next
      if (!request.socket.destroyed) {
        handle(request, response)
      }
    }
    goOn()
  }
  const goOn = (): void => {
    if (isTurnDue || waiting.length === 0) {
      return
    }
    isTurnDue = true
    setImmediate(work)
  }
  const kindOf = (response: ServerResponse) => (watchers.has(response) ? 'watch' : 'other')
  const release = (socket: Socket, responses: readonly ServerResponse[]): void => {
    const held = open.get(socket)
    for (const response of responses) {
      if (held?.delete(response)) {
        inProgress[kindOf(response)] -= 1
      }
    }
    if (held?.size === 0) {
      open.delete(socket)
    }
  }
  const hold = (socket: Socket, response: ServerResponse): void => {
    open.set(socket, (open.get(socket) ?? new Set()).add(response))
    if (!watched.has(socket)) {
      watched.add(socket)
      // An answer that stands behind others on its connection is not told that this ended.
      socket.once('close', () => release(socket, [...(open.get(socket) ?? [])]))
    }
    inProgress[kindOf(response)] += 1
    response.once('close', () => release(socket, [response]))
  }
  const stalls = createStallWatch(stallMs)
  const looking = setInterval(() => {
    for (const socket of open.keys()) {
      if (stalls(socket)) {
        socket.destroy()
      }
    }
  }, stallMs / LOOKS_A_STALL)
  looking.unref()

  return {
    inProgress: () => inProgress.watch + inProgress.other,
    enter(request, response) {
      const { socket } = request
      // What a packet still held of a connection that was cut.
      if (socket.destroyed) {
        return
      }
      if ((open.get(socket)?.size ?? 0) >= perConnection) {
        return void socket.destroy()
      }
      if (isMonitoring(request)) {
        watchers.add(response)
      }
      if (inProgress[kindOf(response)] >= total) {
        return refuse(response)
      }
      hold(socket, response)
      waiting.push([request, response])
      goOn()
    },
    stop() {
      clearInterval(looking)
    },
  }
}

function refuse(response: ServerResponse): void {
  response.writeHead(503, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Retry-After': '1',
    'Cache-Control': 'no-store',
    Connection: 'close',
  })
  response.end('too many requests are being answered\n')
}

// Asked about a connection again and again: true once something has waited for it so long without a byte being taken.
function createStallWatch(stallMs: number): (socket: Socket) => boolean {
  const marks = new WeakMap<Socket, { readonly taken: number; readonly since: number }>()
  return (socket) => {
    if (socket.writableLength === 0) {
      marks.delete(socket)
      return false
    }
    const taken = socket.bytesWritten - socket.writableLength
    const mark = marks.get(socket)
    if (mark !== undefined && mark.taken === taken) {
      return ticks() - mark.since >= stallMs
    }
    marks.set(socket, { taken, since: ticks() })
    return false
  }
}
