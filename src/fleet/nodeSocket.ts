// The websocket to the live feed of one exporter: connects, resumes, notices silence, and connects again.
//
// Between two attempts it waits up to twice as long as before, a random part of that (full jitter), so that a thousand nodes that
// were lost together do not come back together. What the messages mean is not known here.

import type { ClientRequest, IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import type { Position } from '../http/live/changeRing.ts'
import { refusedBecause, unreachableBecause } from './reasons.ts'

export interface NodeSocketOptions {
  /** Address of the exporter. */
  readonly url: string
  /** Null: the exporter needs none. */
  readonly token: string | null
  /** Certificates that are trusted, in PEM format; null: those that Node trusts. */
  readonly ca: readonly string[] | null
  readonly timing: NodeTiming
}

export interface NodeTiming {
  /** The first attempt is made within this time. */
  readonly startWithinMs: number
  /** An exporter sends figures every two seconds; after so long without a message it counts as silent. */
  readonly silentMs: number
  /** Bounds of the time between two attempts. */
  readonly firstRetryMs: number
  readonly lastRetryMs: number
}

export interface NodeSocketDependencies {
  /** Where the next connection resumes; null: it begins with a snapshot. */
  readonly position: () => Position | null
  readonly received: (text: string) => void
  /** The connection broke, or an attempt failed. */
  readonly lost: (why: string) => void
  /** 0..1. */
  readonly random: () => number
}

export interface NodeSocket {
  start(): void
  /** It has been good for a while: the next attempt waits no longer than the first. */
  noteGood(): void
  /** Connects again. */
  again(why: string): void
  stop(): void
}

/** The largest message of an exporter, a snapshot, has some 100 KB. */
const MAX_MESSAGE_BYTES = 8_000_000

export function createNodeSocket(options: NodeSocketOptions, deps: NodeSocketDependencies): NodeSocket {
  const { timing } = options
  let socket: WebSocket | null = null
  let retry: NodeJS.Timeout | null = null
  let silence: NodeJS.Timeout | null = null
  let failures = 0

  const drop = (): void => {
    const dropped = socket
    socket = null
    clearTimeout(silence ?? undefined)
    dropped?.removeAllListeners()
    dropped?.on('error', () => undefined)
    dropped?.terminate()
  }
  const later = (withinMs: number): void => {
    clearTimeout(retry ?? undefined)
    retry = setTimeout(connect, withinMs * deps.random())
  }
  const lose = (why: string): void => {
    drop()
    deps.lost(why)
    later(Math.min(timing.lastRetryMs, timing.firstRetryMs * 2 ** failures))
    failures = Math.min(failures + 1, 30)
  }
  const expectMore = (): void => {
    clearTimeout(silence ?? undefined)
    silence = setTimeout(() => lose(`it has sent nothing for ${timing.silentMs / 1000} seconds`), timing.silentMs)
  }
  const connect = (): void => {
    const opened = new WebSocket(liveAddress(options.url, deps.position()), {
      headers: options.token === null ? {} : { authorization: `Bearer ${options.token}` },
      handshakeTimeout: timing.silentMs,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
      ...(options.ca !== null && { ca: [...options.ca] }),
    })
    socket = opened
    opened.on('open', expectMore)
    opened.on('message', (data) => {
      expectMore()
      deps.received(String(data))
    })
    opened.on('error', (error) => lose(unreachableBecause(error)))
    opened.on('close', (_code, reason) => lose(String(reason) || 'the connection broke'))
    opened.on('unexpected-response', (request: ClientRequest, { statusCode = 0 }: IncomingMessage) => {
      request.destroy()
      lose(refusedBecause(statusCode, options.token !== null))
    })
  }

  return {
    start: () => later(timing.startWithinMs),
    noteGood() {
      failures = 0
    },
    again: lose,
    stop() {
      clearTimeout(retry ?? undefined)
      drop()
    },
  }
}

function liveAddress(url: string, position: Position | null): string {
  const query = position === null ? '' : `?since=${position.seq}&epoch=${encodeURIComponent(position.epoch)}`
  return `${url.replace(/^http/, 'ws')}/api/live${query}`
}
