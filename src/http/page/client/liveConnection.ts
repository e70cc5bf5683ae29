// The line to the server: a websocket that is opened again for ever, each time from where the last one ended.
//
// Waits longer after each failure, up to a quarter of a minute, and not at all once the browser says that it is online
// again. A line on which nothing was heard for a while is given up: the server sends a sign of life every few seconds.

import type { LiveMessage } from '../../live/message.ts'
import type { LiveState } from './liveState.ts'

export type ConnectionState = 'connecting' | 'open' | 'lost'

export interface ConnectionListener {
  /** After `state` has taken the message in. */
  readonly heard: (message: LiveMessage) => void
  readonly changed: (line: ConnectionState) => void
}

const MIN_WAIT_MS = 500
const MAX_WAIT_MS = 15_000
const SILENCE_TIMEOUT_MS = 20_000

/** Opens the line and keeps it open as long as the page lives. */
export function openLiveConnection(state: LiveState, { heard, changed }: ConnectionListener): void {
  let socket: WebSocket | null = null
  let wait = MIN_WAIT_MS
  let again: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined

  const open = (): void => {
    clearTimeout(again)
    again = undefined
    const current = new WebSocket(addressOf(state.position()))
    socket = current
    listenForSilence(current)
    current.onmessage = ({ data }) => {
      listenForSilence(current)
      const message: LiveMessage = JSON.parse(String(data))
      switch (state.apply(message)) {
        case 'duplicate': {
          return
        }
        case 'gap': {
          state.requestSnapshot()
          current.close()
          return
        }
        case 'applied': {
          if (message.type === 'snapshot' || message.type === 'resumed') {
            wait = MIN_WAIT_MS
            changed('open')
          }
          heard(message)
        }
      }
    }
    current.onclose = () => lost(current)
  }
  const lost = (which: WebSocket): void => {
    if (which !== socket) {
      return
    }
    socket = null
    clearTimeout(silence)
    changed('lost')
    // A little chance keeps a room full of pages from knocking all at once.
    again = setTimeout(open, wait * (0.75 + Math.random() / 2))
    wait = Math.min(wait * 2, MAX_WAIT_MS)
  }
  const listenForSilence = (current: WebSocket): void => {
    clearTimeout(silence)
    silence = setTimeout(() => {
      // Closing a dead line can take a minute, so its end is not waited for.
      current.close()
      lost(current)
    }, SILENCE_TIMEOUT_MS)
  }
  const hurry = (): void => {
    if (again !== undefined) {
      open()
    }
  }
  addEventListener('online', hurry)
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) {
      hurry()
    }
  })
  changed('connecting')
  open()
}

function addressOf(position: string): URL {
  const address = new URL(`api/live${position}`, document.baseURI)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  return address
}
