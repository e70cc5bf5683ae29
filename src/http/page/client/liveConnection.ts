// The websocket to the server: reconnects after each loss, and resumes where the last connection ended.
//
// The delay doubles after each failure, up to 15 s; when the browser reports that it is online, or the page becomes visible, it
// reconnects at once. A connection without a message for 20 s counts as lost: the server sends a heartbeat every few seconds.

import type { AnyMessage } from './entries.ts'
import type { LiveState } from './liveState.ts'
import type { ConnectionState } from './stateLine.ts'

export interface ConnectionListener {
  /** Called after `state` has applied the message. */
  readonly onMessage: (message: AnyMessage) => void
  readonly onStateChange: (state: ConnectionState) => void
}

const MIN_DELAY_MS = 500
const MAX_DELAY_MS = 15_000
const SILENCE_TIMEOUT_MS = 20_000

/** Connects, and reconnects until the page is closed. */
export function openLiveConnection(state: LiveState, { onMessage, onStateChange }: ConnectionListener): void {
  let socket: WebSocket | null = null
  let delay = MIN_DELAY_MS
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let silenceTimer: ReturnType<typeof setTimeout> | undefined

  const connect = (): void => {
    clearTimeout(retryTimer)
    retryTimer = undefined
    const current = new WebSocket(liveUrl(state.position()))
    socket = current
    restartSilenceTimer(current)
    current.onmessage = ({ data }) => {
      restartSilenceTimer(current)
      receive(current, JSON.parse(String(data)))
    }
    current.onclose = () => handleLoss(current)
  }
  const receive = (current: WebSocket, message: AnyMessage): void => {
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
          delay = MIN_DELAY_MS
          onStateChange('open')
        }
        onMessage(message)
      }
    }
  }
  const handleLoss = (lost: WebSocket): void => {
    if (lost !== socket) {
      return
    }
    socket = null
    clearTimeout(silenceTimer)
    onStateChange('lost')
    // A random factor, so that many pages do not reconnect at the same moment.
    retryTimer = setTimeout(connect, delay * (0.75 + Math.random() / 2))
    delay = Math.min(delay * 2, MAX_DELAY_MS)
  }
  const restartSilenceTimer = (current: WebSocket): void => {
    clearTimeout(silenceTimer)
    silenceTimer = setTimeout(() => {
      // Closing a dead connection can take a minute, so that the close event is not waited for.
      current.close()
      handleLoss(current)
    }, SILENCE_TIMEOUT_MS)
  }
  const retryNow = (): void => {
    if (retryTimer !== undefined) {
      connect()
    }
  }
  addEventListener('online', retryNow)
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) {
      retryNow()
    }
  })
  onStateChange('connecting')
  connect()
}

function liveUrl(position: string): URL {
  const url = new URL(`api/live${position}`, document.baseURI)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url
}
