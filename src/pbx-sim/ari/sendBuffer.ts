// The way of events out to one listener: gathered into few writes, and cut off when the listener does not read.
//
// What is sent in one turn of the loop leaves in one write, for the kernel is the costly part of a small frame. A backlog
// is borne for as long as Asterisk bears it (its websocket write time-out); then the socket is ended without a word.

import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Listener } from './applications.ts'

/** Asterisk's default `websocket_write_timeout`. */
const WRITE_TIMEOUT_MS = 100

export interface OutletOptions {
  /** Bytes that may wait for longer than the time-out. */
  readonly maxBufferedBytes: number
  /** Called once, when the listener is cut off. */
  readonly tooSlow: () => void
}

/** The sending side of a websocket that runs over `stream`. */
export function createOutlet(socket: WebSocket, stream: Duplex, options: OutletOptions): Listener {
  let gathered = false
  let fullSince: number | null = null
  const flush = (): void => {
    gathered = false
    stream.uncork()
    if (socket.bufferedAmount <= options.maxBufferedBytes) {
      fullSince = null
      return
    }
    fullSince ??= performance.now()
    if (performance.now() - fullSince > WRITE_TIMEOUT_MS && socket.readyState === socket.OPEN) {
      options.tooSlow()
      socket.terminate()
    }
  }
  return {
    send: (text) => {
      if (!gathered) {
        gathered = true
        stream.cork()
        setImmediate(flush)
      }
      socket.send(text)
    },
  }
}
