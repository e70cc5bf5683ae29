// How long to wait after failed attempts: doubled each time, up to a limit, and drawn from 0 to that (full jitter), so that a thousand
// exporters do not come back at the same instant.

const FIRST_MS = 1_000
const LONGEST_MS = 300_000

/** The time to wait after so many failures in a row (from 1); `random` is from 0 to 1. */
export function backOffMs(failures: number, random: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 30)) * random
}
