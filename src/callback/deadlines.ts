// When each key is due: a binary heap, so that neither a new deadline nor the next one that is due costs a search.
//
// A key that gets a later deadline, or that is removed, leaves its old entry in the heap. Such an entry is skipped when it comes to the
// top, and the heap is rebuilt when more than half of it is such entries.

import TinyQueue from 'tinyqueue'

export interface Deadlines {
  /** Sets or changes the deadline of a key. */
  set(key: string, at: number): void
  delete(key: string): void
  /** Removes and returns the key with the earliest deadline if that is not after `at`; undefined if there is none. */
  takeDue(at: number): string | undefined
  /** Removes and returns the key with the earliest deadline. */
  takeFirst(): string | undefined
}

interface Entry {
  readonly key: string
  readonly at: number
}

/** A heap of few entries is not worth rebuilding. */
const REBUILT_FROM = 1_000

/** Without any deadline. */
export function createDeadlines(): Deadlines {
  const current = new Map<string, Entry>()
  let heap = new TinyQueue<Entry>([], earlierFirst)

  function dropOld(): void {
    for (let top = heap.peek(); top !== undefined && current.get(top.key) !== top; top = heap.peek()) {
      heap.pop()
    }
    if (heap.length >= REBUILT_FROM && heap.length > 2 * current.size) {
      heap = new TinyQueue([...current.values()], earlierFirst)
    }
  }

  function takeFirst(): string | undefined {
    dropOld()
    const first = heap.pop()
    if (first !== undefined) {
      current.delete(first.key)
    }
    return first?.key
  }

  return {
    set(key, at) {
      const entry = { key, at }
      current.set(key, entry)
      heap.push(entry)
      dropOld()
    },
    delete(key) {
      current.delete(key)
      dropOld()
    },
    takeDue(at) {
      const first = heap.peek()
      return first !== undefined && first.at <= at ? takeFirst() : undefined
    },
    takeFirst,
  }
}

function earlierFirst(one: Entry, other: Entry): number {
  return one.at - other.at
}
