// The send buffer of one listener: collects events into few writes, and disconnects a listener that does not read.
//
// All events of one turn of the event loop go out in one write, because the system call is the costly part of a small frame. A backlog
// is kept as long as Asterisk keeps it (its websocket write timeout); then the socket is closed without a close frame.

import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Listener } from './applications.ts'

/** Asterisk's default `websocket_write_timeout`. */
const WRITE_TIMEOUT_MS = 100

export interface SendBufferOptions {
  /** Bytes that may wait for longer than the time-out. */
  readonly maxBufferedBytes: number
  /** Called once, when the listener is disconnected. */
  readonly tooSlow: () => void
}

/** The sending side of a websocket that runs over `stream`. */
export function createSendBuffer(socket: WebSocket, stream: Duplex, options: SendBufferOptions): Listener {
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
