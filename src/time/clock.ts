// The clocks; the program reads them only here.
//
// The wall clock gives instants. It can be set, so a duration is always a difference of ticks, which cannot be set. The page in the
// browser has its own clock (http/page/client/clock.ts).

/** The wall clock, epoch ms. */
export function now(): number {
  return Date.now()
}

/** A monotonic clock for durations: ms since an arbitrary moment. */
export function ticks(): number {
  return performance.now()
}

/** When the day of an instant began, in the time zone of this machine (epoch ms). */
export function dayStart(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0)
}
