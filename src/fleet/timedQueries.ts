// The queries of the central call log, each with the time that it took.

import type { QueryOutcome } from '../metrics/fleetMetrics.ts'
import type { FleetQueries } from '../query/fleetQuery.ts'
import { QueryFailure } from '../query/queryFailure.ts'
import { ticks } from '../time/clock.ts'

export function timedQueries(
  queries: FleetQueries,
  ended: (outcome: QueryOutcome, seconds: number) => void,
): FleetQueries {
  const timed =
    <Args extends readonly unknown[], Result>(ask: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const began = ticks()
      const seconds = (): number => (ticks() - began) / 1000
      try {
        const result = await ask(...args)
        ended('answered', seconds())
        return result
      } catch (error) {
        ended(error instanceof QueryFailure && error.reason === 'aborted' ? 'aborted' : 'failed', seconds())
        throw error
      }
    }
  return {
    page: timed(queries.page),
    csv: timed(queries.csv),
    detail: timed(queries.detail),
    operators: timed(queries.operators),
    stats: timed(queries.stats),
    series: timed(queries.series),
    busiestHours: timed(queries.busiestHours),
    queueFigures: timed(queries.queueFigures),
    trunkFigures: timed(queries.trunkFigures),
    missedCallers: timed(queries.missedCallers),
    missedCallersCsv: timed(queries.missedCallersCsv),
    sites: timed(queries.sites),
  }
}
