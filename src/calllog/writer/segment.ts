// A batch to which records are still added: the latest record of each call and leg, and the totals that changed.
//
// A segment becomes a batch when it is handed to the writer; from then on nothing is added to it or removed from it.

import type { MissedCallersBatch, MissedCallerWrite } from './missedCallerRows.ts'
import type { Batch } from './protocol.ts'
import type { CallWrite, LegWrite } from './recordToRow.ts'
import type { StoredTotal } from './storedTotals.ts'

// A batch is copied to the writer thread by the main thread; this many rows take a few milliseconds at most.
const ROWS_PER_BATCH = 1000

export interface Segment {
  readonly number: number
  readonly calls: Map<number, CallWrite>
  readonly legs: Map<number, LegWrite>
  /** Calls that ended in it, in order, each with the number of the segment that has its first record. */
  readonly ended: Map<number, number>
  readonly deletedCallIds: Set<number>
  readonly missedCallers: Map<number, MissedCallerWrite>
  readonly totals: Map<string, StoredTotal>
  /** Calls that ever ended, as of this segment. */
  endedEver: number
  /** When the PBX was last seen, as of the last append. */
  at: number
}

export function newSegment(number: number, { endedEver, at }: Pick<Segment, 'endedEver' | 'at'>): Segment {
  return {
    number,
    calls: new Map(),
    legs: new Map(),
    ended: new Map(),
    deletedCallIds: new Set(),
    missedCallers: new Map(),
    totals: new Map(),
    endedEver,
    at,
  }
}

export function isFull({ calls, legs, missedCallers }: Segment): boolean {
  return calls.size + legs.size + missedCallers.size >= ROWS_PER_BATCH
}

/** True if it contains only the time at which the PBX was last seen. */
export function hasNoRecords({ calls, legs, totals, deletedCallIds, missedCallers }: Segment): boolean {
  return calls.size + legs.size + totals.size + deletedCallIds.size + missedCallers.size === 0
}

export function batchOf(segment: Segment, state: Pick<Batch, 'dropped' | 'at' | 'aheadMs'>): Batch {
  return {
    number: segment.number,
    calls: [...segment.calls.values()],
    legs: [...segment.legs.values()],
    deletedCallIds: [...segment.deletedCallIds],
    totals: [...segment.totals.values()],
    ended: segment.endedEver,
    ...(segment.missedCallers.size > 0 && { missedCallers: missedCallersOf(segment) }),
    ...state,
  }
}

function missedCallersOf({ missedCallers }: Segment): MissedCallersBatch {
  return { callers: [...missedCallers.values()], deletedIds: [], numberSecret: null }
}

/** Removes the missed callers that were closed, but those of whom `isWritten` says that the file has them as waiting. */
export function dropClosed(segment: Segment, isWritten: (id: number) => boolean): void {
  for (const [id, { caller }] of segment.missedCallers) {
    if (caller.state !== 'waiting' && !isWritten(id)) {
      segment.missedCallers.delete(id)
    }
  }
}

/** Removes up to `most` of the oldest ended calls; returns how many. `writtenNumber`: the newest segment that the writer has. */
export function dropOldest(segment: Segment, most: number, writtenNumber: number): number {
  const victims = new Map([...segment.ended].slice(0, most))
  for (const [id, firstNumber] of victims) {
    segment.ended.delete(id)
    segment.calls.delete(id)
    if (firstNumber <= writtenNumber) {
      segment.deletedCallIds.add(id)
    }
  }
  for (const [id, { callId }] of segment.legs) {
    if (victims.has(callId)) {
      segment.legs.delete(id)
    }
  }
  for (const [id, write] of segment.missedCallers) {
    if (write.closedByCall !== null && victims.has(write.closedByCall)) {
      segment.missedCallers.set(id, { ...write, closedByCall: null })
    }
  }
  return victims.size
}

/** Moves what is left of a segment into the next one, whose records are newer and take precedence. */
export function mergeIntoNext(older: Segment, newer: Segment): void {
  prepend(older.calls, newer.calls)
  prepend(older.legs, newer.legs)
  prepend(older.totals, newer.totals)
  prepend(older.missedCallers, newer.missedCallers)
  for (const id of older.deletedCallIds) {
    newer.deletedCallIds.add(id)
  }
}

// The order of a Map is that of its first insertions.
function prepend<K, V>(older: ReadonlyMap<K, V>, newer: Map<K, V>): void {
  const merged = new Map([...older, ...newer])
  newer.clear()
  for (const [key, value] of merged) {
    newer.set(key, value)
  }
}
