// The queue of batches that are not on disk yet, in order of arrival (segment.ts).
//
// The batch that was handed out is kept unchanged until the writer has confirmed it. The queue is bounded: beyond
// `maxPendingCalls` ended calls, the oldest lose their rows. They stay in the totals and counters, so `rows + pending` is
// always the number of calls that ever ended. After the file was replaced, the batches that bring the new file up to date
// (diskState.ts) go before everything else.

import type { Total } from '../../totals/total.ts'
import { createDeferredWrites } from './deferredWrites.ts'
import { DiskState } from './diskState.ts'
import type { MissedCallerWrite } from './missedCallerRows.ts'
import type { Batch, SavedState } from './protocol.ts'
import type { CallWrite, LegWrite } from './recordToRow.ts'
import {
  batchOf,
  dropClosed,
  dropOldest,
  hasNoRecords,
  isFull,
  mergeIntoNext,
  newSegment,
  type Segment,
} from './segment.ts'
import { Sums } from './storedTotals.ts'

/** The writes of one append, in order. */
export interface Writes {
  readonly calls: readonly CallWrite[]
  readonly legs: readonly LegWrite[]
  readonly totals: readonly Total[]
  readonly missedCallers?: readonly MissedCallerWrite[]
  /** They may wait for later ones of the same call: nothing has ended, and the amounts are whole numbers, which add up in any order. */
  readonly mayWait?: boolean
}

/** When the PBX was last seen. Epoch ms. */
export interface LastSeen {
  /** By the clock of the PBX. */
  readonly at: number
  /** The present time by the clock of the PBX, calculated from ours, and how far ours is ahead of it. */
  readonly now: number
  readonly aheadMs: number
}

/** The queue between the tracker's facts and the writer. */
export class WriteQueue {
  readonly #maxPendingCalls: number
  readonly #sums: Sums
  readonly #disk: DiskState
  readonly #segments: Segment[] = []
  readonly #deferred = createDeferredWrites()
  /** For each open call, the number of the segment with its first record; 0: an earlier run. */
  readonly #firstNumbers: Map<number, number>
  /** Batches that bring a replaced file up to date, and the number of the newest batch that it had. */
  #restoring: Batch[] = []
  #restoringAfter = 0
  #handedOut: Batch | undefined
  /** Missed callers in it. */
  #handedOutIds: ReadonlySet<number> = new Set()
  /** Newest segment that was handed out. */
  #handedOutNumber: number
  #lastNumber: number
  #acknowledgedNumber: number
  /** Ended calls in the segments. */
  #queuedCalls = 0
  #ended: number
  #dropped: number
  #lastSeenAt: number
  #aheadMs: number

  constructor(saved: SavedState, maxPendingCalls: number) {
    this.#maxPendingCalls = maxPendingCalls
    this.#sums = new Sums(saved.totals)
    this.#disk = new DiskState(saved)
    this.#firstNumbers = new Map(saved.open.map(({ id }) => [id, 0]))
    this.#handedOutNumber = saved.number
    this.#lastNumber = saved.number
    this.#acknowledgedNumber = saved.number
    this.#ended = saved.ended
    this.#dropped = saved.dropped
    this.#lastSeenAt = saved.at
    this.#aheadMs = saved.aheadMs
  }

  /** Calls that ever ended and are on disk. */
  get rows(): number {
    return this.#disk.ended
  }

  /** Calls that ended and are not on disk yet. */
  get pending(): number {
    return this.#ended - this.#disk.ended
  }

  /** Calls that lost their rows, in this run and before. */
  get dropped(): number {
    return this.#dropped
  }

  get isEmpty(): boolean {
    return this.#segments.length === 0
  }

  /** Batches that were not handed out yet; the newest of them can still grow. */
  get batchesToGo(): number {
    const handedOut = this.#restoring.length > 0 || this.#segments[0]?.number === this.#handedOutNumber ? 1 : 0
    return this.#restoring.length + this.#segments.length - handedOut
  }

  /** Number of the newest batch, and of the newest that is on disk. */
  get lastNumber(): number {
    return this.#lastNumber
  }

  get acknowledgedNumber(): number {
    return this.#acknowledgedNumber
  }

  /** Adds the writes of one append, all to one batch. Returns how many queued calls were dropped to make room. */
  append(writes: Writes): number {
    if (writes.mayWait === true && this.#deferred.keep(writes)) {
      return 0
    }
    for (const earlier of this.#deferred.takeWith(writes)) {
      this.#put(earlier)
    }
    this.#put(writes)
    return this.#queuedCalls > this.#maxPendingCalls ? this.#drop() : 0
  }

  /** True when changes of live calls wait; `collect` adds them to the next batches. */
  get hasWaiting(): boolean {
    return this.#deferred.size > 0
  }

  collect(): void {
    for (const writes of this.#deferred.takeAll()) {
      this.#put(writes)
    }
  }

  /** The oldest batch; the same one until it is acknowledged. Undefined when the queue is empty. */
  next(): Batch | undefined {
    const [segment] = this.#segments
    const [restoring] = this.#restoring
    if (restoring === undefined && segment !== undefined) {
      this.#handedOutNumber = segment.number
    }
    this.#handedOut = restoring ?? (segment && this.#batchOf(segment))
    this.#handedOutIds = new Set(this.#handedOut?.missedCallers?.callers.map(({ caller }) => caller.id))
    return this.#handedOut
  }

