// The gauges of the missed callers who wait, by the queue of their last missed call.
//
// A scrape goes through all who wait; a fact never does.

import type { MissedCaller } from '../callback/missedCaller.ts'
import type { LabelLimiter } from './cardinality.ts'
import type { Instruments } from './registry.ts'

/** Instants are epoch ms. */
interface Waiting {
  count: number
  oldestAt: number
  /** Of those whom nobody has tried to call since their last missed call. */
  untriedAt: number
}

/** Sets them at `now` (epoch ms): every queue that occurred once has a series, and so have the calls without a queue. */
export function setMissedCallers(
  instruments: Instruments,
  limiter: LabelLimiter,
  { callers, now }: { readonly callers: Iterable<MissedCaller>; readonly now: number },
): void {
  const byQueue = waitingByQueue(callers, now)
  const shown = limiter.forScrape([...byQueue.keys()].filter((queue) => queue !== ''))
  const waiting = new Map(['', ...limiter.registered()].map((queue) => [queue, nobody(now)]))
  for (const [queue, found] of byQueue) {
    const label = queue === '' ? '' : shown(queue)
    waiting.set(label, together(waiting.get(label) ?? nobody(now), found))
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

function nobody(now: number): Waiting {
  return { count: 0, oldestAt: now, untriedAt: now }
}

// Adds in place: there may be 100,000 callers.
function waitingByQueue(callers: Iterable<MissedCaller>, now: number): ReadonlyMap<string, Waiting> {
  const byQueue = new Map<string, Waiting>()
  for (const { queue, firstMissAt, untriedSince } of callers) {
    const found = byQueue.get(queue ?? '') ?? nobody(now)
    found.count += 1
    found.oldestAt = Math.min(found.oldestAt, firstMissAt)
    found.untriedAt = Math.min(found.untriedAt, untriedSince ?? now)
    byQueue.set(queue ?? '', found)
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
