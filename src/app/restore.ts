// Restores the state that the call log has stored: counters in the metrics, open calls in the core, missed callers who wait.
//
// Must run before the first event and the first scrape. What the counters lack (metrics/balance.ts) is stored like any other count,
// so that the next start restores the values that this one shows.

import type { PbxEvent } from '../call/event.ts'
import type { MissedCaller } from '../callback/missedCaller.ts'
import type { MissedCallers } from '../callback/missedCallers.ts'
import type { OpenedCallLog } from '../calllog/callLog.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { KeyOfNumber } from '../numbers/phoneNumber.ts'
import { type Fraud, isOfFraud } from './fraud.ts'

export interface RestoreDependencies {
  readonly metrics: Pick<Metrics, 'restore'>
  readonly missedCallers: Pick<MissedCallers, 'restore'>
  readonly fraud: Pick<Fraud, 'owed'>
  readonly keyOf: KeyOfNumber
  readonly handleEvent: (event: PbxEvent) => void
  readonly log: Logger
  /** The database, for the log line. */
  readonly path: string
}

/** Restores them, and logs what the call log contains. */
export function restore(
  {
    callLog,
    totals,
    restored,
    missedCallers: earlier,
  }: Pick<OpenedCallLog, 'callLog' | 'totals' | 'restored' | 'missedCallers'>,
  { metrics, missedCallers, fraud, keyOf, handleEvent, log, path }: RestoreDependencies,
): void {
  const ofMetrics = totals.filter((total) => !isOfFraud(total))
  const { owed, ignored } = metrics.restore(ofMetrics, restored.calls)
  if (owed.length + fraud.owed.length > 0) {
    callLog.append([], [...owed, ...fraud.owed])
  }
  missedCallers.restore({ ...earlier, waiting: withPresentKeys(earlier.waiting, keyOf) })
  if (restored.calls.length > 0) {
    handleEvent({ type: 'OpenCallsRestored', ...restored })
  }
  if (ignored > 0) {
    log.warn({ sums: ignored }, 'stored counters that this version does not know were not restored')
  }
  log.info(
    { path, calls: callLog.status().rows, open: restored.calls.length, missedCallers: earlier.waiting.length },
    'call log ready',
  )
}

// Another COUNTRY makes other keys. A number that is masked keeps its key, and so does one whose new key another caller has.
function withPresentKeys(waiting: readonly MissedCaller[], keyOf: KeyOfNumber): readonly MissedCaller[] {
  const taken = new Set(waiting.map(({ key }) => key))
  return waiting.map((caller) => {
    const key = keyOf(caller.number)
    if (key === null || taken.has(key)) {
      return caller
    }
    taken.add(key)
    return { ...caller, key }
  })
}