  /** The batch that was handed out is on disk, except the rows of `refusedCalls` ended calls. */
  acknowledge(refusedCalls = 0): void {
    this.#dropped += refusedCalls
    if (this.#handedOut !== undefined) {
      this.#disk.apply(this.#handedOut)
    }
    this.#handedOut = undefined
    if (this.#restoring.shift() !== undefined) {
      return
    }
    const segment = this.#segments.shift()
    if (segment !== undefined) {
      this.#acknowledgedNumber = segment.number
      this.#queuedCalls -= segment.ended.size
    }
  }

  /**
   * Goes with the next batch. Limited to the present time, whatever the time of an event is: after a restart, calls without
   * a known end would be ended at it. Set back when the clock is set back.
   */
  setLastSeen({ at, now, aheadMs }: LastSeen): void {
    this.#lastSeenAt = Math.floor(Math.min(now, Math.max(this.#lastSeenAt, at)))
    this.#aheadMs = Math.round(aheadMs)
  }

  /** True when the file has another time than `setLastSeen` gave. */
  get hasNewLastSeen(): boolean {
    return this.#lastSeenAt !== this.#disk.at
  }

  /** Makes sure that there is a batch to hand out, if necessary one without records. */
  ensureBatch(): void {
    if (this.isEmpty) {
      this.#openSegment()
    }
  }

  /** The file was reopened and has this state. Returns how many ended calls that were written it does not have. */
  reopen(saved: SavedState): number {
    this.#restoring = [...this.#disk.batchesFor(saved, this.#handedOut?.number)]
    this.#restoringAfter = saved.number
    return this.#disk.missingIn(saved)
  }

  /** True when records or totals are not on disk yet. */
  get hasRecords(): boolean {
    return this.#restoring.length > 0 || !this.#segments.every(hasNoRecords)
  }

  /** Everything that is not on disk, and the number of the newest batch that is. */
  unwritten(): { readonly after: number; readonly batches: readonly Batch[] } {
    const batches = [...this.#restoring, ...this.#segments.map((segment) => this.#batchOf(segment))]
    return { after: this.#restoring.length > 0 ? this.#restoringAfter : this.#acknowledgedNumber, batches }
  }

  #batchOf(segment: Segment): Batch {
    return batchOf(segment, {
      dropped: this.#dropped,
      // Later times belong to later batches.
      at: segment === this.#segments.at(-1) ? this.#lastSeenAt : segment.at,
      aheadMs: this.#aheadMs,
    })
  }

  #put({ calls, legs, totals, missedCallers = [] }: Writes): void {
    const segment = this.#openSegment()
    segment.at = this.#lastSeenAt
    for (const write of calls) {
      this.#putCall(segment, write)
    }
    for (const write of legs) {
      segment.legs.set(write.id, write)
    }
    for (const write of missedCallers) {
      segment.missedCallers.set(write.caller.id, write)
    }
    for (const total of totals) {
      const { key, sum } = this.#sums.add(total)
      segment.totals.set(key, sum)
    }
    segment.endedEver = this.#ended
  }

  #putCall(segment: Segment, write: CallWrite): void {
    segment.calls.set(write.id, write)
    const firstNumber = this.#firstNumbers.get(write.id) ?? segment.number
    if (!write.ended) {
      this.#firstNumbers.set(write.id, firstNumber)
      return
    }
    this.#firstNumbers.delete(write.id)
    segment.ended.set(write.id, firstNumber)
    this.#ended += 1
    this.#queuedCalls += 1
  }

  #openSegment(): Segment {
    const last = this.#segments.at(-1)
    if (last !== undefined && last.number > this.#handedOutNumber && !isFull(last)) {
      return last
    }
    this.#lastNumber += 1
    const segment = newSegment(this.#lastNumber, { endedEver: this.#ended, at: this.#lastSeenAt })
    this.#segments.push(segment)
    return segment
  }

  readonly #isWaitingInFile = (id: number): boolean => this.#disk.isWaiting(id) || this.#handedOutIds.has(id)

  // A hundredth of the queue at once, because each drop goes through all legs of its batch.
  #drop(): number {
    const wanted = Math.max(this.#queuedCalls - this.#maxPendingCalls, Math.floor(this.#maxPendingCalls / 100))
    const first = this.#segments.findIndex(({ number }) => number > this.#handedOutNumber)
    let dropped = 0
    while (first >= 0 && dropped < wanted) {
      const [segment, next] = this.#segments.slice(first, first + 2)
      if (segment !== undefined && segment.ended.size > 0) {
        dropped += dropOldest(segment, wanted - dropped, this.#handedOutNumber)
      } else if (segment !== undefined && next !== undefined) {
        // They are as old as the calls that were dropped.
        dropClosed(segment, this.#isWaitingInFile)
        mergeIntoNext(segment, next)
        this.#segments.splice(first, 1)
      } else {
        break
      }
    }
    this.#queuedCalls -= dropped
    this.#dropped += dropped
    return dropped
  }
}
