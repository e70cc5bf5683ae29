// What waits to be written, cut into batches in the order of arrival.
//
// Within a batch the last record of a call or leg wins. A batch that was handed out is kept unchanged until the disk
// has it. What waits is bounded: beyond `maxPendingCalls` ended calls the oldest lose their rows, never their place in
// the totals and counters, so that `rows + pending` stays the number of calls that ever ended. When the file turns out
// to be another one, what it must be told (onDisk.ts) goes before all that waits. Pure.

import { OnDisk } from './diskState.ts'
import type { Batch, Recall } from './protocol.ts'
import type { CallWrite, LegWrite } from './recordToRow.ts'
import { type StoredTotal, Sums, type Total } from './total.ts'

// A batch is copied between threads on the main loop: a few milliseconds at most.
const ROWS_A_BATCH = 1000

/** What one append brings: the writes of its facts, in order. */
export interface Writes {
  readonly calls: readonly CallWrite[]
  readonly legs: readonly LegWrite[]
  readonly totals: readonly Total[]
}

/** That the PBX was seen, by its clock and as ours has it. Epoch ms. */
export interface Sight {
  readonly at: number
  /** What its clock says now, if ours is right, and how far ours is ahead of it. */
  readonly now: number
  readonly aheadMs: number
}

interface Segment {
  readonly number: number
  calls: Map<number, CallWrite>
  legs: Map<number, LegWrite>
  /** Calls that ended in it, in order, each with the number of the segment that had its first record. */
  readonly ended: Map<number, number>
  readonly forgotten: Set<number>
  totals: Map<string, StoredTotal>
  endedEver: number
  /** Until when the PBX was seen as of the last append. */
  at: number
}

/** The queue between the tracker's facts and the writer. */
export class Backlog {
  readonly #max: number
  readonly #sums: Sums
  readonly #disk: OnDisk
  readonly #segments: Segment[] = []
  /** Of each open call: the segment of its first record; 0: an earlier run. */
  readonly #since: Map<number, number>
  /** What a new file is told first. */
  #carried: Batch[] = []
  /** What that file had. */
  #carriedAfter = 0
  #out: Batch | undefined
  #lastNumber: number
  #handedOut: number
  #settled: number
  #waiting = 0
  #seenAt: number
  #aheadMs: number
  #ended: number
  #dropped: number

  constructor(recall: Recall, maxPendingCalls: number) {
    this.#max = maxPendingCalls
    this.#sums = new Sums(recall.totals)
    this.#disk = new OnDisk(recall)
    this.#since = new Map(recall.open.map(({ id }) => [id, 0]))
    this.#lastNumber = recall.number
    this.#handedOut = recall.number
    this.#settled = recall.number
    this.#seenAt = recall.at
    this.#aheadMs = recall.aheadMs
    this.#ended = recall.ended
    this.#dropped = recall.dropped
  }

  /** Calls that ever ended and are on disk, and those that are not yet. Their sum is what was ever appended. */
  get rows(): number {
    return this.#disk.ended
  }

  get pending(): number {
    return this.#ended - this.#disk.ended
  }

  /** Calls that were given up, in this run and before. */
  get dropped(): number {
    return this.#dropped
  }

  get isEmpty(): boolean {
    return this.#segments.length === 0
  }

  /** Batches that were not handed out yet; the newest of them may still grow. */
  get batchesToGo(): number {
    const handedOut = this.#carried.length > 0 || this.#segments[0]?.number === this.#handedOut ? 1 : 0
    return this.#carried.length + this.#segments.length - handedOut
  }

  /** Number of the newest batch, and of the newest that is on disk. */
  get lastNumber(): number {
    return this.#lastNumber
  }

  get settledNumber(): number {
    return this.#settled
  }

  /** Takes in one append, whole into one batch. Returns how many waiting calls had to be given up for it. */
  append({ calls, legs, totals }: Writes): number {
    const segment = this.#openSegment()
    segment.at = this.#seenAt
    for (const write of calls) {
      this.#putCall(segment, write)
    }
    for (const write of legs) {
      segment.legs.set(write.id, write)
    }
    for (const total of totals) {
      const { key, sum } = this.#sums.add(total)
      segment.totals.set(key, sum)
    }
    segment.endedEver = this.#ended
    return this.#waiting > this.#max ? this.#dropOldest() : 0
  }

  /** The oldest batch, again and again until it is settled; undefined when nothing waits. */
  next(): Batch | undefined {
    this.#out = this.#carried[0] ?? this.#nextSegment()
    return this.#out
  }

  /** The batch that was handed out is on disk, without the rows of so many calls that ended in it. */
  settle(refusedCalls = 0): void {
    this.#dropped += refusedCalls
    if (this.#out !== undefined) {
      this.#disk.take(this.#out)
    }
    this.#out = undefined
    if (this.#carried.shift() !== undefined) {
      return
    }
    const segment = this.#segments.shift()
    if (segment !== undefined) {
      this.#settled = segment.number
      this.#waiting -= segment.ended.size
    }
  }

