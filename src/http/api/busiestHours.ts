// The busiest hours of the last month, asked of the call log once in five minutes: they change slowly, and adding up a month takes long.

import { LRUCache } from 'lru-cache'
import type { OfSites } from '../../query/fleetQuery.ts'
import type { BusiestHours, Period } from '../../query/query.ts'

/** How old an answer may be, in ms. */
export const MOST_AGE_MS = 300_000

/** Of a fleet: so many choices of sites are remembered. */
const MOST_CHOICES = 100

export type AskBusiestHours<Asked = Period, Found = BusiestHours> = (
  month: Asked,
  signal: AbortSignal,
) => Promise<Found>

/** `now`: the wall clock, epoch ms. An answer that fails is not kept; each choice of sites has its own. */
export function createBusiestHours<Asked extends Period & OfSites, Found>(
  queries: { readonly busiestHours: AskBusiestHours<Asked, Found> },
  now: () => number,
): AskBusiestHours<Asked, Found> {
  const answers = new LRUCache<string, { readonly hours: Found; readonly at: number }>({ max: MOST_CHOICES })
  return async (month, signal) => {
    const choice = JSON.stringify(month.site ?? null)
    const known = answers.get(choice)
    const age = known === undefined ? Number.POSITIVE_INFINITY : now() - known.at
    // A clock that was set back says nothing of the age.
    if (known !== undefined && age < MOST_AGE_MS && age >= 0) {
      return known.hours
    }
    const hours = await queries.busiestHours(month, signal)
    answers.set(choice, { hours, at: now() })
    return hours
  }
}
