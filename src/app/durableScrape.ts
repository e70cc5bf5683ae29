// What a scrape tells, told only when the call log has it on disk: a crash right after it takes nothing back.
//
// Must never keep a scrape waiting for a disk that is slow or away: then the numbers go out all the same.

import { setTimeout as sleep } from 'node:timers/promises'
import type { CallLog } from '../calllog/callLog.ts'
import type { Metrics } from '../metrics/metrics.ts'

// Prometheus gives up after ten seconds by default, and a written batch takes some milliseconds.
const LONGEST_WAIT_MS = 250

/** `expose` as before, answered when all that it counted is on disk, or a quarter of a second later. */
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
