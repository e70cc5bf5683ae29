// Delays a scrape (250 ms at most) until everything that it counts is on disk, so that counters cannot fall after a crash.
//
// A disk that is slow or fails must never hold up a scrape: then the numbers are sent all the same.

import { setTimeout as sleep } from 'node:timers/promises'
import type { CallLog } from '../calllog/callLog.ts'
import type { Metrics } from '../metrics/metrics.ts'

// Prometheus gives up after ten seconds by default, and a written batch takes some milliseconds.
const LONGEST_WAIT_MS = 250

/** The same `expose`, which resolves when everything that it counted is on disk, or 250 ms later. */
export function durableScrape(
  expose: Metrics['expose'],
  callLog: Pick<CallLog, 'flush' | 'status'>,
): Metrics['expose'] {
  return async (...asked) => {
    const exposition = await expose(...asked)
    if (callLog.status().writable) {
      const enough = new AbortController()
      const { signal } = enough
      const late = sleep(LONGEST_WAIT_MS, undefined, { signal, ref: false }).catch(() => undefined)
      await Promise.race([callLog.flush(), late])
      enough.abort()
    }
    return exposition
  }
}
