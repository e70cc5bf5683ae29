// The call log: writes facts to SQLite, and at the start returns the saved state from which the program continues.
//
// Never blocks and never throws after it is open: a thread writes the database in batches (writer/worker.ts). The facts decide what a
// call means; this folder only stores them. SQL is used only in this folder.

import { setTimeout as sleep } from 'node:timers/promises'
import type { RestoredCall } from '../call/event.ts'
import type { CallFact } from '../call/fact.ts'
import type { MissedCallerFact } from '../callback/missedCaller.ts'
import type { EarlierMissedCallers } from '../callback/missedCallers.ts'
import type { Action } from '../control/action.ts'
import type { Logger } from '../log.ts'
import type { SinkName } from '../shipping/sink.ts'
import { now } from '../time/clock.ts'
import type { Total } from '../totals/total.ts'
import { locate } from './file/locate.ts'
import { errorText, type WriteErrorReason } from './file/writeError.ts'
import { openWriterThread, type SpawnWriter } from './writer/client.ts'
import { isOfLiveCalls, writesOf } from './writer/factsToWrites.ts'
import {
  reportPrune,
  reportQuarantined,
  reportRemoved,
  reportReopened,
  reportSpilled,
  reportSpillRead,
} from './writer/fileLog.ts'
import { FlushLoop } from './writer/flushLoop.ts'
import type { Settled, SinkEvents } from './writer/outbox.ts'
import type { Lost } from './writer/protocol.ts'
import { RowIds } from './writer/rowIds.ts'
import { spillFileOf, writeSpill } from './writer/spill.ts'
import { WalWatch } from './writer/walWatch.ts'
import { WriteQueue } from './writer/writeQueue.ts'

const DEFAULT_FLUSH_MS = 20
const DEFAULT_DEFER_MS = 1000
const DEFAULT_LAST_SEEN_MS = 1000
const DEFAULT_FILE_CHECK_MS = 1000
const DEFAULT_MAX_PENDING_CALLS = 100_000
const DEFAULT_CLOSE_MS = 5000
// Twice the size that is kept after a burst (file/open.ts).
const DEFAULT_WAL_WARN_BYTES = 128 * 1024 * 1024
// A disk that does not respond keeps the thread from ending.
const THREAD_ENDS_WITHIN_MS = 1000
const SYSTEM_CLOCK: LogClock = { now, toPbx: (at) => at }

export interface CallLogOptions {
  /** The database file; created if it does not exist. Its folder must exist. */
  readonly path: string
  /** Ended calls older than this are deleted; 0 keeps all. */
  readonly retentionDays: number
  /** How long a fact waits for further ones before they are written together. */
  readonly flushMs?: number
  /** How long the changes of a call that has not ended wait, unless `flush` is called. */
  readonly deferMs?: number
  /** Shortest time between two writes of nothing but the time at which the PBX was last seen. */
  readonly lastSeenMs?: number
  /** How often to check, while nothing is written, that the file is still at its path. */
  readonly fileCheckMs?: number
  /** How many ended calls are kept in memory while the disk fails. */
  readonly maxPendingCalls?: number
  /** The size of the write-ahead log above which the program warns. */
  readonly walWarnBytes?: number
  /** How long `close` tries to write the queue. */
  readonly closeMs?: number
  /** The name of this site; unset leaves that of the file. */
  readonly site?: string
  /** The sinks that get what ends; default none. */
  readonly sinks?: readonly SinkEvents[]
  /** The largest size of the file, in SQLite's pages of 4 KiB; 0, the default: no limit. */
  readonly maxPages?: number
}

export interface CallLogDependencies {
  readonly log: Logger
  /** A transaction is on disk; `seconds`: how long it took. */
  readonly onWrite: (seconds: number) => void
  /** A transaction failed (it will be retried), or a queued call was dropped. */
  readonly onWriteError: (reason: WriteErrorReason) => void
  /** Entity id of the connected Asterisk; null while it is unknown. */
  readonly node?: () => string | null
  /** Our clock, and the conversion to the PBX's time. Default: the system's clock, without conversion. */
  readonly clock?: LogClock
  /** Retention removed entries of the outbox undelivered. */
  readonly onUndelivered?: (sink: SinkName, entries: number) => void
  readonly spawn?: SpawnWriter
}

