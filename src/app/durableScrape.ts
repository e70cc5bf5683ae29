// Delays a scrape (250 ms at most) until everything that it counts is on disk, so that counters cannot fall after a crash.
//
// A slow or failing disk must not block scrapes: after that time the numbers are sent in any case.

import { setTimeout as sleep } from 'node:timers/promises'
import type { CallLog } from '../calllog/callLog.ts'
import type { Metrics } from '../metrics/metrics.ts'

// Prometheus gives up after ten seconds by default, and writing a batch takes some milliseconds.
const LONGEST_WAIT_MS = 250

/** Wraps `expose` so that it resolves when everything that it counted is on disk, but after 250 ms at the latest. */
export function durableScrape(
  expose: Metrics['expose'],
  callLog: Pick<CallLog, 'flush' | 'status'>,
): Metrics['expose'] {
  return async (...args) => {
    const exposition = await expose(...args)
    if (callLog.status().writable) {
      const waited = new AbortController()
      const { signal } = waited
      const timeout = sleep(LONGEST_WAIT_MS, undefined, { signal, ref: false }).catch(() => undefined)
      await Promise.race([callLog.flush(), timeout])
      waited.abort()
    }
    return exposition
  }
}
