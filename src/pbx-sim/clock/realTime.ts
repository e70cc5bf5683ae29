// Runs the event queue by the clock: one timer for all calls, set for the next step.
//
// It runs a limited number of steps at once, so that sockets are served under heavy load.

import type { EventQueue } from './eventQueue.ts'

const STEPS_PER_SLICE = 200
const LONGEST_SLEEP_MS = 1000

export interface RealTime {
  /**
   * Runs all steps that are due and schedules the next run. Call it before handling anything from outside
   * (a request, a control of a test).
   */
  readonly catchUp: () => void
  /** Pauses until `resume`, which moves all planned steps by the length of the pause. */
  readonly pause: () => void
  readonly resume: () => void
  readonly stop: () => void
}

/** Drives `eventQueue` by `now` (epoch ms) until it is stopped. */
export function startRealTime(eventQueue: EventQueue, now: () => number): RealTime {
  let timer: NodeJS.Timeout | undefined
  let pausedAt: number | null = null
  let stopped = false

  const arm = (sleepMs: number): void => {
    clearTimeout(timer)
    if (!stopped && pausedAt === null) {
      timer = setTimeout(slice, sleepMs)
    }
  }
  const slice = (): void => {
    const allDone = eventQueue.runUntil(now(), STEPS_PER_SLICE)
    arm(allDone ? Math.min(Math.max(eventQueue.nextAt() - now(), 1), LONGEST_SLEEP_MS) : 0)
  }
  const catchUp = (): void => {
    if (!stopped && pausedAt === null) {
      eventQueue.runUntil(now())
      arm(0)
    }
  }
  arm(0)
  return {
    catchUp,
    pause: () => {
      catchUp()
      pausedAt ??= now()
      arm(0)
    },
    resume: () => {
      eventQueue.postpone(pausedAt === null ? 0 : now() - pausedAt)
      pausedAt = null
      catchUp()
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}
