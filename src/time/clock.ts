// The clocks: the one place of the program that reads them.
//
// The wall clock tells instants, and somebody may set it; spans are differences of ticks, which nobody sets. Never a span from
// the wall clock. The page in the browser has its own (http/page/client/clock.ts).

/** The wall clock, epoch ms. */
export function now(): number {
  return Date.now()
}

/** Ms since some moment, never set and never falling: for spans. */
export function ticks(): number {
  return performance.now()
}
