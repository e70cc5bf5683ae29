// The requests of a part of the page for the period and the site of the page: a newer one replaces the one before.

import type { ApiResult } from './api.ts'
import { figureBoundsOf } from './chartPeriod.ts'
import { today } from './clock.ts'
import { arePeriodAndSiteEqual, type Filters, NO_FILTERS } from './filters.ts'
import { createLatestRequest } from './latestRequest.ts'

export interface PeriodRequest {
  load(): Promise<void>
  /** The next request is for the period and the site of these filters; returns whether they are others than before. */
  setFilters(filters: Filters): boolean
  /** A call changed: loads again soon. */
  refreshSoon(): void
}

export interface PeriodRequestOptions<Answer> {
  readonly ask: (query: URLSearchParams, signal: AbortSignal) => Promise<ApiResult<Answer>>
  /** The answer, or why there is none. */
  readonly show: (result: Exclude<ApiResult<Answer>, { readonly kind: 'cancelled' }>) => void
}

export function createPeriodRequest<Answer>({ ask, show }: PeriodRequestOptions<Answer>): PeriodRequest {
  let filters: Filters | null = null
  const request = createLatestRequest(() => load())

  const load = async (): Promise<void> => {
    const signal = request.begin()
    const chosen = filters ?? NO_FILTERS
    const query = new URLSearchParams({
      ...figureBoundsOf(chosen, today()),
      ...(chosen.site !== '' && { site: chosen.site }),
    })
    const result = await ask(query, signal)
    if (result.kind !== 'cancelled') {
      show(result)
    }
  }
  return {
    load,
    setFilters(next) {
      const isOther = filters === null || !arePeriodAndSiteEqual(next, filters)
      filters = next
      return isOther
    },
    refreshSoon: () => request.soon(),
  }
}
