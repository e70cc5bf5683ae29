// The event queue of the simulated PBX: the planned steps of all calls, in one heap.
//
// It has no timer: tests, or `realTime.ts` with the clock, call `runUntil` with the present time. The time of a step is always its
// planned instant, even if it runs later: the same seed gives the same timestamps.

import TinyQueue from 'tinyqueue'

export interface EventQueue {
  /** Epoch ms: the instant of the step that runs, or of the last `runUntil`. */
  readonly now: () => number
  /** Plans a step. One in the past runs at the next opportunity. */
  readonly at: (when: number, run: () => void) => void
  /** When the next step is due; Infinity without one. */
  readonly nextAt: () => number
  /** Runs the steps that are due by `until`, at most `limit`. False if some are left. */
  readonly runUntil: (until: number, limit?: number) => boolean
  /** Moves all planned steps later by `byMs`, after a pause. */
  readonly postpone: (byMs: number) => void
  /** Drops all planned steps. */
  readonly clear: () => void
}

interface Step {
  when: number
  readonly order: number
  readonly run: () => void
}

/** An empty queue that starts at `startAt` (epoch ms). */
export function createEventQueue(startAt: number): EventQueue {
  let steps = new TinyQueue<Step>([], inOrder)
  let current = startAt
  let order = 0
  const nextAt = (): number => steps.peek()?.when ?? Number.POSITIVE_INFINITY
  return {
    now: () => current,
    at: (when, run) => {
      order += 1
      steps.push({ when, order, run })
    },
    nextAt,
    runUntil: (until, limit = Number.POSITIVE_INFINITY) => {
      for (let done = 0; nextAt() <= until; done += 1) {
        const step = done < limit ? steps.pop() : undefined
        if (step === undefined) {
          return false
        }
        current = Math.max(current, step.when)
        step.run()
      }
      current = Math.max(current, until)
      return true
    },
    postpone: (byMs) => {
      // All of them by as much, so that their order stays.
      for (const step of steps.data) {
        step.when += byMs
      }
    },
    clear: () => {
      steps = new TinyQueue<Step>([], inOrder)
    },
  }
}

// Steps of one instant run as they were planned.
function inOrder(one: Step, other: Step): number {
  return one.when - other.when || one.order - other.order
}
