// The requests of one part of the page: a newer one cancels the one before, and changes that follow each other quickly cause one request.

import { ticks } from './clock.ts'

const MIN_REFRESH_MS = 2_000

export interface LatestRequest {
  /** A request begins: cancels the one before, and the one that is planned. Returns the signal that cancels this one. */
  begin(): AbortSignal
  /** Requests again, two seconds after the last request began and after `leastMs` at the earliest, unless that is planned already. */
  soon(leastMs?: number): void
}

/** `load` makes the request; it has to call `begin`. */
export function createLatestRequest(load: () => Promise<void>): LatestRequest {
  let request = new AbortController()
  let requestedAt = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    begin() {
      request.abort()
      request = new AbortController()
      clearTimeout(timer)
      timer = undefined
      requestedAt = ticks()
      return request.signal
    },
    soon(leastMs = 0) {
      timer ??= setTimeout(() => void load(), Math.max(leastMs, requestedAt + MIN_REFRESH_MS - ticks()))
    },
  }
}
