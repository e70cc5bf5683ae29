// Since when the session is connected or not, and for how long it was not.
//
// Spans are measured with a clock that nobody can set. When this machine's clock was set ahead, the PBX's clock is not taken to
// be, until its events say so: the call log must never note a later instant than the PBX's.

import type { PbxEvent } from '../call/event.ts'

export interface ConnectionTimeDependencies {
  isInSync(): boolean
  /** Notes in the call log that the PBX is connected now. */
  noteSeen(): void
  /** Adds seconds without a connection to the metrics. */
  disconnected(seconds: number): void
  /** This machine's clock was set ahead by so many ms. */
  noteLocalClockStep(ms: number): void
  /** This machine's clock, epoch ms. */
  now(): number
  /** Ms since any moment, never set. */
  ticks(): number
}

export interface ConnectionTime {
  /** When the connection was last made or lost, by this machine's clock (epoch ms); null before the first time. */
  since(): number | null
  /** Takes each event of the session; both instants are of this machine's clock where the session made the event. */
  onEvent(event: PbxEvent, receivedAt: number): void
  /** Accounts for the time since the last call; to be called about once a second. */
  check(): void
}

// More than late timers and a slewed clock cause.
const CLOCK_STEP_MS = 1_000

/** The first span begins now. */
export function createConnectionTime(deps: ConnectionTimeDependencies): ConnectionTime {
  const read = () => ({ now: deps.now(), ticks: deps.ticks() })
  let last = read()
  let since: number | null = null
  return {
    since: () => since,
    onEvent({ type, at }, receivedAt) {
      if (type !== 'SnapshotTaken' && type !== 'ConnectionLost') {
        return
      }
      since = at
      // A silent loss is found only by a ping time-out: that time was counted as connected.
      if (type === 'ConnectionLost') {
        deps.disconnected((receivedAt - at) / 1000)
      }
    },
    check() {
      const current = read()
      const passedMs = current.ticks - last.ticks
      const stepMs = Math.round(current.now - last.now - passedMs)
      if (stepMs > CLOCK_STEP_MS) {
        deps.noteLocalClockStep(stepMs)
      }
      if (deps.isInSync()) {
        deps.noteSeen()
      } else {
        deps.disconnected(passedMs / 1000)
      }
      last = current
    },
  }
}
