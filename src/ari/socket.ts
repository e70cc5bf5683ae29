// The event socket of one session: opened with a deadline, checked by pings, closed with a close frame.
//
// Asterisk sends no pings, so only pings of the exporter detect a lost peer; any frame counts as an answer. It reports its end once
// and never throws.

import type { WebSocket } from 'ws'
import { areFilesUsedUp } from '../process/openFiles.ts'
import { ticks } from '../time/clock.ts'

/** How a socket ended that this program did not close; `status` is the HTTP status of a refused handshake. */
export type SocketEnd =
  /** `no_descriptors`: the process has no file descriptor left to open it. */
  | { readonly reason: 'closed' | 'reset' | 'handshake_timeout' | 'no_descriptors' }
  /** `silentMs`: time since the last frame or pong. */
  | { readonly reason: 'ping_timeout'; readonly silentMs: number }
  | { readonly reason: 'handshake_refused'; readonly status: number }

export interface SocketTiming {
  readonly handshakeMs: number
  readonly pingEveryMs: number
  readonly pongWithinMs: number
  readonly closeWithinMs: number
}

export interface SocketDependencies {
  readonly timing: SocketTiming
  /** The bytes of one text frame. */
  onFrame(frame: Buffer): void
  /** At most once, and never after `close`. */
  onEnd(end: SocketEnd): void
}

export interface AriSocket {
  /** Settles when the socket is open; never if it ends before. */
  readonly opened: Promise<void>
  /** Closes with a close frame; terminates the connection when the other side does not answer in time. */
  close(): Promise<void>
}

/** ws's code for a connection that ended without a close frame. */
const ABNORMAL = 1006

/** Takes over a new socket; must be called in the turn of the event loop that created it. */
export function watchSocket(socket: WebSocket, deps: SocketDependencies): AriSocket {
  const { timing } = deps
  let isOver = false
  let heardAt = ticks()
  let pinging: NodeJS.Timeout | undefined
  let deadline: NodeJS.Timeout | undefined

  function finish(end: SocketEnd | null): void {
    if (isOver) {
      return
    }
    isOver = true
    clearInterval(pinging)
    clearTimeout(deadline)
    if (end !== null) {
      deps.onEnd(end)
    }
  }

  function breakOff(end: SocketEnd): void {
    finish(end)
    socket.terminate()
  }

  function ping(): void {
    if (deadline !== undefined) {
      return
    }
    const heardBefore = heardAt
    socket.ping(undefined, undefined, () => undefined)
    deadline = setTimeout(() => {
      // After a stall of this process the pong may be unread: the event loop reads sockets before it runs immediates.
      setImmediate(() => {
        deadline = undefined
        if (heardAt !== heardBefore) {
          return
        }
        breakOff({ reason: 'ping_timeout', silentMs: Math.round(ticks() - heardAt) })
      })
    }, timing.pongWithinMs)
  }

  const opened = new Promise<void>((resolve) => {
    socket.once('open', () => {
      clearTimeout(deadline)
      deadline = undefined
      if (isOver) {
        return
      }
      pinging = setInterval(ping, timing.pingEveryMs)
      resolve()
    })
  })
  deadline = setTimeout(() => breakOff({ reason: 'handshake_timeout' }), timing.handshakeMs)
  socket.on('pong', () => {
    heardAt = ticks()
  })
  socket.on('message', (data) => {
    heardAt = ticks()
    if (!isOver && Buffer.isBuffer(data)) {
      deps.onFrame(data)
    }
  })
  socket.on('unexpected-response', (_request, response) => {
    breakOff({ reason: 'handshake_refused', status: response.statusCode ?? 0 })
  })
  // A close follows each error; without a listener the error would be thrown.
  socket.on('error', (error) => {
    if ('code' in error && areFilesUsedUp(String(error.code))) {
      finish({ reason: 'no_descriptors' })
    }
  })
  socket.on('close', (code) => finish({ reason: code === ABNORMAL ? 'reset' : 'closed' }))

  return {
    opened,
    close: () => {
      finish(null)
      return closeSocket(socket, timing.closeWithinMs)
    },
  }
}

function closeSocket(socket: WebSocket, withinMs: number): Promise<void> {
  if (socket.readyState === socket.CLOSED) {
    return Promise.resolve()
  }
  return new Promise((resolve) => {
    const timer = setTimeout(() => socket.terminate(), withinMs)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    if (socket.readyState === socket.CONNECTING) {
      socket.terminate()
    } else {
      socket.close(1000)
    }
  })
}
