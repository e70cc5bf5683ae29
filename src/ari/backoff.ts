// The delay before the next attempt: 1, 2, 4 … times the first delay, with jitter, never shorter than the first.
//
// A reconnect that is too quick can leave the application unregistered, and can deadlock Asterisk's ARI.

export interface BackoffLimits {
  readonly firstMs: number
  readonly lastMs: number
}

export interface Backoff {
  /** Milliseconds to wait now; longer with each call. */
  next(): number
  /** After a success: starts with the first delay again. */
  reset(): void
}

const JITTER = 0.25

/** `limits` is called each time because the limits may change; `random` returns 0..1. */
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
