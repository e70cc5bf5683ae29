// The cap on labels whose values are names from the PBX: a wrong dialplan must not be able to fill Prometheus.
//
// Values are let in by what happened to calls, in the order in which they were first seen, and stay for good; reading
// the gauges never lets one in, so that the counters do not depend on who scrapes and how often.

import { OTHER } from './catalogue/labelValues.ts'

/** Which values of one label stand for themselves; all others are `other`. */
export interface LabelGuard {
  /** Lets a value in while there is room. Returns the label values that exist from now on: none, itself, or `other`. */
  admit(value: string): readonly string[]
  /** Lets a value of a former run in, whatever room there is: what was once told stays. Returns as `admit` does. */
  readmit(value: string): readonly string[]
  /** What a value is counted as. */
  labelFor(value: string): string
  /** The values that were let in, `other` included once it was needed. */
  admitted(): Iterable<string>
  /**
   * For one reading of gauges: those let in, then of the others as many as there is room for, by name.
   * Returns what each value is shown as.
   */
  view(candidates: Iterable<string>): (value: string) => string
}

const NONE: readonly string[] = []

// Only so that a value is not reported twice; beyond it they are folded unreported, for memory has an end.
const REMEMBERED_PER_PLACE = 10

/** A guard for one label. `onFold` hears of each distinct value that found no room. */
export function createLabelGuard(limit: number, onFold: () => void): LabelGuard {
  const inside = new Set<string>()
  const folded = new Set<string>()
  let otherExists = false

  const fold = (value: string): void => {
    if (isNameless(value) || folded.has(value) || folded.size >= limit * REMEMBERED_PER_PLACE) return
    folded.add(value)
    onFold()
  }

  const letIn = (value: string, room: number): readonly string[] => {
    if (inside.has(value)) return NONE
    if (!isNameless(value) && inside.size < room) {
      inside.add(value)
      return [value]
    }
    fold(value)
    if (otherExists) return NONE
    otherExists = true
    return [OTHER]
  }

  return {
    admit: (value) => letIn(value, limit),
    readmit: (value) => letIn(value, Infinity),
    labelFor: (value) => (inside.has(value) ? value : OTHER),
    admitted: () => (otherExists ? [...inside, OTHER] : inside),
    view(candidates) {
      const shown = new Set(inside)
      for (const value of [...new Set(candidates)].sort()) {
        if (shown.has(value)) continue
        if (!isNameless(value) && shown.size < limit) shown.add(value)
        else fold(value)
      }
      return (value) => (shown.has(value) ? value : OTHER)
    },
  }
}

/** Longer than any name that Asterisk takes (80 characters) with a domain. */
const MAX_NAME_LENGTH = 256

// To Prometheus an empty label is no label at all. What is longer than a name is none.
function isNameless(value: string): boolean {
  return value === '' || value === OTHER || value.length > MAX_NAME_LENGTH
}
