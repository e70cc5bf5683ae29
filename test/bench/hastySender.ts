// Sends to one listener without waiting for it, and cuts it off when it leaves too much unread, as the simulated PBX does.
//
// One piece is written at a time, so that what is unread is known to a piece.

import type { Socket } from 'node:net'

const MOST_UNREAD_BYTES = 5_000_000
const UNREAD_MS = 100

/** Sends a piece; after the socket is closed, to nobody. */
export function createHastySender(socket: Socket): (piece: Buffer) => void {
  const waiting: Buffer[] = []
  let isWriting = false
  let unreadBytes = 0
  let tooMuchSince: number | null = null
  const writeNext = (): void => {
    const piece = waiting.shift()
    isWriting = piece !== undefined
    if (piece !== undefined) {
      socket.write(piece, () => {
        unreadBytes -= piece.length
        writeNext()
      })
    }
  }
  return (piece) => {
    if (socket.destroyed) {
      return
    }
    waiting.push(piece)
    unreadBytes += piece.length
    if (!isWriting) {
      writeNext()
    }
    tooMuchSince = unreadBytes > MOST_UNREAD_BYTES ? (tooMuchSince ?? performance.now()) : null
    if (tooMuchSince !== null && performance.now() - tooMuchSince > UNREAD_MS) {
      socket.destroy()
    }
  }
}
