// The gauges of the missed callers who wait, by the queue of their last missed call.
//
// A scrape goes through all who wait; a fact never does.

import type { MissedCaller } from '../callback/missedCaller.ts'
import type { LabelLimiter } from './cardinality.ts'
import type { Instruments } from './registry.ts'

interface Waiting {
  readonly count: number
  readonly oldestAt: number
}

/** Sets them at `now` (epoch ms): every queue that occurred once has a series, and so have the calls without a queue. */
export function setMissedCallers(
  instruments: Instruments,
  limiter: LabelLimiter,
  { callers, now }: { readonly callers: Iterable<MissedCaller>; readonly now: number },
): void {
  const byQueue = waitingByQueue(callers)
  const shown = limiter.forScrape([...byQueue.keys()].filter((queue) => queue !== ''))
  const empty: Waiting = { count: 0, oldestAt: now }
  const waiting = new Map(['', ...limiter.registered()].map((queue) => [queue, empty]))
  for (const [queue, { count, oldestAt }] of byQueue) {
    const label = queue === '' ? '' : shown(queue)
    const soFar = waiting.get(label) ?? empty
    waiting.set(label, { count: soFar.count + count, oldestAt: Math.min(soFar.oldestAt, oldestAt) })
  }
  instruments.clearGauge('missedCallersWaiting')
  instruments.clearGauge('missedCallersOldestWait')
  for (const [queue, { count, oldestAt }] of waiting) {
    instruments.setGauge('missedCallersWaiting', { queue }, count)
    instruments.setGauge('missedCallersOldestWait', { queue }, (now - oldestAt) / 1000)
  }
}

function waitingByQueue(callers: Iterable<MissedCaller>): ReadonlyMap<string, Waiting> {
  const byQueue = new Map<string, { count: number; oldestAt: number }>()
  for (const { queue, firstMissAt } of callers) {
    const found = byQueue.get(queue ?? '')
    if (found === undefined) {
      byQueue.set(queue ?? '', { count: 1, oldestAt: firstMissAt })
    } else {
      found.count += 1
      found.oldestAt = Math.min(found.oldestAt, firstMissAt)
    }
  }
  return byQueue
}
