// The call log: writes facts to SQLite, and reads from it at the start what the program needs to continue.
//
// Never blocks and never throws while calls run: the database runs in a thread of its own (writer/worker.ts), fed in batches.
// The truth about calls is in the facts; this folder only writes it down. SQL lives nowhere else.

import { setTimeout as sleep } from 'node:timers/promises'
import type { RestoredCall } from '../call/event.ts'
import type { CallFact } from '../call/fact.ts'
import type { Logger } from '../log.ts'
import { now } from '../time/clock.ts'
import type { Total } from '../totals/total.ts'
import { locate } from './file/locate.ts'
import { errorText, type WriteErrorReason } from './file/writeError.ts'
import { openWriterThread, type SpawnWriter } from './writer/client.ts'
import { reportPrune, reportQuarantined, reportReopened, reportSpilled, reportSpillRead } from './writer/fileLog.ts'
import { FlushLoop } from './writer/flushLoop.ts'
import type { CallWrite, LegWrite } from './writer/recordToRow.ts'
import { RowIds } from './writer/rowIds.ts'
import { spillFileOf, writeSpill } from './writer/spill.ts'
import { WalWatch } from './writer/walWatch.ts'
import { WriteQueue, type Writes } from './writer/writeQueue.ts'

const DEFAULT_FLUSH_MS = 20
const DEFAULT_LAST_SEEN_MS = 1000
const DEFAULT_FILE_CHECK_MS = 1000
const DEFAULT_MAX_PENDING_CALLS = 100_000
const DEFAULT_CLOSE_MS = 5000
// Twice what is kept of it after a burst (database.ts).
const DEFAULT_WAL_WARN_BYTES = 128 * 1024 * 1024
// A disk that does not answer keeps the thread from ending.
const THREAD_ENDS_WITHIN_MS = 1000
const SYSTEM_CLOCK: LogClock = { now, toPbx: (at) => at }

export interface CallLogOptions {
  /** The database file; made where there is none, in a folder that exists. */
  readonly path: string
  /** Ended calls older than this are deleted; 0 keeps all. */
  readonly retentionDays: number
  /** How long a fact waits for company before it is written. */
  readonly flushMs?: number
  /** How often, at most, what was seen of the PBX is written by itself. */
  readonly lastSeenMs?: number
  /** How often a log that is not written to looks whether its file is still there. */
  readonly fileCheckMs?: number
  /** Ended calls that may wait in memory for a disk that fails. */
  readonly maxPendingCalls?: number
  /** A write-ahead log that is larger is warned of. */
  readonly walWarnBytes?: number
  /** How long `close` tries to write what waits. */
  readonly closeMs?: number
  /** An upper bound to the file's size, in SQLite's pages of 4 KiB; 0, the default: none but the disk. */
  readonly maxPages?: number
}

export interface CallLogDependencies {
  readonly log: Logger
  /** A transaction is on disk; it took so many seconds. */
  readonly onWrite: (seconds: number) => void
  /** A transaction failed (it will be tried again), or a waiting call was given up. */
  readonly onWriteError: (reason: WriteErrorReason) => void
  /** Entity id of the Asterisk that is listened to; null while it is not known. */
  readonly node?: () => string | null
  /** Our clock, and its instants in the PBX's time; unset: the system's, and the same. */
  readonly clock?: LogClock
  readonly spawn?: SpawnWriter
}

/** Epoch ms. */
export interface LogClock {
  now(): number
  toPbx(at: number): number
}

export interface CallLogStatus {
  /** Calls ever ended whose end was written: the pruned ones too, those given up while the disk failed, and those lost with a file. */
  readonly rows: number
  /** Calls ended and not yet on disk. `rows + pending` is the number of calls that ever ended. */
  readonly pending: number
  /** Of both: calls given up because too many waited, or refused by the tables. Their rows are missing; they stay in every total. */
  readonly dropped: number
  /** False while writing fails. */
  readonly writable: boolean
}

export interface CallLog {
  /**
   * Takes facts and the amounts that they add to totals; both reach the disk in one transaction, within 50 ms on a disk
   * that keeps up. Never throws, never blocks. After `close` it does nothing.
   */
  append(facts: readonly CallFact[], totals: readonly Total[]): void
  /**
   * The PBX was seen now, or at this instant of its own clock (epoch ms) if that is earlier: no call can have ended unseen
   * before it. On disk about a second later. Never throws, and no failure of its own is counted.
   */
  seen(at?: number): void
  /** Row of a call that has started and not ended. */
  rowId(channelId: string): number | undefined
  status(): CallLogStatus
  /** Size of the write-ahead log, about a second old. */
  walBytes(): number
  /** Resolves when all that was appended before is on disk, however long that takes, or when the log is closed. */
  flush(): Promise<void>
  /**
   * Writes what waits, trying for `closeMs`, and closes the database. What could not be written goes into a file that the
   * next start reads; resolves with the number of ended calls that are in neither.
   */
  close(): Promise<Closed>
}

