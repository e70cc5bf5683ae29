// Goes on from where the call log ends: its sums to the metrics, its open calls to the core.
//
// Must come before anything is told or heard. What the sums lack (metrics/balance.ts) is stored like anything else, so
// that the next run finds what this one tells.

import type { PbxEvent } from '../call/event.ts'
import type { OpenedCallLog } from '../calllog/callLog.ts'
import type { Metrics } from '../metrics/metrics.ts'

/** Returns how many stored sums were put back, and how many could not be. */
export function resume(
  { callLog, totals, remembered }: Pick<OpenedCallLog, 'callLog' | 'totals' | 'remembered'>,
  { metrics, take }: { readonly metrics: Pick<Metrics, 'restore'>; readonly take: (event: PbxEvent) => void },
): ReturnType<Metrics['restore']> {
  const report = metrics.restore(totals, remembered.calls)
  if (report.owed.length > 0) callLog.append([], report.owed)
  if (remembered.calls.length > 0) take({ type: 'OpenCallsRestored', ...remembered })
  return report
}
