// The writer's thread: the only place where the database is open. Started by writerThread.ts, ended by a `close`.
//
// Must answer every batch, whatever happens; must never decide what a call means. Disk and locks may take their time
// here: nobody waits for this thread but the backlog.

import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { type LockedDatabase, openDatabase } from './database.ts'
import type { Batch, FromWriter, ToWriter, WriteOutcome, WriterSettings } from './message.ts'
import { readRecall } from './recall.ts'
import { prune } from './retention.ts'
import { batchWriter, type WriteBatch } from './store.ts'
import { asOpenError, errorText, writeErrorReason } from './writeError.ts'

const DAY_MS = 86_400_000
const PRUNE_EVERY_MS = 3_600_000

// Between two chunks of retention the batches that came meanwhile are written.
const PRUNE_PAUSE_MS = 10

function serve(port: MessagePort, settings: WriterSettings): void {
  const say = (message: FromWriter): void => port.postMessage(message)
  let opened: LockedDatabase
  let write: WriteBatch
  try {
    opened = openDatabase(settings.path, settings.maxPages)
    write = batchWriter(opened.db)
    say({ type: 'opened', recall: readRecall(opened.db) })
  } catch (error) {
    say(refusal(error, settings.path))
    return
  }
  const stopPruning = keepPruned(opened, settings.retentionDays, say)
  port.on('message', (message: ToWriter) => {
    switch (message.type) {
      case 'write': {
        say(attemptWrite(write, message.batch))
        return
      }
      case 'close': {
        stopPruning()
        opened.db.close()
        opened.lock.close()
        port.close()
        return
      }
    }
  })
}

function refusal(thrown: unknown, path: string): FromWriter {
  const { reason, message } = asOpenError(thrown, path)
  return { type: 'refused', reason, message }
}

function attemptWrite(write: WriteBatch, batch: Batch): WriteOutcome {
  const startedAt = performance.now()
  try {
    const refused = write(batch)
    return { type: 'written', seconds: (performance.now() - startedAt) / 1000, refused }
  } catch (error) {
    return { type: 'failed', reason: writeErrorReason(error), detail: errorText(error) }
  }
}

/** Prunes now and each hour; a round that fails is told and left to the next hour. Returns how to stop. */
function keepPruned({ db }: LockedDatabase, days: number, say: (message: FromWriter) => void): () => void {
  let timer: NodeJS.Timeout | undefined
  let deleted = 0
  const round = (): void => {
    try {
      const calls = prune(db, Date.now() - days * DAY_MS)
      deleted += calls
      if (calls > 0) {
        timer = setTimeout(round, PRUNE_PAUSE_MS)
        return
      }
      say({ type: 'pruned', calls: deleted })
    } catch (error) {
      say({ type: 'notPruned', reason: writeErrorReason(error), detail: errorText(error) })
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
