// Restores the state that the call log has stored: counters in the metrics, open calls in the core.
//
// Must run before the first event and the first scrape. What the counters lack (metrics/balance.ts) is stored like any other count,
// so that the next start restores the values that this one shows.

import type { PbxEvent } from '../call/event.ts'
import type { OpenedCallLog } from '../calllog/callLog.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'

export interface RestoreDependencies {
  readonly metrics: Pick<Metrics, 'restore'>
  readonly handleEvent: (event: PbxEvent) => void
  readonly log: Logger
  /** The database, for the log line. */
  readonly path: string
}

/** Restores both, and logs what the call log contains. */
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
    log.warn({ sums: ignored }, 'stored counters that this version does not know were not restored')
  }
  log.info({ path, calls: callLog.status().rows, open: restored.calls.length }, 'call log ready')
}
