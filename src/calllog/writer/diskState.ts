// The state of the file that a new file would need: totals, counters, the rows of open calls and of missed callers who wait.
//
// The file can be lost while calls are active: deleted, replaced, damaged. The new file starts with this state, so that its totals
// agree with the metrics and no open call is missing. Rows of ended calls are not kept in memory; they are lost with the file. The
// state contains only written batches; queued ones follow in order. No I/O.

import type { MissedCallersBatch, MissedCallerWrite } from './missedCallerRows.ts'
import type { Batch, SavedState } from './protocol.ts'
import type { CallWrite, LegWrite } from './recordToRow.ts'
import { type StoredTotal, Sums, sumKey } from './storedTotals.ts'

// Limits what is copied between threads at once (see segment.ts).
const CALLS_PER_BATCH = 500

interface OpenCallRows {
  /** Null for a call that an earlier run left open, until this run writes it. */
  call: CallWrite | null
  /** Usually one leg; a map per call would take more memory than its content. */
  readonly legs: LegWrite[]
}

/** The latest state of the file that is worth keeping. */
export class DiskState {
  readonly #totals: Map<string, StoredTotal>
  readonly #open: Map<number, OpenCallRows>
  /** Missed callers who wait. */
  readonly #waiting: Map<number, MissedCallerWrite>
  readonly #numberSecret: string
  #number: number
  #ended: number
  #dropped: number
  #at: number
  #aheadMs: number

  constructor(saved: SavedState) {
    this.#totals = new Map(new Sums(saved.totals).all)
    this.#open = new Map(saved.open.map(({ id }) => [id, { call: null, legs: [] }]))
    this.#waiting = new Map(saved.missedCallers.waiting.map((caller) => [caller.id, { caller, closedByCall: null }]))
    this.#numberSecret = saved.numberSecret
    this.#number = saved.number
    this.#ended = saved.ended
    this.#dropped = saved.dropped
    this.#at = saved.at
    this.#aheadMs = saved.aheadMs
  }

  /** Calls that ever ended, as the file counts them. */
  get ended(): number {
    return this.#ended
  }

  /** When the PBX was last seen, according to the file; epoch ms. */
  get at(): number {
    return this.#at
  }

  /** Whether the file has a missed caller with this id who waits. */
  readonly isWaiting = (id: number): boolean => this.#waiting.has(id)

  /** A batch was written. */
  apply(batch: Batch): void {
    for (const write of batch.calls) {
      this.#applyCall(write)
    }
    for (const write of batch.legs) {
      this.#applyLeg(write)
    }
    for (const id of batch.deletedCallIds) {
      this.#open.delete(id)
    }
    if (batch.missedCallers !== undefined) {
      this.#applyMissedCallers(batch.missedCallers)
    }
    for (const total of batch.totals) {
      this.#totals.set(sumKey(total), total)
    }
    this.#number = Math.max(this.#number, batch.number)
    this.#ended = Math.max(this.#ended, batch.ended)
    this.#dropped = Math.max(this.#dropped, batch.dropped)
    this.#at = batch.at
    this.#aheadMs = batch.aheadMs
  }

  /** How many written ended calls are missing in a file with this state. */
  missingIn(saved: SavedState): number {
    return Math.max(0, this.#ended - saved.ended)
  }

  /**
   * Batches to write first into a file with this state; empty if it is the current file, with or without the batch that was
   * handed out (`out`). The first has the sums and deletes rows that are open only in that file, because they would be ended
   * and counted a second time. Only the last has the current number: a file lost before it counts as incomplete.
   */
  batchesFor(saved: SavedState, out = this.#number): readonly Batch[] {
    if ((saved.number === this.#number || saved.number === out) && saved.ended >= this.#ended) {
      return []
    }
    const stale = saved.open.map(({ id }) => id).filter((id) => !this.#open.has(id))
    const rows = [...this.#open.values()]
    const first = this.#batch(rows.slice(0, CALLS_PER_BATCH))
    const batches: Batch[] = [
      {
        ...first,
        deletedCallIds: stale,
        totals: [...this.#totals.values()],
        missedCallers: { callers: [], deletedIds: this.#staleCallers(saved), numberSecret: this.#numberSecret },
      },
    ]
    for (let from = CALLS_PER_BATCH; from < rows.length; from += CALLS_PER_BATCH) {
      batches.push(this.#batch(rows.slice(from, from + CALLS_PER_BATCH)))
    }
    const waiting = [...this.#waiting.values()]
    for (let from = 0; from < waiting.length; from += CALLS_PER_BATCH) {
      const callers = waiting.slice(from, from + CALLS_PER_BATCH)
      batches.push({ ...this.#batch([]), missedCallers: { callers, deletedIds: [], numberSecret: null } })
    }
    return batches.map((batch, index) => (index < batches.length - 1 ? batch : { ...batch, number: this.#number }))
  }

  #applyCall(write: CallWrite): void {
    const known = this.#open.get(write.id)
    if (write.ended) {
      this.#open.delete(write.id)
    } else if (known === undefined) {
      this.#open.set(write.id, { call: write, legs: [] })
    } else {
      known.call = write
    }
  }

  #applyLeg(write: LegWrite): void {
    const legs = this.#open.get(write.callId)?.legs ?? []
    // The latest leg changes most often.
    const known = legs.findLastIndex(({ id }) => id === write.id)
    legs[known < 0 ? legs.length : known] = write
  }

  #applyMissedCallers({ callers, deletedIds }: MissedCallersBatch): void {
    for (const write of callers) {
      if (write.caller.state === 'waiting') {
        this.#waiting.set(write.caller.id, write)
      } else {
        this.#waiting.delete(write.caller.id)
      }
    }
    for (const id of deletedIds) {
      this.#waiting.delete(id)
    }
  }

  // They wait only in that file: here they were closed.
  #staleCallers({ missedCallers }: SavedState): readonly number[] {
    return missedCallers.waiting.map(({ id }) => id).filter((id) => !this.#waiting.has(id))
  }

  #batch(rows: readonly OpenCallRows[]): Batch {
    return {
      number: 0,
      calls: rows.flatMap(({ call }) => call ?? []),
      legs: rows.flatMap(({ legs }) => legs),
      deletedCallIds: [],
      totals: [],
      ended: this.#ended,
      dropped: this.#dropped,
      restores: true,
      at: this.#at,
      aheadMs: this.#aheadMs,
    }
  }
}
