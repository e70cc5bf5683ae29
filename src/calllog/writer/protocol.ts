// The messages between the main thread and the writer thread. Plain values only: they are copied between threads.
//
// One batch is outstanding at a time; the writer answers each with `written` or `failed`, or ends with `lost`.

import type { RestoredCall } from '../../call/event.ts'
import type { EarlierMissedCallers } from '../../callback/missedCallers.ts'
import type { Action } from '../../control/action.ts'
import type { SinkName } from '../../shipping/sink.ts'
import type { Total } from '../../totals/total.ts'
import type { OpenErrorReason } from '../file/openError.ts'
import type { FailureReason } from '../file/writeError.ts'
import type { Removed } from './backFill.ts'
import type { MissedCallersBatch } from './missedCallerRows.ts'
import type { Settled, SinkEvents } from './outbox.ts'
import type { CallWrite, LegWrite } from './recordToRow.ts'
import type { StoredTotal } from './storedTotals.ts'

/** What the writer thread is started with. */
export interface WriterSettings {
  readonly path: string
  /** Ended calls older than this are deleted; 0 keeps all. */
  readonly retentionDays: number
  /** The largest size of the file, in SQLite's pages of 4 KiB; 0: no limit. */
  readonly maxPages: number
  /** How often to check that the file is still at its path. */
  readonly fileCheckMs: number
  /** The name of this site; null leaves it as it is. */
  readonly site: string | null
  /** The sinks that get what ends. */
  readonly sinks: readonly SinkEvents[]
}

/**
 * One transaction. It holds absolute values (whole records, sums so far), so that writing it twice has the same effect as writing
 * it once. A retry is therefore safe even if the first attempt did reach the disk.
 */
export interface Batch {
  /** Rises with each batch, across restarts: it says which of two states of a file is the later one. */
  readonly number: number
  readonly calls: readonly CallWrite[]
  readonly legs: readonly LegWrite[]
  /** Rows of calls that were dropped from the queue after a part of them had been written. */
  readonly deletedCallIds: readonly number[]
  readonly totals: readonly StoredTotal[]
  /** Absent if nothing about missed callers changes. */
  readonly missedCallers?: MissedCallersBatch
  /** Calls that ever ended in this log as of this batch, and how many of them were dropped. */
  readonly ended: number
  readonly dropped: number
  /** It brings a new file up to date: nothing of what it has happened now. */
  readonly restores?: true
  /** When the PBX was last seen, in the PBX's time (epoch ms), and by how much our clock is ahead of the PBX's. */
  readonly at: number
  readonly aheadMs: number
}

/** A call without an end, with the row ids of the call and of its open legs. */
export interface OpenCall {
  readonly id: number
  readonly call: RestoredCall
  /** Row id of each open leg, in the order of `call.legs`. */
  readonly legIds: readonly number[]
}

/** The state in the database when it is opened. */
export interface SavedState {
  readonly lastCallId: number
  readonly lastLegId: number
  readonly ended: number
  readonly dropped: number
  /** Number of the newest batch in it; 0 in a new log. */
  readonly number: number
  /** When the PBX was last seen, epoch ms; 0 in a new log. Never later than the present. */
  readonly at: number
  /** By how much our clock was ahead of the PBX's then. */
  readonly aheadMs: number
  readonly totals: readonly Total[]
  readonly open: readonly OpenCall[]
  readonly missedCallers: EarlierMissedCallers
  /** With it the number keys in this file are made. */
  readonly numberSecret: string
  /** The id of the database file. */
  readonly logId: string
}

export type ToWriter =
  | { readonly type: 'write'; readonly batch: Batch }
  | { readonly type: 'settle'; readonly number: number; readonly settled: Settled }
  | { readonly type: 'action'; readonly number: number; readonly action: Action }
  | { readonly type: 'close' }

/** Entries of the outbox were removed and set aside, or an action was written; `problem`: why not, null if they were. */
export interface SettleOutcome {
  readonly type: 'settled'
  readonly number: number
  readonly problem: string | null
}

/** A batch is on disk, except the records in `refused`. */
export interface Written {
  readonly type: 'written'
  readonly seconds: number
  readonly refused: readonly Refused[]
}

/** A record that is not in its table, and why. */
export interface Refused {
  readonly detail: string
  /** It was the last record of an ended call, which now has no complete row. */
  readonly callEnded: boolean
}

/** A batch is not on disk, or it is unknown whether it is. */
export interface Failed {
  readonly type: 'failed'
  readonly reason: FailureReason
  readonly detail: string
}

/** Nothing was written: the file had to be reopened, and has this state. */
export interface Reopened {
  readonly type: 'reopened'
  readonly saved: SavedState
  readonly quarantined: Quarantined | null
}

/** How an attempt to write a batch ended. */
export type WriteOutcome = Written | Failed | Reopened

/** A damaged file was renamed, so that a new one could be created. */
export interface Quarantined {
  /** Its new path. */
  readonly file: string
  /** SQLite's description of the damage. */
  readonly damage: string
}

/** The spill file of an earlier run. */
export interface SpillRead {
  readonly file: string
  /** Ended calls from it that were written to the database. */
  readonly calls: number
  /** Why it could not be read and is kept under this name; null if it was read. */
  readonly problem: string | null
}

/** The file was lost: the thread has closed it and ends. `quarantined`: set if the file was damaged. */
export interface Lost {
  readonly type: 'lost'
  /** `other`: an exception ended the thread. */
  readonly reason: 'replaced' | 'corrupt' | 'other'
  readonly detail: string
  readonly quarantined: Quarantined | null
}

/** The result of a round of retention. */
export type PruneOutcome =
  | {
      readonly type: 'pruned'
      readonly calls: number
      /** Entries of the outbox that were removed undelivered, by sink. */
      readonly undelivered: ReadonlyMap<SinkName, number>
    }
  | (Omit<Failed, 'type'> & { readonly type: 'notPruned' })

/** The present size of the write-ahead log. */
export interface WalSize {
  readonly type: 'wal'
  readonly bytes: number
}

export type FromWriter =
  | {
      readonly type: 'opened'
      readonly saved: SavedState
      readonly quarantined: Quarantined | null
      readonly spill: SpillRead | null
      readonly removed: Removed
    }
  | { readonly type: 'refused'; readonly reason: OpenErrorReason; readonly message: string }
  | Written
  | Failed
  | Lost
  | WalSize
  | SettleOutcome
  | PruneOutcome
