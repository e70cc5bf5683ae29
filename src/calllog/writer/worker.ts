// The writer thread: the only place that opens the database for writing. Started by client.ts; ended by `close`, or by itself when
// the file is lost (deleted, replaced, damaged).
//
// Must answer every batch, whatever happens. Must not report a batch as written if it went to a deleted file. May block on the disk
// and on locks: only the write queue waits for it.

import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { SinkName } from '../../shipping/sink.ts'
import { now, ticks } from '../../time/clock.ts'
import { type FileIdentity, fileIdentity } from '../file/identity.ts'
import { isDamage, type LockedDatabase, openDatabase } from '../file/open.ts'
import { quarantine } from '../file/quarantine.ts'
import { asOpenError, errorText, writeErrorReason } from '../file/writeError.ts'
import { noteAction } from './actions.ts'
import { backFillStep, prepareOutbox, type Removed } from './backFill.ts'
import { batchWriter, type WriteBatch } from './batch.ts'
import { settle } from './outbox.ts'
import type {
  Batch,
  Failed,
  FromWriter,
  Lost,
  Quarantined,
  SavedState,
  SettleOutcome,
  SpillRead,
  ToWriter,
  WriterSettings,
  Written,
} from './protocol.ts'
import { knownTime, type PrunePosition, prune } from './retention.ts'
import { readSavedState } from './savedState.ts'
import { readSpill } from './spill.ts'

const DAY_MS = 86_400_000
const PRUNE_EVERY_MS = 3_600_000

// Five hundred calls a second leave the disk and the receiver time for other work.
const FILL_EVERY_MS = 1_000

// Between two chunks of retention, the batches that have arrived are written.
const PRUNE_PAUSE_MS = 10

/** What the database contains at the start, after the spill file of an earlier run was written to it. */
interface StartState {
  readonly removed: Removed
  readonly spill: SpillRead | null
  readonly saved: SavedState
}

interface OpenLog extends LockedDatabase<StartState> {
  readonly write: WriteBatch
  readonly identity: FileIdentity
}

function serve(port: MessagePort, settings: WriterSettings): void {
  const post = (message: FromWriter): void => port.postMessage(message)
  let log: OpenLog
  try {
    log = openLog(settings)
  } catch (error) {
    post(refusal(error, settings.path))
    return
  }
  post({ type: 'opened', quarantined: log.quarantined, ...log.content })
  const end = (): void => {
    clearInterval(fileCheck)
    stopPruning()
    stopFilling()
    port.close()
  }
  const report = (message: FromWriter): void => {
    post(message)
    if (message.type === 'lost') {
      end()
    }
  }
  let walBytes = 0
  const checkFile = (): void => {
    const change = log.identity.check()
    if (change !== undefined) {
      report(closeReplaced(log, change))
      return
    }
    const bytes = log.identity.walBytes()
    if (bytes !== walBytes) {
      post({ type: 'wal', bytes })
      walBytes = bytes
    }
  }
  // For times without batches; each batch checks the file too.
  const fileCheck = setInterval(checkFile, settings.fileCheckMs)
  const stopPruning = keepPruned(log, settings.retentionDays, report)
  const stopFilling = keepFilling(log, settings, report)
  port.on('message', (message: ToWriter) => {
    switch (message.type) {
      case 'write': {
        report(attemptWrite(log, message.batch))
        return
      }
      case 'settle': {
        report(attemptSettle(log, message))
        return
      }
      case 'action': {
        report(attemptNote(log, message))
        return
      }
      case 'close': {
        closeLog(log)
        end()
        return
      }
    }
  })
}

function openLog({ path, maxPages, site, sinks }: WriterSettings): OpenLog {
  const opened = openDatabase(path, {
    maxPages,
    read: (db): StartState => {
      const removed = prepareOutbox(db, sinks, { site, now: now() })
      return { removed, spill: readSpill(db, sinks), saved: readSavedState(db, now()) }
    },
  })
  return { ...opened, write: batchWriter(opened.db, sinks), identity: fileIdentity(opened.db.name) }
}

function closeLog({ db, lock }: OpenLog): void {
  db.close()
  lock.close()
}

function refusal(thrown: unknown, path: string): FromWriter {
  const { reason, message } = asOpenError(thrown, path)
  return { type: 'refused', reason, message }
}

function attemptWrite(log: OpenLog, batch: Batch): Written | Failed | Lost {
  const startedAt = ticks()
  try {
    const refused = log.write(batch)
    const change = log.identity.check()
    return change === undefined
      ? { type: 'written', seconds: (ticks() - startedAt) / 1000, refused }
      : closeReplaced(log, change)
  } catch (error) {
    return isDamage(error)
      ? quarantineDamaged(log, errorText(error))
      : { type: 'failed', reason: writeErrorReason(error), detail: errorText(error) }
  }
}

