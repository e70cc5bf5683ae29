// The clocks: the only place of the program that reads them.
//
// The wall clock gives instants, and it can be set; spans are differences of ticks, which cannot. Never measure a span with the
// wall clock. The page in the browser has its own (http/page/client/clock.ts).

/** The wall clock, epoch ms. */
export function now(): number {
  return Date.now()
}

/** Ms since an arbitrary moment, monotonic: for spans. */
export function ticks(): number {
  return performance.now()
}
