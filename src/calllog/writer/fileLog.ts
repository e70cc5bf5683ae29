// The log lines about the database file: quarantined, lost and replaced, pruned. Each says what was done and what to do.

import type { Logger } from '../../log.ts'
import type { SinkName } from '../../shipping/sink.ts'
import type { FailureReason } from '../file/writeError.ts'
import type { Removed } from './backFill.ts'
import type { PruneOutcome, Quarantined, Reopened, SpillRead } from './protocol.ts'

export interface PruneReporting {
  readonly log: Logger
  readonly onWriteError: (reason: FailureReason) => void
  readonly onUndelivered?: (sink: SinkName, entries: number) => void
}

/** A damaged file was renamed; null: none was. `counters`: what happens to the counters. */
export function reportQuarantined(
  quarantined: Quarantined | null,
  counters: 'start at zero' | 'continue',
  log: Logger,
): void {
  if (quarantined !== null) {
    const { file, damage } = quarantined
    log.error(
      { damage, setAside: file, recover: `sqlite3 '${file}' .recover | sqlite3 recovered.db` },
      `the call log is damaged: it was renamed and a new one created; totals and counters ${counters}`,
    )
  }
}

/** The file was reopened. `missing`: ended calls that were written and are not in it, pruned ones included. */
export function reportReopened(
  { quarantined }: Reopened,
  missing: number,
  { path, log }: { path: string; log: Logger },
): void {
  reportQuarantined(quarantined, 'continue', log)
  if (missing > 0) {
    log.error(
      { path, calls: missing },
      'the call log is another file now: rows of ended calls are not in it; totals, counters and open calls continue',
    )
  } else {
    log.warn({ path }, 'the call log was reopened; nothing is missing in it')
  }
}

/** The program stops, and these calls are not in the database. */
export function reportSpilled(
  {
    lost,
    ...spilled
  }: { readonly file?: string; readonly calls?: number; readonly problem?: string; readonly lost: number },
  log: Logger,
): void {
  if (lost > 0 || spilled.problem !== undefined) {
    log.error(
      { ...spilled, lost },
      'stopped before the call log could be written, and not all calls could be saved beside it: free disk space and check DB_PATH',
    )
  } else {
    log.warn(
      spilled,
      'stopped before the call log could be written; the next start reads the unwritten calls from this file',
    )
  }
}

/** The spill file of an earlier run was read, or could not be read. Null: there was none. */
export function reportSpillRead(read: SpillRead | null, log: Logger): void {
  if (read === null) {
    return
  }
  const { file, calls, problem } = read
  if (problem === null) {
    log.info({ file, calls }, 'the calls that the last run could not write are in the call log now')
  } else {
    log.error(
      { file, problem },
      'the calls that the last run could not write are not in the call log; their file is kept',
    )
  }
}

/** Entries of the outbox were removed at the start. */
export function reportRemoved(removed: Removed, log: Logger): void {
  for (const [sink, entries] of Object.entries(removed)) {
    log.warn({ sink, entries }, 'this sink is not configured any more: what was not delivered to it is not sent later')
  }
}

/** A round of retention has finished. */
export function reportPrune(outcome: PruneOutcome, { log, onWriteError, onUndelivered }: PruneReporting): void {
  switch (outcome.type) {
    case 'pruned': {
      if (outcome.calls > 0) {
        log.info({ calls: outcome.calls }, 'old calls were deleted from the call log')
      }
      for (const [sink, entries] of outcome.undelivered) {
        onUndelivered?.(sink, entries)
        log.error(
          { sink, entries },
          'calls were deleted before they could be delivered, because they are 30 days older than CALL_LOG_RETENTION_DAYS allows',
        )
      }
      return
    }
    case 'notPruned': {
      onWriteError(outcome.reason)
      log.warn({ reason: outcome.reason, detail: outcome.detail }, 'old calls could not be deleted from the call log')
      return
    }
  }
}
