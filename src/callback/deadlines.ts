// When each key is due: a binary heap, so that neither a new deadline nor the next one that is due costs a search.
//
// A key that gets a later deadline, or that is removed, leaves its old entry in the heap. Such an entry is skipped when it comes to the
// top, and the heap is rebuilt when more than half of it is such entries.

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
  let heap: Entry[] = []

  function dropOld(): void {
    for (let [top] = heap; top !== undefined && current.get(top.key) !== top; [top] = heap) {
      pop(heap)
    }
    if (heap.length >= REBUILT_FROM && heap.length > 2 * current.size) {
      // A sorted list is a heap.
      heap = [...current.values()].sort((one, other) => one.at - other.at)
    }
  }

  function takeFirst(): string | undefined {
    dropOld()
    const first = pop(heap)
    if (first !== undefined) {
      current.delete(first.key)
    }
    return first?.key
  }

  return {
    set(key, at) {
      const entry = { key, at }
      current.set(key, entry)
      push(heap, entry)
      dropOld()
    },
    delete(key) {
      current.delete(key)
      dropOld()
    },
    takeDue(at) {
      const [first] = heap
      return first !== undefined && first.at <= at ? takeFirst() : undefined
    },
    takeFirst,
  }
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.length
  heap.push(entry)
  while (index > 0) {
    const above = (index - 1) >> 1
    const parent = heap[above]
    if (parent === undefined || parent.at <= entry.at) {
      break
    }
    heap[index] = parent
    index = above
  }
  heap[index] = entry
}

function pop(heap: Entry[]): Entry | undefined {
  const [first] = heap
  const last = heap.pop()
  if (heap.length === 0 || last === undefined) {
    return first
  }
  let index = 0
  for (;;) {
    const below = smallerChild(heap, index)
    const child = heap[below]
    if (child === undefined || child.at >= last.at) {
      break
    }
    heap[index] = child
    index = below
  }
  heap[index] = last
  return first
}

function smallerChild(heap: readonly Entry[], index: number): number {
  const left = 2 * index + 1
  const [one, other] = [heap[left], heap[left + 1]]
  return one !== undefined && other !== undefined && other.at < one.at ? left + 1 : left
}
