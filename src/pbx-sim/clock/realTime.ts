// Makes the agenda follow the clock: one timer for all calls, armed for the next step.
//
// It never runs more than a slice of steps at once, so that sockets are served while a heavy load is simulated.

import type { Timeline } from './eventQueue.ts'

const STEPS_PER_SLICE = 200
const LONGEST_SLEEP_MS = 1000

export interface Driver {
  /**
   * Runs all that is due now, and looks at the agenda again soon: call it before anything that comes from outside
   * (a request, a control of a test).
   */
  readonly catchUp: () => void
  /** Stands still until `resume`, which moves all plans by the time lost. */
  readonly pause: () => void
  readonly resume: () => void
  readonly stop: () => void
}

/** Drives `timeline` by `now` (epoch ms) until it is stopped. */
export function startDriver(timeline: Timeline, now: () => number): Driver {
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
    const allDone = timeline.runUntil(now(), STEPS_PER_SLICE)
    arm(allDone ? Math.min(Math.max(timeline.nextAt() - now(), 1), LONGEST_SLEEP_MS) : 0)
  }
  const catchUp = (): void => {
    if (!stopped && pausedAt === null) {
      timeline.runUntil(now())
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
      timeline.postpone(pausedAt === null ? 0 : now() - pausedAt)
      pausedAt = null
      catchUp()
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}
