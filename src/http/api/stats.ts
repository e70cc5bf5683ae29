// `/api/stats`: the key figures of a period, or a series of them.

import type { Period } from '../../query/query.ts'
import type { Stats } from '../../query/schema.ts'
import type { SeriesRequest } from '../../query/seriesRequest.ts'
import type { StatsRequest } from './statsParams.ts'

/** What answers either. */
interface StatsQueries<Of, Series> {
  readonly stats: (period: Of, signal: AbortSignal) => Promise<Stats>
  readonly series: (request: Of & SeriesRequest, signal: AbortSignal) => Promise<Series>
}

/** The answer of the call log. */
export function stats<Of extends Period, Series>(
  asked: StatsRequest<Of>,
  queries: StatsQueries<Of, Series>,
  signal: AbortSignal,
): Promise<Stats | Series> {
  return asked.kind === 'series' ? queries.series(asked.request, signal) : queries.stats(asked.period, signal)
}
