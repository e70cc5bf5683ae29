// The writer's thread: the only place where the database is open. Started by writerThread.ts, ended by a `close`, or by
// itself when the file is lost: deleted, replaced, damaged.
//
// Must answer every batch, whatever happens; must never decide what a call means. Disk and locks may take their time
// here: nobody waits for this thread but the queue. Must never say that a batch is written into a file that has no
// name any more.

import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { now, ticks } from '../../time/clock.ts'
import { fileIdentity, type Place } from '../file/identity.ts'
import { isDamage, type LockedDatabase, openDatabase } from '../file/open.ts'
import { quarantine } from '../file/quarantine.ts'
import { asOpenError, errorText, writeErrorReason } from '../file/writeError.ts'
import { batchWriter, type WriteBatch } from './batch.ts'
import type { Batch, Failed, FromWriter, Lost, Quarantined, ToWriter, WriterSettings, Written } from './protocol.ts'
import { knownTime, prune } from './retention.ts'

const DAY_MS = 86_400_000
const PRUNE_EVERY_MS = 3_600_000

// Between two chunks of retention the batches that came meanwhile are written.
const PRUNE_PAUSE_MS = 10

interface OpenLog extends LockedDatabase {
  readonly write: WriteBatch
  readonly place: Place
}

function serve(port: MessagePort, settings: WriterSettings): void {
  const say = (message: FromWriter): void => port.postMessage(message)
  let log: OpenLog
  try {
    log = openLog(settings)
  } catch (error) {
    say(refusal(error, settings.path))
    return
  }
  say({ type: 'opened', saved: log.saved, quarantined: log.quarantined, spill: log.spill })
  const end = (): void => {
    clearInterval(looking)
    stopPruning()
    port.close()
  }
  const tell = (message: FromWriter): void => {
    say(message)
    if (message.type === 'lost') {
      end()
    }
  }
  let walBytes = 0
  const look = (): void => {
    const detail = log.place.check()
    if (detail !== undefined) {
      tell(closeReplaced(log, detail))
      return
    }
    const bytes = log.place.walBytes()
    if (bytes !== walBytes) {
      say({ type: 'wal', bytes })
      walBytes = bytes
    }
  }
  // For when nothing is written; each batch looks too.
  const looking = setInterval(look, settings.fileCheckMs)
  const stopPruning = keepPruned(log, settings.retentionDays, tell)
  port.on('message', (message: ToWriter) => {
    switch (message.type) {
      case 'write': {
        tell(attemptWrite(log, message.batch))
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

function openLog({ path, maxPages }: WriterSettings): OpenLog {
  const opened = openDatabase(path, maxPages)
  return { ...opened, write: batchWriter(opened.db), place: fileIdentity(opened.db.name) }
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
    const gone = log.place.check()
    return gone === undefined
      ? { type: 'written', seconds: (ticks() - startedAt) / 1000, refused }
      : closeReplaced(log, gone)
  } catch (error) {
    return isDamage(error)
      ? quarantineDamaged(log, errorText(error))
      : { type: 'failed', reason: writeErrorReason(error), detail: errorText(error) }
  }
}

/** Closes files that are not at their path any more; checkpoints the WAL first, so that a moved file is complete if possible. */
function closeReplaced(log: OpenLog, detail: string): Lost {
  try {
    log.db.pragma('wal_checkpoint(TRUNCATE)')
  } catch {
    // Best effort.
  }
  try {
    closeLog(log)
    log.place.removeStaleWal()
  } catch {
    // The next open reports the error.
  }
  return { type: 'lost', reason: 'replaced', detail, quarantined: null }
}

/** Sets a damaged file aside, unless the one at its path is another. */
function quarantineDamaged(log: OpenLog, damage: string): Lost {
  const gone = log.place.check()
  if (gone !== undefined) {
    return closeReplaced(log, gone)
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

/** Prunes now and each hour; a round that fails is told and left to the next hour. Returns how to stop. */
function keepPruned(log: OpenLog, days: number, tell: (message: FromWriter) => void): () => void {
  let timer: NodeJS.Timeout | undefined
  let deleted = 0
  const round = (): void => {
    try {
      const calls = prune(log.db, knownTime(log.db, now()) - days * DAY_MS)
      deleted += calls
      if (calls > 0) {
        timer = setTimeout(round, PRUNE_PAUSE_MS)
        return
      }
      tell({ type: 'pruned', calls: deleted })
    } catch (error) {
      if (isDamage(error)) {
        tell(quarantineDamaged(log, errorText(error)))
        return
      }
      tell({ type: 'notPruned', reason: writeErrorReason(error), detail: errorText(error) })
    }
    deleted = 0
    timer = setTimeout(round, PRUNE_EVERY_MS)
  }
  if (days > 0) {
    timer = setTimeout(round, 0)
  }
  return () => clearTimeout(timer)
}

if (parentPort !== null) {
  serve(parentPort, workerData)
}