export interface Closed {
  readonly lost: number
}

export interface OpenedCallLog {
  readonly callLog: CallLog
  /** The sums that are stored. */
  readonly totals: readonly Total[]
  /** Calls that were open when the PBX was last seen, and when (epoch ms) that was, by fact or `seen`; 0 in a new log. */
  readonly remembered: { readonly at: number; readonly calls: readonly RestoredCall[] }
  /** By how much our clock was ahead of the PBX's then, ms. */
  readonly aheadMs: number
}

/**
 * Opens or makes the call log. A damaged one is set aside, said in the log, and a new one begun. Rejects with a
 * `CallLogOpenError` whose message is fit to be shown as it is.
 */
export async function openCallLog(options: CallLogOptions, deps: CallLogDependencies): Promise<OpenedCallLog> {
  const { path, retentionDays, maxPages = 0, fileCheckMs = DEFAULT_FILE_CHECK_MS } = options
  const { flushMs = DEFAULT_FLUSH_MS, lastSeenMs = DEFAULT_LAST_SEEN_MS } = options
  const { log, onWrite, onWriteError, spawn } = deps
  const wal = new WalWatch(options.walWarnBytes ?? DEFAULT_WAL_WARN_BYTES, { path, log })
  const writer = await openWriterThread(
    { path, retentionDays, maxPages, fileCheckMs },
    {
      onPrune: (outcome) => reportPrune(outcome, deps),
      onWal: (bytes) => wal.take(bytes),
      onLost: (lost) => {
        reportQuarantined(lost.quarantined, 'go on', log)
        flushLoop.lost({ ...lost, type: 'failed' })
      },
      accepts: (saved) => rows.covers(saved),
      ...(spawn === undefined ? {} : { spawn }),
    },
  )
  const { saved } = writer
  reportQuarantined(writer.quarantined, 'begin at zero', log)
  reportSpillRead(writer.spill, log)
  const rows = new RowIds(saved)
  const queue = new WriteQueue(saved, options.maxPendingCalls ?? DEFAULT_MAX_PENDING_CALLS)
  const flushLoop = new FlushLoop(
    { flushMs, lastSeenMs },
    {
      queue,
      write: writer.write,
      log,
      onWrite,
      onWriteError,
      onReopened: (reopened, missing) => reportReopened(reopened, missing, { path, log }),
    },
  )
  const see = (at: number): void => {
    const { clock = SYSTEM_CLOCK } = deps
    const ours = clock.now()
    const now = clock.toPbx(ours)
    queue.setLastSeen({ at, now, aheadMs: ours - now })
  }
  const close = async (): Promise<Closed> => {
    await flushLoop.stop(options.closeMs ?? DEFAULT_CLOSE_MS)
    const lost = queue.hasRecords ? spill(queue, { path, log }) : 0
    await Promise.race([writer.close(), sleep(THREAD_ENDS_WITHIN_MS, undefined, { ref: false })])
    return { lost }
  }
  let closed: Promise<Closed> | undefined
  const callLog: CallLog = {
    append: (facts, totals) => {
      if (closed !== undefined) {
        return
      }
      see(facts.reduce((latest, { at }) => Math.max(latest, at), 0))
      const dropped = queue.append({ ...writesOf(facts, rows, deps), totals })
      for (let call = 0; call < dropped; call += 1) {
        onWriteError('dropped')
      }
      flushLoop.schedule()
    },
    seen: (at = Infinity) => {
      if (closed === undefined && !Number.isNaN(at)) {
        see(at)
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
    flush: () => flushLoop.flush(),
    close: () => {
      closed ??= close()
      return closed
    },
  }
  const calls = saved.open.map(({ call }) => call)
  return { callLog, totals: saved.totals, remembered: { at: saved.at, calls }, aheadMs: saved.aheadMs }
}

/** Keeps what waits in a file; returns how many ended calls are not in it. */
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

function writesOf(facts: readonly CallFact[], rows: RowIds, deps: CallLogDependencies): Omit<Writes, 'totals'> {
  const calls: CallWrite[] = []
  const legs: LegWrite[] = []
  const node = deps.node?.() ?? null
  for (const fact of facts) {
    switch (fact.type) {
      case 'CallStarted':
      case 'CallChanged':
      case 'CallAnswered':
      case 'CallEnded': {
        calls.push(rows.call(fact.call, { at: fact.at, node, ended: fact.type === 'CallEnded' }))
        break
      }
      case 'LegStarted':
      case 'LegChanged':
      case 'LegEnded': {
        const write = rows.leg(fact.leg, fact.type === 'LegStarted')
        if (write === undefined) {
          deps.log.warn({ leg: fact.leg.id, call: fact.leg.callId }, 'a leg of a call that is not open was not logged')
        } else {
          legs.push(write)
        }
        break
      }
      case 'QueueLeft':
      case 'CallsReconciled': {
        break
      }
    }
  }
  return { calls, legs }
}