/** Epoch ms. */
export interface LogClock {
  now(): number
  toPbx(at: number): number
}

export interface CallLogStatus {
  /** Calls that ever ended, as counted on disk. Includes pruned and dropped calls, and those whose file was lost. */
  readonly rows: number
  /** Ended calls that are not yet on disk. `rows + pending` is the number of calls that ever ended. */
  readonly pending: number
  /** Calls among these that were dropped because too many were queued, or refused by the tables. They have no rows, but count in every total. */
  readonly dropped: number
  /** False while writing fails. */
  readonly writable: boolean
}

export interface CallLog {
  /**
   * Adds facts, what they mean for missed callers, and the amounts that both add to totals; all reach the disk in one transaction:
   * within 50 ms on a disk that keeps up if a call, a leg or a wait ended or a missed caller changed, otherwise within a second. Never
   * throws, never blocks. After `close` it does nothing.
   */
  append(facts: readonly CallFact[], totals: readonly Total[], missedCallers?: readonly MissedCallerFact[]): void
  /**
   * The PBX was seen now, or at this instant of its own clock (epoch ms) if that is earlier: no call ended unobserved before
   * that. On disk about a second later. Never throws; a failure to write only this time is not counted.
   */
  noteLastSeen(at?: number): void
  /** Row id of a call that has started and not ended. */
  rowId(channelId: string): number | undefined
  status(): CallLogStatus
  /** Size of the write-ahead log, as of about a second ago. */
  walBytes(): number
  /** The id of the database file. */
  logId(): string
  /** Removes delivered entries of the outbox and sets refused ones aside. Resolves with why it was not done, or with null. */
  settle(settled: Settled): Promise<string | null>
  /** Writes what somebody does to the PBX, or its outcome. Resolves with why it was not done, or with null once it is on disk. */
  noteAction(action: Action): Promise<string | null>
  /** Resolves when everything appended before is on disk, however long that takes, or when the log is closed. */
  flush(): Promise<void>
  /**
   * Writes the queue, trying for `withinMs` (default: `closeMs`), and closes the database. What could not be written goes to the spill
   * file, which the next start reads. Resolves with the number of ended calls that are in neither.
   */
  close(withinMs?: number): Promise<Closed>
}

export interface Closed {
  readonly lost: number
}

export interface OpenedCallLog {
  readonly callLog: CallLog
  /** The stored sums. */
  readonly totals: readonly Total[]
  /** Calls that were open when the PBX was last seen, by fact or `noteLastSeen`, and when that was (epoch ms; 0 in a new log). */
  readonly restored: { readonly at: number; readonly calls: readonly RestoredCall[] }
  /** Missed callers who waited then, and what their calls need to continue. */
  readonly missedCallers: EarlierMissedCallers
  /** With it the number keys of this log are made. */
  readonly numberSecret: string
  /** By how much our clock was ahead of the PBX's at that time, ms. */
  readonly aheadMs: number
}

/**
 * Opens or creates the call log. A damaged file is renamed and logged, and a new one created. Rejects with a `CallLogOpenError`,
 * whose message can be shown to the user.
 */
