// How long to wait before the next attempt: 1, 2, 4 … times the first wait, jittered, never shorter than the first.
//
// A quick reconnect is worse than a slow one: under the same name it may come up unregistered, and it can lock
// Asterisk's ARI up.

export interface BackoffLimits {
  readonly firstMs: number
  readonly lastMs: number
}

export interface Backoff {
  /** Milliseconds to wait now; the next answer is longer. */
  next(): number
  /** After success: begin anew. */
  reset(): void
}

const JITTER = 0.25

/** `limits` is asked each time, for they may change meanwhile; `random` gives 0..1. */
export function createBackoff(limits: () => BackoffLimits, random: () => number): Backoff {
  let failures = 0
  return {
    next() {
      const { firstMs, lastMs } = limits()
      const waitMs = Math.max(firstMs, Math.min(firstMs * 2 ** failures, lastMs / (1 + JITTER)))
      failures = Math.min(failures + 1, 30)
      return waitMs * (1 + JITTER * random())
    },
    reset() {
      failures = 0
    },
  }
}
