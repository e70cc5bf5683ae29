// Sends to one listener without waiting for it, and cuts it off when a write is blocked for too long, as Asterisk does.
//
// One piece is written at a time; the others wait here, as they would in Asterisk. The system's buffers for a socket hold some 5 MB, and
// a write is blocked while they are full.

import type { Socket } from 'node:net'

/** Asterisk's default `websocket_write_timeout`. */
const WRITE_TIMEOUT_MS = 100

/** Sends a piece; after the socket is closed, to nobody. */
export function createHastySender(socket: Socket): (piece: Buffer) => void {
  const waiting: Buffer[] = []
  let written = 0
  let isWriting = false
  const writeNext = (): void => {
    const piece = waiting.shift()
    isWriting = piece !== undefined
    if (piece === undefined) {
      return
    }
    const timer = setTimeout(cutOffUnlessDone, WRITE_TIMEOUT_MS, written)
    socket.write(piece, () => {
      clearTimeout(timer)
      written += 1
      writeNext()
    })
  }
  // If this process was held up, the listener may have read long ago: the event loop looks at sockets before it runs immediates.
  const cutOffUnlessDone = (before: number): void => {
    setImmediate(() => {
      if (written === before) {
        socket.destroy()
      }
    })
  }
  return (piece) => {
    if (socket.destroyed) {
      return
    }
    waiting.push(piece)
    if (!isWriting) {
      writeNext()
    }
  }
}
