// Whether a number may be the same as one of many, by their last digits: keys are derived only where that is so.
//
// Long numbers are compared by more digits than short ones, and than those of which masking leaves no more: otherwise, of a thousand
// callers who wait, every other call would be compared with one.

import { endOf, longEndOf } from '../numbers/phoneNumber.ts'

export interface NumberEnds {
  add(number: string): void
  /** What was added. */
  remove(number: string): void
  /** False if none of them can be this number. */
  mayInclude(number: string): boolean
}

/** Of no number. */
export function createNumberEnds(): NumberEnds {
  const all = createCounts()
  const long = createCounts()
  const short = createCounts()

  function count(number: string, change: 1 | -1): void {
    const [end, longEnd] = [endOf(number), longEndOf(number)]
    all.change(end, change)
    if (longEnd === null) {
      short.change(end, change)
    } else {
      long.change(longEnd, change)
    }
  }

  return {
    add: (number) => count(number, 1),
    remove: (number) => count(number, -1),
    mayInclude(number) {
      const longEnd = longEndOf(number)
      return longEnd === null ? all.has(endOf(number)) : long.has(longEnd) || short.has(endOf(number))
    },
  }
}

function createCounts() {
  const counts = new Map<number | null, number>()
  return {
    has: (end: number | null): boolean => counts.has(end),
    change(end: number | null, by: 1 | -1): void {
      const count = (counts.get(end) ?? 0) + by
      if (count > 0) {
        counts.set(end, count)
      } else {
        counts.delete(end)
      }
    },
  }
}
