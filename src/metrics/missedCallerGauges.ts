// The gauges of the missed callers who wait, by the queue of their last missed call.
//
// A scrape goes through all who wait; a fact never does.

import type { MissedCaller } from '../callback/missedCaller.ts'
import type { LabelLimiter } from './cardinality.ts'
import type { Instruments } from './registry.ts'

/** Instants are epoch ms. */
interface Waiting {
  readonly count: number
  readonly oldestAt: number
  /** Of those whom nobody has tried to call since their last missed call. */
  readonly untriedAt: number
}

/** Sets them at `now` (epoch ms): every queue that occurred once has a series, and so have the calls without a queue. */
export function setMissedCallers(
  instruments: Instruments,
  limiter: LabelLimiter,
  { callers, now }: { readonly callers: Iterable<MissedCaller>; readonly now: number },
): void {
  const empty: Waiting = { count: 0, oldestAt: now, untriedAt: now }
  const byQueue = waitingByQueue(callers, empty)
  const shown = limiter.forScrape([...byQueue.keys()].filter((queue) => queue !== ''))
  const waiting = new Map(['', ...limiter.registered()].map((queue) => [queue, empty]))
  for (const [queue, found] of byQueue) {
    const label = queue === '' ? '' : shown(queue)
    waiting.set(label, together(waiting.get(label) ?? empty, found))
  }
  instruments.clearGauge('missedCallersWaiting')
  instruments.clearGauge('missedCallersOldestWait')
  instruments.clearGauge('missedCallersOldestUntriedWait')
  for (const [queue, { count, oldestAt, untriedAt }] of waiting) {
    instruments.setGauge('missedCallersWaiting', { queue }, count)
    instruments.setGauge('missedCallersOldestWait', { queue }, (now - oldestAt) / 1000)
    instruments.setGauge('missedCallersOldestUntriedWait', { queue }, (now - untriedAt) / 1000)
  }
}

function waitingByQueue(callers: Iterable<MissedCaller>, empty: Waiting): ReadonlyMap<string, Waiting> {
  const byQueue = new Map<string, Waiting>()
  for (const { queue, firstMissAt, untriedSince } of callers) {
    const one: Waiting = { count: 1, oldestAt: firstMissAt, untriedAt: untriedSince ?? empty.untriedAt }
    byQueue.set(queue ?? '', together(byQueue.get(queue ?? '') ?? empty, one))
  }
  return byQueue
}

function together(some: Waiting, others: Waiting): Waiting {
  return {
    count: some.count + others.count,
    oldestAt: Math.min(some.oldestAt, others.oldestAt),
    untriedAt: Math.min(some.untriedAt, others.untriedAt),
  }
}
