// Delays scrapes and questions to the call log (250 ms at most) until everything that happened before is on disk: counters cannot
// fall after a crash, and a list shows the live calls as they are.
//
// A slow or failing disk must not block them: after that time they continue in any case.

import { setTimeout as sleep } from 'node:timers/promises'
import type { CallLog } from '../calllog/callLog.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { ExporterQueries } from '../query/query.ts'

// Prometheus gives up after ten seconds by default, and writing a batch takes some milliseconds.
const LONGEST_WAIT_MS = 250

type Flushed = Pick<CallLog, 'flush' | 'status'>

/** Wraps `expose` so that it resolves when everything that it counted is on disk, but after 250 ms at the latest. */
export function durableScrape(expose: Metrics['expose'], callLog: Flushed): Metrics['expose'] {
  return async (...args) => {
    const exposition = await expose(...args)
    await onDisk(callLog)
    return exposition
  }
}

/** Wraps the queries so that each finds what happened before it. */
export function currentQueries(queries: ExporterQueries, callLog: Flushed): ExporterQueries {
  const after =
    <Args extends readonly unknown[], Result>(ask: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await onDisk(callLog)
      return ask(...args)
    }
  return {
    page: after(queries.page),
    changes: after(queries.changes),
    csv: after(queries.csv),
    detail: after(queries.detail),
    operators: after(queries.operators),
    stats: after(queries.stats),
    series: after(queries.series),
    busiestHours: after(queries.busiestHours),
    queueFigures: after(queries.queueFigures),
    trunkFigures: after(queries.trunkFigures),
    missedCallers: after(queries.missedCallers),
    missedCallersCsv: after(queries.missedCallersCsv),
  }
}

async function onDisk(callLog: Flushed): Promise<void> {
  if (callLog.status().writable) {
    const waited = new AbortController()
    const { signal } = waited
    const timeout = sleep(LONGEST_WAIT_MS, undefined, { signal, ref: false }).catch(() => undefined)
    await Promise.race([callLog.flush(), timeout])
    waited.abort()
  }
}