  /**
   * The PBX was seen; goes with the next batch. Never beyond now, whatever an event says: a day of talk that nobody heard
   * would follow from it. A clock that was set back takes it back.
   */
  see({ at, now, aheadMs }: Sight): void {
    this.#seenAt = Math.floor(Math.min(now, Math.max(this.#seenAt, at)))
    this.#aheadMs = Math.round(aheadMs)
  }

  /** True when the disk does not know until when the PBX was seen. */
  get hasNewSight(): boolean {
    return this.#seenAt !== this.#disk.at
  }

  /** Makes sure that there is a batch to hand out, if an empty one. */
  stir(): void {
    if (this.isEmpty) {
      this.#openSegment()
    }
  }

  /** The file was opened anew and tells this. Returns how many calls that ended and were written it does not have. */
  resume(recall: Recall): number {
    this.#carried = [...this.#disk.batchesFor(recall, this.#out?.number)]
    this.#carriedAfter = recall.number
    return this.#disk.missingIn(recall)
  }

  /** True when nothing waits but until when the PBX was seen. */
  get isSettled(): boolean {
    const isEmpty = ({ calls, legs, totals, forgotten }: Segment) =>
      calls.size + legs.size + totals.size + forgotten.size === 0
    return this.#carried.length === 0 && this.#segments.every(isEmpty)
  }

  /** All that waits, and the number of the newest that the file has. */
  rest(): { readonly after: number; readonly batches: readonly Batch[] } {
    const batches = [...this.#carried, ...this.#segments.map((segment) => this.#batchOf(segment))]
    return { after: this.#carried.length > 0 ? this.#carriedAfter : this.#settled, batches }
  }

  #nextSegment(): Batch | undefined {
    const segment = this.#segments[0]
    if (segment === undefined) {
      return undefined
    }
    this.#handedOut = segment.number
    return this.#batchOf(segment)
  }

  #batchOf(segment: Segment): Batch {
    return {
      number: segment.number,
      calls: [...segment.calls.values()],
      legs: [...segment.legs.values()],
      forgotten: [...segment.forgotten],
      totals: [...segment.totals.values()],
      ended: segment.endedEver,
      dropped: this.#dropped,
      // What was seen after this batch is not in it.
      at: segment === this.#segments.at(-1) ? this.#seenAt : segment.at,
      aheadMs: this.#aheadMs,
    }
  }

  #putCall(segment: Segment, write: CallWrite): void {
    segment.calls.set(write.id, write)
    const since = this.#since.get(write.id) ?? segment.number
    if (!write.ended) {
      this.#since.set(write.id, since)
      return
    }
    this.#since.delete(write.id)
    segment.ended.set(write.id, since)
    this.#ended += 1
    this.#waiting += 1
  }

  #openSegment(): Segment {
    const last = this.#segments.at(-1)
    if (last !== undefined && last.number > this.#handedOut && last.calls.size + last.legs.size < ROWS_A_BATCH) {
      return last
    }
    this.#lastNumber += 1
    const segment: Segment = {
      number: this.#lastNumber,
      calls: new Map(),
      legs: new Map(),
      ended: new Map(),
      forgotten: new Set(),
      totals: new Map(),
      endedEver: this.#ended,
      at: this.#seenAt,
    }
    this.#segments.push(segment)
    return segment
  }

  // In one go of a hundredth part: every drop looks through all the legs of its batch.
  #dropOldest(): number {
    const wanted = Math.max(this.#waiting - this.#max, Math.floor(this.#max / 100))
    const first = this.#segments.findIndex(({ number }) => number > this.#handedOut)
    let dropped = 0
    while (first >= 0 && dropped < wanted) {
      const [segment, next] = this.#segments.slice(first, first + 2)
      if (segment !== undefined && segment.ended.size > 0) {
        dropped += this.#dropFrom(segment, wanted - dropped)
      } else if (segment !== undefined && next !== undefined) {
        mergeForward(segment, next)
        this.#segments.splice(first, 1)
      } else {
        break
      }
    }
    this.#waiting -= dropped
    this.#dropped += dropped
    return dropped
  }

  #dropFrom(segment: Segment, most: number): number {
    const victims = new Map([...segment.ended].slice(0, most))
    for (const [id, since] of victims) {
      segment.ended.delete(id)
      segment.calls.delete(id)
      if (since <= this.#handedOut) {
        segment.forgotten.add(id)
      }
    }
    for (const [id, { callId }] of segment.legs) {
      if (victims.has(callId)) {
        segment.legs.delete(id)
      }
    }
    return victims.size
  }
}

// What is left of a batch without ended calls goes with the next one, whose records are newer.
function mergeForward(older: Segment, newer: Segment): void {
  newer.calls = new Map([...older.calls, ...newer.calls])
  newer.legs = new Map([...older.legs, ...newer.legs])
  newer.totals = new Map([...older.totals, ...newer.totals])
  for (const id of older.forgotten) {
    newer.forgotten.add(id)
  }
}