function attemptSettle(log: OpenLog, { number, settled }: Extract<ToWriter, { type: 'settle' }>): SettleOutcome | Lost {
  const answer = (problem: string | null): SettleOutcome => ({ type: 'settled', number, problem })
  try {
    return answer(settle(log.db, settled, now()) ? null : 'the file of the call log is another one now')
  } catch (error) {
    return isDamage(error) ? quarantineDamaged(log, errorText(error)) : answer(errorText(error))
  }
}

function attemptNote(log: OpenLog, { number, action }: Extract<ToWriter, { type: 'action' }>): SettleOutcome | Lost {
  try {
    noteAction(log.db, action)
    const change = log.identity.check()
    return change === undefined ? { type: 'settled', number, problem: null } : closeReplaced(log, change)
  } catch (error) {
    return isDamage(error)
      ? quarantineDamaged(log, errorText(error))
      : { type: 'settled', number, problem: errorText(error) }
  }
}

/** Closes a file that is no longer at its path; checkpoints the WAL first, so that a moved file is complete if possible. */
function closeReplaced(log: OpenLog, detail: string): Lost {
  try {
    log.db.pragma('wal_checkpoint(TRUNCATE)')
  } catch {
    // Best effort.
  }
  try {
    closeLog(log)
    log.identity.removeStaleWal()
  } catch {
    // The next open reports the error.
  }
  return { type: 'lost', reason: 'replaced', detail, quarantined: null }
}

/** Quarantines a damaged file, unless another file is at its path now. */
function quarantineDamaged(log: OpenLog, damage: string): Lost {
  const change = log.identity.check()
  if (change !== undefined) {
    return closeReplaced(log, change)
  }
  const file = log.db.name
  log.db.close()
  const outcome = tryToQuarantine(file, damage)
  log.lock.close()
  return typeof outcome === 'string'
    ? { type: 'lost', reason: 'corrupt', detail: `${damage}; it could not be renamed: ${outcome}`, quarantined: null }
    : { type: 'lost', reason: 'corrupt', detail: damage, quarantined: outcome }
}

function tryToQuarantine(file: string, damage: string): Quarantined | string {
  try {
    return quarantine(file, damage)
  } catch (error) {
    return errorText(error)
  }
}

/** Prunes now and each hour; a failed round is reported and repeated in the next hour. Returns a function that stops it. */
function keepPruned(log: OpenLog, days: number, report: (message: FromWriter) => void): () => void {
  let timer: NodeJS.Timeout | undefined
  let deleted = 0
  let undelivered = new Map<SinkName, number>()
  let position: PrunePosition | undefined
  const round = (): void => {
    try {
      const pruned = prune(log.db, knownTime(log.db, now()) - days * DAY_MS, position)
      deleted += pruned.calls
      for (const [sink, entries] of pruned.undelivered) {
        undelivered.set(sink, (undelivered.get(sink) ?? 0) + entries)
      }
      if (pruned.next !== null) {
        position = pruned.next
        timer = setTimeout(round, PRUNE_PAUSE_MS)
        return
      }
      report({ type: 'pruned', calls: deleted, undelivered })
    } catch (error) {
      if (isDamage(error)) {
        report(quarantineDamaged(log, errorText(error)))
        return
      }
      report({ type: 'notPruned', reason: writeErrorReason(error), detail: errorText(error) })
    }
    deleted = 0
    undelivered = new Map()
    position = undefined
    timer = setTimeout(round, PRUNE_EVERY_MS)
  }
  if (days > 0) {
    timer = setTimeout(round, 0)
  }
  return () => clearTimeout(timer)
}

/** Fills the outbox of new sinks, until they have everything. A step that fails is repeated. Returns a function that stops it. */
function keepFilling(log: OpenLog, { sinks }: WriterSettings, report: (message: FromWriter) => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const step = (): void => {
    try {
      if (backFillStep(log.db, sinks, now())) {
        return
      }
    } catch (error) {
      if (isDamage(error)) {
        report(quarantineDamaged(log, errorText(error)))
        return
      }
    }
    timer = setTimeout(step, FILL_EVERY_MS)
  }
  if (sinks.length > 0) {
    timer = setTimeout(step, 0)
  }
  return () => clearTimeout(timer)
}

if (parentPort !== null) {
  serve(parentPort, workerData)
}
