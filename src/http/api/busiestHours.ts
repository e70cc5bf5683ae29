// The busiest hours of the last month, asked of the call log once in five minutes: they change slowly, and adding up a month takes long.

import type { BusiestHours, CallQueries, Period } from '../../query/query.ts'

/** How old an answer may be, in ms. */
export const MOST_AGE_MS = 300_000

export type AskBusiestHours = (month: Period, signal: AbortSignal) => Promise<BusiestHours>

/** `now`: the wall clock, epoch ms. An answer that fails is not kept. */
export function createBusiestHours(queries: Pick<CallQueries, 'busiestHours'>, now: () => number): AskBusiestHours {
  let known: { readonly hours: BusiestHours; readonly at: number } | null = null
  return async (month, signal) => {
    const age = known === null ? Number.POSITIVE_INFINITY : now() - known.at
    // A clock that was set back says nothing of the age.
    if (known === null || age >= MOST_AGE_MS || age < 0) {
      known = { hours: await queries.busiestHours(month, signal), at: now() }
    }
    return known.hours
  }
}
