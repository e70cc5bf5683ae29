// The browser's clocks: the one place of the page that reads them. Never a span from the wall clock, which somebody may set.

/** The wall clock, epoch ms. */
export function now(): number {
  return Date.now()
}

/** The wall clock as a date, in the reader's time zone. */
export function today(): Date {
  return new Date()
}

/** Ms since some moment, never set and never falling: for spans. */
export function ticks(): number {
  return performance.now()
}
