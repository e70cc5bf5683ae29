// The limit on labels whose values are names from the PBX: a wrong dialplan must not be able to fill Prometheus.
//
// Facts register values in the order in which they first occur; a registered value is never removed. Reading the gauges registers
// none, so that the counters do not depend on who scrapes and how often.

import { type OpenLabel, OTHER } from './catalogue/labelValues.ts'

/** Which values of one label are shown under their own name; all others are `other`. */
export interface LabelLimiter {
  /** Registers a value while there is room. Returns the label values that are new by this: none, the value, or `other`. */
  register(value: string): readonly string[]
  /** Registers a value that an earlier run registered, regardless of the limit: its series must continue. Returns as `register`. */
  reregister(value: string): readonly string[]
  /** The label value that a value is counted as. */
  labelFor(value: string): string
  /** The registered values, including `other` after it was first used. */
  registered(): Iterable<string>
  /**
   * For one scrape of the gauges: shows the registered values, then, by name, as many of the others as there is room for.
   * Returns the label value that each value is shown as.
   */
  forScrape(candidates: Iterable<string>): (value: string) => string
}

/** One limiter for each label that needs one. */
export type LabelLimiters = Readonly<Record<OpenLabel, LabelLimiter>>

const NONE: readonly string[] = []

// Overflowing values are remembered so that each is reported once, up to this many times the limit.
const REMEMBERED_PER_PLACE = 10

/** A limiter for one label. `onOverflow` is called once for each distinct value that found no room. */
export function createLabelLimiter(limit: number, onOverflow: () => void): LabelLimiter {
  const known = new Set<string>()
  const overflowed = new Set<string>()
  let otherExists = false

  const overflow = (value: string): void => {
    if (isUnusable(value) || overflowed.has(value) || overflowed.size >= limit * REMEMBERED_PER_PLACE) {
      return
    }
    overflowed.add(value)
    onOverflow()
  }

  const registerWithin = (value: string, room: number): readonly string[] => {
    if (known.has(value)) {
      return NONE
    }
    if (!isUnusable(value) && known.size < room) {
      known.add(value)
      return [value]
    }
    overflow(value)
    if (otherExists) {
      return NONE
    }
    otherExists = true
    return [OTHER]
  }

  return {
    register: (value) => registerWithin(value, limit),
    reregister: (value) => registerWithin(value, Infinity),
    labelFor: (value) => (known.has(value) ? value : OTHER),
    registered: () => (otherExists ? [...known, OTHER] : known),
    forScrape(candidates) {
      const shown = new Set(known)
      for (const value of [...new Set(candidates)].sort()) {
        if (shown.has(value)) {
          continue
        }
        if (!isUnusable(value) && shown.size < limit) {
          shown.add(value)
        } else {
          overflow(value)
        }
      }
      return (value) => (shown.has(value) ? value : OTHER)
    },
  }
}

/** Longer than any name that Asterisk accepts (80 characters) with a domain. */
const MAX_NAME_LENGTH = 256

// To Prometheus an empty label is the same as no label.
function isUnusable(value: string): boolean {
  return value === '' || value === OTHER || value.length > MAX_NAME_LENGTH
}
