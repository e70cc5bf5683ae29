// Seeded random numbers: the same seed gives the same calls on every machine.
//
// Never use Math.random or the clock in the simulator: a run must be repeatable from its seed alone.
// Each call gets a source of its own (`fork`), so that the draws of one call never change another.

export interface Random {
  /** A number >= 0 and < 1. */
  readonly next: () => number
  /** An integer from `low` to `high`, both included. */
  readonly whole: (low: number, high: number) => number
  readonly chance: (probability: number) => boolean
  /** One of the list, which must not be empty. */
  readonly pick: <T>(list: readonly T[]) => T
  /** One of the list, which must not be empty: each as often as its weight says, relative to the others. */
  readonly pickWeighted: <T>(list: readonly T[], weightOf: (item: T) => number) => T
  /**
   * A positive number with a long tail (log-normal): half of the draws are under `median`.
   * `spread` is the deviation of the logarithm; 0.5 is mild, 1 is wide.
   */
  readonly skewed: (median: number, spread: number) => number
  /** The time to the next event of a Poisson process, in the unit of `mean`. */
  readonly wait: (mean: number) => number
  readonly uuid: () => string
  /** A new source that depends only on this seed and `branch`, not on earlier draws. */
  readonly fork: (branch: number) => Random
}

/** A random source for an integer seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296
  }
  const whole = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    whole,
    chance: (probability) => next() < probability,
    pick: (list) => pickFrom(list, next()),
    pickWeighted: (list, weightOf) => pickWeightedFrom(list, weightOf, next()),
    skewed: (median, spread) => median * Math.exp(spread * bell(next)),
    wait: (mean) => -mean * Math.log(1 - next()),
    uuid: () => uuidFrom(() => whole(0, 15)),
    fork: (branch) => createRandom(Math.imul(seed ^ Math.imul(branch + 1, 0x9e3779b1), 0x85ebca6b)),
  }
}

function pickFrom<T>(list: readonly T[], fraction: number): T {
  const picked = list[Math.floor(fraction * list.length)]
  if (picked === undefined) {
    throw new Error('nothing to pick from')
  }
  return picked
}

function pickWeightedFrom<T>(list: readonly T[], weightOf: (item: T) => number, fraction: number): T {
  let left = fraction * list.reduce((sum, item) => sum + weightOf(item), 0)
  const index = list.findIndex((item) => {
    left -= weightOf(item)
    return left < 0
  })
  // Sums of fractions are not exact: what is left over belongs to the last one.
  const picked = list.at(index)
  if (picked === undefined) {
    throw new Error('nothing to pick from')
  }
  return picked
}

// Box-Muller transform: two uniform draws give one normal draw.
function bell(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}

function uuidFrom(nibble: () => number): string {
  const digits = Array.from({ length: 32 }, nibble)
  digits[12] = 4
  digits[16] = 8 + ((digits[16] ?? 0) & 3)
  const hex = digits.map((digit) => digit.toString(16)).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