export async function openCallLog(options: CallLogOptions, deps: CallLogDependencies): Promise<OpenedCallLog> {
  const { path, retentionDays, maxPages = 0, fileCheckMs = DEFAULT_FILE_CHECK_MS } = options
  const { flushMs = DEFAULT_FLUSH_MS, deferMs = DEFAULT_DEFER_MS, lastSeenMs = DEFAULT_LAST_SEEN_MS } = options
  const { log, onWrite, onWriteError, spawn } = deps
  const wal = new WalWatch(options.walWarnBytes ?? DEFAULT_WAL_WARN_BYTES, { path, log })
  const { site = null, sinks = [] } = options
  // A thread may lose its file as soon as it has opened it, before this function continues.
  const early: Lost[] = []
  let onLost = (lost: Lost): void => {
    early.push(lost)
  }
  const writer = await openWriterThread(
    { path, retentionDays, maxPages, fileCheckMs, site, sinks },
    {
      onPrune: (outcome) => reportPrune(outcome, deps),
      onWal: (bytes) => wal.take(bytes),
      onLost: (lost) => {
        reportQuarantined(lost.quarantined, 'continue', log)
        onLost(lost)
      },
      accepts: (saved) => rows.covers(saved),
      ...(spawn === undefined ? {} : { spawn }),
    },
  )
  const { saved } = writer
  let { logId } = saved
  reportQuarantined(writer.quarantined, 'start at zero', log)
  reportSpillRead(writer.spill, log)
  reportRemoved(writer.removed, log)
  const rows = new RowIds(saved)
  const queue = new WriteQueue(saved, options.maxPendingCalls ?? DEFAULT_MAX_PENDING_CALLS)
  const flushLoop = new FlushLoop(
    { flushMs, deferMs, lastSeenMs },
    {
      queue,
      write: writer.write,
      log,
      onWrite,
      onWriteError,
      onReopened: (reopened, missing) => {
        logId = reopened.saved.logId
        reportReopened(reopened, missing, { path, log })
      },
    },
  )
  onLost = (lost) => flushLoop.lost({ ...lost, type: 'failed' })
  early.forEach(onLost)
  const setLastSeen = lastSeenSetter(queue, deps.clock)
  const close = async (withinMs = options.closeMs ?? DEFAULT_CLOSE_MS): Promise<Closed> => {
    await flushLoop.stop(withinMs)
    const lost = queue.hasRecords ? spill(queue, { path, log }) : 0
    await Promise.race([writer.close(), sleep(THREAD_ENDS_WITHIN_MS, undefined, { ref: false })])
    return { lost }
  }
  let closed: Promise<Closed> | undefined
  const callLog: CallLog = {
    append: (facts, totals, missedCallers = []) => {
      if (closed !== undefined) {
        return
      }
      setLastSeen(facts.reduce((latest, { at }) => Math.max(latest, at), 0))
      const appended = { facts, missedCallers }
      const dropped = queue.append({ ...writesOf(appended, rows, deps), totals, mayWait: isOfLiveCalls(appended) })
      for (let call = 0; call < dropped; call += 1) {
        onWriteError('dropped')
      }
      flushLoop.schedule()
    },
    noteLastSeen: (at = Infinity) => {
      if (closed === undefined && !Number.isNaN(at)) {
        setLastSeen(at)
        flushLoop.noteLastSeen()
      }
    },
    rowId: (channelId) => rows.rowId(channelId),
    status: () => ({
      rows: queue.rows,
      pending: queue.pending,
      dropped: queue.dropped,
      writable: flushLoop.writable,
    }),
    walBytes: () => wal.bytes,
    logId: () => logId,
    settle: (settled) => writer.settle(settled),
    noteAction: (action) => writer.noteAction(action),
    flush: () => flushLoop.flush(),
    close: (withinMs) => {
      closed ??= close(withinMs)
      return closed
    },
  }
  const calls = saved.open.map(({ call }) => call)
  const { totals, missedCallers, numberSecret, aheadMs } = saved
  return { callLog, totals, restored: { at: saved.at, calls }, missedCallers, numberSecret, aheadMs }
}

function lastSeenSetter(queue: WriteQueue, clock = SYSTEM_CLOCK): (at: number) => void {
  return (at) => {
    const ours = clock.now()
    const now = clock.toPbx(ours)
    queue.setLastSeen({ at, now, aheadMs: ours - now })
  }
}

/** Writes the queue to the spill file; returns how many ended calls are not in it. */
function spill(queue: WriteQueue, { path, log }: { path: string; log: Logger }): number {
  const { pending } = queue
  try {
    const file = spillFileOf(locate(path))
    const calls = writeSpill(file, queue.unwritten())
    reportSpilled({ file, calls, lost: pending - calls }, log)
    return pending - calls
  } catch (error) {
    reportSpilled({ problem: errorText(error), lost: pending }, log)
    return pending
  }
}
