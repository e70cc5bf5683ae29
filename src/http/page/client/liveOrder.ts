// The order of the live calls, and who waits in a queue. No I/O.

import type { LiveCall } from './entries.ts'

/** Who waits in a queue comes first, then the oldest call. Compared as text, because there may be 20,000: the order of ISO instants is that of time. */
export function inOrder(calls: readonly LiveCall[]): readonly LiveCall[] {
  return calls.toSorted((one, other) => rankOf(one) - rankOf(other) || compare(one.start_time, other.start_time))
}

function rankOf({ state }: LiveCall): number {
  return state === 'queued' ? 0 : 1
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** A queue in which callers wait. */
export interface WaitingQueue {
  readonly queue: string
  readonly waiting: number
  /** Since when the first of them waits, epoch ms. */
  readonly since: number
}

/** Since when a call waits in its queue, epoch ms. An older exporter does not say it: no longer than the call lasts. */
export function waitsSince({ queue_time, start_time }: LiveCall): number {
  return Date.parse(queue_time ?? start_time)
}

/** The queues in which somebody waits, the longest wait first. */
export function waitingQueues(calls: Iterable<LiveCall>): readonly WaitingQueue[] {
  const queues = new Map<string, WaitingQueue>()
  for (const call of calls) {
    if (call.state === 'queued' && call.queue !== null) {
      const since = waitsSince(call)
      const known = queues.get(call.queue)
      queues.set(call.queue, {
        queue: call.queue,
        waiting: (known?.waiting ?? 0) + 1,
        since: Math.min(since, known?.since ?? since),
      })
    }
  }
  return [...queues.values()].sort((one, other) => one.since - other.since)
}
