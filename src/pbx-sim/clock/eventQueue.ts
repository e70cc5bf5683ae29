// The event queue of the simulated PBX: the planned steps of all calls, in one heap.
//
// It has no timer: tests, or `realTime.ts` with the clock, call `runUntil` with the present time. The time of a step is always its
// planned instant, even if it runs later: the same seed gives the same timestamps.

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
  const heap: Step[] = []
  let current = startAt
  let order = 0
  return {
    now: () => current,
    at: (when, run) => {
      order += 1
      push(heap, { when, order, run })
    },
    nextAt: () => heap[0]?.when ?? Number.POSITIVE_INFINITY,
    runUntil: (until, limit = Number.POSITIVE_INFINITY) => {
      for (let done = 0; (heap[0]?.when ?? Number.POSITIVE_INFINITY) <= until; done += 1) {
        const step = done < limit ? pop(heap) : undefined
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
      for (const step of heap) {
        step.when += byMs
      }
    },
    clear: () => {
      heap.length = 0
    },
  }
}

// The order number makes steps of one instant run as they were planned.
function before(one: Step, other: Step): boolean {
  return one.when < other.when || (one.when === other.when && one.order < other.order)
}

function push(heap: Step[], step: Step): void {
  let at = heap.length
  heap.push(step)
  while (at > 0) {
    const above = (at - 1) >> 1
    const parent = heap[above]
    if (parent === undefined || !before(step, parent)) {
      break
    }
    heap[at] = parent
    at = above
  }
  heap[at] = step
}

function pop(heap: Step[]): Step | undefined {
  const top = heap[0]
  const last = heap.pop()
  if (top === undefined || last === undefined || heap.length === 0) {
    return top
  }
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    const child = smaller(heap, left)
    const below = heap[child]
    if (below === undefined || !before(below, last)) {
      break
    }
    heap[at] = below
    at = child
  }
  heap[at] = last
  return top
}

function smaller(heap: readonly Step[], left: number): number {
  const one = heap[left]
  const other = heap[left + 1]
  return one !== undefined && other !== undefined && before(other, one) ? left + 1 : left
}
