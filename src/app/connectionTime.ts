// Since when the session is connected or disconnected, and how long it was disconnected.
//
// Durations are measured with the monotonic clock. A step of this machine's clock is reported, so that the PBX's clock is not assumed
// to have stepped too before its events show it: the call log must never note a later instant than the PBX's.

import type { PbxEvent } from '../call/event.ts'

export interface ConnectionTimeDependencies {
  isInSync(): boolean
  /** Notes in the call log that the PBX is connected now. */
  noteSeen(): void
  /** Adds seconds without a connection to the metrics. */
  disconnected(seconds: number): void
  /** Called when this machine's clock was set ahead, with the number of ms. */
  noteLocalClockStep(ms: number): void
  /** This machine's clock, epoch ms. */
  now(): number
  /** Monotonic clock, ms. */
  ticks(): number
}

export interface ConnectionTime {
  /** When the connection was last made or lost, by this machine's clock (epoch ms); null before the first time. */
  since(): number | null
  /** Call it with each event of the session. For the events that the session creates, `at` is by this machine's clock, as `receivedAt`. */
  onEvent(event: PbxEvent, receivedAt: number): void
  /** Counts the time since the last call as connected or disconnected; call it about once a second. */
  check(): void
}

// More than a late timer or the gradual correction of a clock causes.
const CLOCK_STEP_MS = 1_000

/** The time until the first `check` counts from now. */
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
      // A silent loss is detected by a ping timeout; until then the time was counted as connected.
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
