// Continues where the call log ends: gives its sums to the metrics and its open calls to the core.
//
// Must run before any event and any scrape. What the sums lack (metrics/balance.ts) is stored like any other count, so that the
// next run restores the same values that this one shows.

import type { PbxEvent } from '../call/event.ts'
import type { OpenedCallLog } from '../calllog/callLog.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'

export interface RestoreDependencies {
  readonly metrics: Pick<Metrics, 'restore'>
  readonly handleEvent: (event: PbxEvent) => void
  readonly log: Logger
  /** Of the database, for the log line. */
  readonly path: string
}

/** Restores both, and logs what the call log holds. */
export function restore(
  { callLog, totals, restored }: Pick<OpenedCallLog, 'callLog' | 'totals' | 'restored'>,
  { metrics, handleEvent, log, path }: RestoreDependencies,
): void {
  const { owed, ignored } = metrics.restore(totals, restored.calls)
  if (owed.length > 0) {
    callLog.append([], owed)
  }
  if (restored.calls.length > 0) {
    handleEvent({ type: 'OpenCallsRestored', ...restored })
  }
  if (ignored > 0) {
    log.warn({ sums: ignored }, 'stored sums that this version does not know were left out of the metrics')
  }
  log.info({ path, calls: callLog.status().rows, open: restored.calls.length }, 'call log ready')
}
