// The send buffer of one listener: collects events into few writes, and disconnects a listener that does not read.
//
// All events of one turn of the event loop go out in one write, because the system call is the costly part of a small frame. A backlog
// is kept while the listener reads; when a write is blocked for as long as Asterisk's websocket write timeout, the socket is closed
// without a close frame.

import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Listener } from './applications.ts'

/** Asterisk's default `websocket_write_timeout`. */
const WRITE_TIMEOUT_MS = 100

export interface SendBufferOptions {
  /** Bytes that may wait without being read for longer than the time-out: what the system's buffers hold. */
  readonly maxBufferedBytes: number
  /** Called once, when the listener is disconnected. */
  readonly tooSlow: () => void
}

/** The sending side of a websocket that runs over `stream`. */
export function createSendBuffer(socket: WebSocket, stream: Duplex, options: SendBufferOptions): Listener {
  let gathered = false
  let fullSince: number | null = null
  let takenAt = 0
  const noteTaken = (): void => {
    takenAt = performance.now()
  }
  const flush = (): void => {
    gathered = false
    stream.uncork()
    if (socket.bufferedAmount <= options.maxBufferedBytes) {
      fullSince = null
      return
    }
    fullSince ??= performance.now()
    // A listener that reads, even if slower than the events come, blocks no write for long.
    const blockedSince = Math.max(fullSince, takenAt)
    if (performance.now() - blockedSince > WRITE_TIMEOUT_MS && socket.readyState === socket.OPEN) {
      options.tooSlow()
      socket.terminate()
    }
  }
  return {
    send: (text) => {
      if (gathered) {
        socket.send(text)
        return
      }
      gathered = true
      stream.cork()
      setImmediate(flush)
      socket.send(text, noteTaken)
    },
  }
}
