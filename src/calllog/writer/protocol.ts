// What the main thread and the writer's thread say to each other. Plain values only: they are copied between threads.
//
// One batch is under way at a time; the writer answers each with `written` or `failed`, or ends with `lost`.

import type { RestoredCall } from '../../call/event.ts'
import type { Total } from '../../totals/total.ts'
import type { OpenErrorReason } from '../file/openError.ts'
import type { FailureReason } from '../file/writeError.ts'
import type { CallWrite, LegWrite } from './recordToRow.ts'
import type { StoredTotal } from './storedTotals.ts'

/** What the writer's thread is started with. */
export interface WriterSettings {
  readonly path: string
  /** Ended calls older than this are deleted; 0 keeps all. */
  readonly retentionDays: number
  /** An upper bound to the file's size, in SQLite's pages of 4 KiB; 0: none but the disk. */
  readonly maxPages: number
  /** How often to look whether the file is still there. */
  readonly fileCheckMs: number
}

/**
 * One transaction. All of it is absolute (whole records, sums so far), so to write a batch twice is to write it once:
 * that is what makes a retry safe when nobody knows whether the first try reached the disk.
 */
export interface Batch {
  /** Rises from batch to batch, over restarts too: which of two states of a file is the later one. */
  readonly number: number
  readonly calls: readonly CallWrite[]
  readonly legs: readonly LegWrite[]
  /** Rows of calls that were given up after a part of them had been written. */
  readonly deletedCallIds: readonly number[]
  readonly totals: readonly StoredTotal[]
  /** Calls ever ended in this log as of this batch, and how many of them were given up. */
  readonly ended: number
  readonly dropped: number
  /** Until when the PBX was seen, by its own clock as ours knows it (epoch ms), and how far ours is ahead of it. */
  readonly at: number
  readonly aheadMs: number
}

/** A call without an end, with the rows that it and its open legs have. */
export interface OpenCall {
  readonly id: number
  readonly call: RestoredCall
  /** Row of each open leg, in the order of `call.legs`. */
  readonly legIds: readonly number[]
}

/** What the log knows when it is opened. */
export interface SavedState {
  readonly lastCallId: number
  readonly lastLegId: number
  readonly ended: number
  readonly dropped: number
  /** Of the newest batch that is in it; 0 in a new log. */
  readonly number: number
  /** Until when the PBX was seen, epoch ms; 0 in a new log. Never beyond now. */
  readonly at: number
  /** By how much our clock was ahead of the PBX's then. */
  readonly aheadMs: number
  readonly totals: readonly Total[]
  readonly open: readonly OpenCall[]
}

export type ToWriter = { readonly type: 'write'; readonly batch: Batch } | { readonly type: 'close' }

/** A batch is on disk. `refused`: what the tables would not take, record by record; the rest of it is written. */
export interface Written {
  readonly type: 'written'
  readonly seconds: number
  readonly refused: readonly Refused[]
}

/** A record that is not in its table, and why. */
export interface Refused {
  readonly detail: string
  /** It was the end of a call: no row tells of that now. */
  readonly callEnded: boolean
}

/** A batch is not on disk, or nobody knows. */
export interface Failed {
  readonly type: 'failed'
  readonly reason: FailureReason
  readonly detail: string
}

/** Nothing was written: the file had to be opened anew, and this is what it knows. */
export interface Reopened {
  readonly type: 'reopened'
  readonly saved: SavedState
  readonly quarantined: Quarantined | null
}

/** How an attempt to write a batch ended. */
export type WriteOutcome = Written | Failed | Reopened

/** A damaged file was renamed, so that a new one could be begun. */
export interface Quarantined {
  /** Its path now. */
  readonly file: string
  /** What is wrong with it. */
  readonly damage: string
}

/** What an earlier run could not write and left in a file. */
export interface SpillRead {
  readonly file: string
  /** Ended calls that came from it into the database. */
  readonly calls: number
  /** Why it was not read, and is kept under this name; null when it was. */
  readonly problem: string | null
}

/** The file is ours no more: the thread has closed it and ends. `quarantined` when it was damaged. */
export interface Lost {
  readonly type: 'lost'
  /** `other`: the thread died of an exception. */
  readonly reason: 'replaced' | 'corrupt' | 'other'
  readonly detail: string
  readonly quarantined: Quarantined | null
}

/** How a round of retention fared. */
export type PruneOutcome =
  | { readonly type: 'pruned'; readonly calls: number }
  | (Omit<Failed, 'type'> & { readonly type: 'notPruned' })

/** How large the write-ahead log is now. */
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
    }
  | { readonly type: 'refused'; readonly reason: OpenErrorReason; readonly message: string }
  | Written
  | Failed
  | Lost
  | WalSize
  | PruneOutcome
