// What waits to be handled: the frames of the event socket, as their bytes, and the events that the session makes, in one order.
//
// The socket is always read, however far behind the program is: Asterisk disconnects a listener that does not read. Handling gets a
// few milliseconds in each turn of the event loop; the socket, scrapes and timers get their turn before it. The more waits, the longer
// handling takes, so that Asterisk has to wait for moments before the queue is full. An item is handled at once while nothing waits.
// Nothing is dropped: beyond the bound, the session ends, and what waits is handled all the same.

export interface ArrivalQueueOptions {
  /** Bytes that may wait. */
  readonly maxBytes: number
}

export interface ArrivalQueueDependencies<T> {
  /** Handles one item; must not throw. */
  handle(item: T): void
  /** Whether the latest item still has work left; `more` does a part of it. The next item waits for all of it. */
  hasMore(): boolean
  more(): void
  /** The program is behind, or has caught up; called when that changes. */
  onBehind(isBehind: boolean): void
  /** Monotonic clock, ms. */
  readonly ticks: () => number
  /** Calls `run` in the next turn of the event loop, after sockets were read. */
  readonly nextTurn: (run: () => void) => void
}

/** What waits: bytes, and the age of the oldest item in ms; both 0 when nothing does. */
export interface QueueState {
  readonly bytes: number
  readonly oldestMs: number
}

export interface ArrivalQueue<T> {
  /** Whether an item that arrives at `at` (by `ticks`) may be handled at once: nothing waits, and this turn has time left. */
  isFree(at: number): boolean
  /** Handles an item at once if the queue is free, else after all that wait. */
  put(item: T): void
  /** Adds an item behind all others. False beyond the bound; the item waits nevertheless. */
  add(item: T, bytes: number): boolean
  /** The item that waits behind all others; null when none does. */
  newest(): T | null
  /** Items are only collected, until `release` or `discard`; to be called while nothing waits. */
  hold(): void
  /** Handles `first` at once, and from now on what was collected. */
  release(first: T): void
  /** Forgets what waits. */
  discard(): void
  /** Resolves when nothing waits, and the latest item has no work left. */
  drained(): Promise<void>
  queued(): QueueState
}

/** How long items are handled in one turn of the event loop while little waits. */
const SLICE_MS = 5

/** The same from a quarter of the bound on. Asterisk disconnects a listener for which a write is blocked for 100 ms. */
const LONGEST_SLICE_MS = 30

/** The program is behind when an item has waited this long. */
const BEHIND_MS = 1_000

/** Memory that a waiting item takes besides its bytes. */
const ITEM_BYTES = 200

interface Waiting<T> {
  readonly item: T
  readonly bytes: number
  /** By `ticks`. */
  readonly since: number
  next: Waiting<T> | null
}

/** Empty and not held. */
export function createArrivalQueue<T>(
  { maxBytes }: ArrivalQueueOptions,
  deps: ArrivalQueueDependencies<T>,
): ArrivalQueue<T> {
  const { ticks } = deps
  // Linked, oldest first.
  let first: Waiting<T> | null = null
  let last: Waiting<T> | null = null
  let bytes = 0
  let isHeld = false
  let releasedAt = 0
  let isBehind = false
  // A slice is due at the end of this turn.
  let isDue = false
  let turnBeganAt = 0
  const whenDrained: (() => void)[] = []

  const isDrained = (): boolean => first === null && !deps.hasMore()
  const sliceMs = (): number => SLICE_MS + (LONGEST_SLICE_MS - SLICE_MS) * Math.min(1, (4 * bytes) / maxBytes)

  function takeSlice(): void {
    isDue = false
    const beganAt = ticks()
    // The time in which a snapshot was taken does not count.
    if (first !== null && beganAt - Math.max(first.since, releasedAt) > BEHIND_MS) {
      setBehind(true)
    }
    do {
      if (deps.hasMore()) {
        deps.more()
      } else if (first !== null && !isHeld) {
        deps.handle(take(first))
      } else {
        return settle()
      }
    } while (ticks() - beganAt < sliceMs())
    makeDue()
  }

  function makeDue(): void {
    if (!isDue) {
      isDue = true
      turnBeganAt = ticks()
      deps.nextTurn(takeSlice)
    }
  }

  function take(oldest: Waiting<T>): T {
    first = oldest.next
    last = first === null ? null : last
    bytes -= oldest.bytes
    return oldest.item
  }

  function settle(): void {
    if (!isDrained()) {
      return
    }
    setBehind(false)
    for (const resolve of whenDrained.splice(0)) {
      resolve()
    }
  }

  function setBehind(isNow: boolean): void {
    if (isNow !== isBehind) {
      isBehind = isNow
      deps.onBehind(isNow)
    }
  }

  function isFree(at: number): boolean {
    if (isHeld || !isDrained()) {
      return false
    }
    makeDue()
    return at - turnBeganAt < SLICE_MS
  }

  function add(item: T, itemBytes: number): boolean {
    const waiting: Waiting<T> = { item, bytes: itemBytes + ITEM_BYTES, since: ticks(), next: null }
    if (last === null) {
      first = waiting
    } else {
      last.next = waiting
    }
    last = waiting
    bytes += waiting.bytes
    if (!isHeld) {
      makeDue()
    }
    return bytes <= maxBytes
  }

  return {
    isFree,
    put(item) {
      if (isFree(ticks())) {
        deps.handle(item)
      } else {
        add(item, 0)
      }
    },
    add,
    newest: () => last?.item ?? null,
    hold() {
      isHeld = true
    },
    release(snapshot) {
      isHeld = false
      releasedAt = ticks()
      deps.handle(snapshot)
      makeDue()
    },
    discard() {
      ;[first, last, bytes, isHeld] = [null, null, 0, false]
      makeDue()
    },
    async drained() {
      if (!isDrained()) {
        await new Promise<void>((resolve) => whenDrained.push(resolve))
      }
    },
    queued: () => ({ bytes, oldestMs: first === null ? 0 : ticks() - first.since }),
  }
}
