// What the log says of the file: set aside, lost and begun anew, pruned. Each once, with what was done and what to do.

import type { Logger } from '../../log.ts'
import type { FailureReason } from '../file/writeError.ts'
import type { PruneOutcome, Quarantined, Reopened, SpillRead } from './protocol.ts'

export interface Reporting {
  readonly log: Logger
  readonly onWriteError: (reason: FailureReason) => void
}

/** A damaged file was renamed. `counters`: what that means for them. Null: nothing was. */
export function reportQuarantined(aside: Quarantined | null, counters: 'begin at zero' | 'go on', log: Logger): void {
  if (aside !== null) {
    const { file, damage } = aside
    log.error(
      { damage, setAside: file, recover: `sqlite3 '${file}' .recover | sqlite3 recovered.db` },
      `the call log is damaged: it was set aside and a new one is begun; totals and counters ${counters}`,
    )
  }
}

/** The file was opened anew. `missing`: ended calls that were written and that it does not have, the pruned ones too. */
export function reportReopened(
  { quarantined }: Reopened,
  missing: number,
  { path, log }: { path: string; log: Logger },
): void {
  reportQuarantined(quarantined, 'go on', log)
  if (missing > 0) {
    log.error(
      { path, calls: missing },
      'the call log is another file now: rows of ended calls are not in it; totals, counters and open calls go on',
    )
  } else {
    log.warn({ path }, 'the call log was opened again; nothing is missing in it')
  }
}

/** The program ends and these calls are not in the database. */
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
      'stopped before the call log could be written, and the calls could not all be kept beside it: make room and look at DB_PATH',
    )
  } else {
    log.warn(spilled, 'stopped before the call log could be written; the next start reads what waited from this file')
  }
}

/** What an earlier run had left was read, or could not be. Null: there was nothing. */
export function reportSpillRead(read: SpillRead | null, log: Logger): void {
  if (read === null) {
    return
  }
  const { file, calls, problem } = read
  if (problem === null) {
    log.info({ file, calls }, 'what the last run could not write is in the call log now')
  } else {
    log.error({ file, problem }, 'what the last run could not write is not in the call log; its file is kept')
  }
}

/** A round of retention is over. */
export function reportPrune(outcome: PruneOutcome, { log, onWriteError }: Reporting): void {
  switch (outcome.type) {
    case 'pruned': {
      if (outcome.calls > 0) {
        log.info({ calls: outcome.calls }, 'old calls were deleted from the call log')
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
