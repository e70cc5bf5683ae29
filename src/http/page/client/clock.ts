// The browser's clocks; no other file of the page reads them. Durations never come from the wall clock, which may be set.

/** The wall clock, epoch ms. */
export function now(): number {
  return Date.now()
}

/** The wall clock as a date in the browser's time zone. */
export function today(): Date {
  return new Date()
}

/** A monotonic clock in ms, for durations. */
export function ticks(): number {
  return performance.now()
}
