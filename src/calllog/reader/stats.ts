// The key figures of the calls that started in a period, from one scan of the index of their starts.

import type { Database } from 'better-sqlite3'
import { DIRECTIONS } from '../../call/event.ts'
import { DISPOSITIONS } from '../../call/fact.ts'
import type { Period } from '../../query/query.ts'
import type { Stats } from '../../query/schema.ts'
import { type StatsRow, statsOfRow } from '../../query/statsOfRow.ts'
import { formatInstant } from '../../time/format.ts'

export const STATS_SQL = `
  SELECT count(*) AS calls,
    ${DIRECTIONS.map((direction) => `count(*) FILTER (WHERE direction = '${direction}') AS to_${direction}`).join(', ')},
    ${DISPOSITIONS.map((one) => `count(*) FILTER (WHERE disposition = '${one}') AS as_${one}`).join(', ')},
    count(*) FILTER (WHERE missed = 1) AS missed,
    count(*) FILTER (WHERE offered = 1) AS offered,
    total(duration) FILTER (WHERE disposition = 'answered') AS talk_seconds,
    avg(answer_delay) FILTER (WHERE disposition = 'answered') AS average_answer_delay_seconds,
    max(queue_wait) AS longest_queue_wait_seconds
  FROM calls INDEXED BY calls_by_start WHERE start_time >= @from AND start_time < @to`

/** Returns the figures; zeros and nulls for a period without calls. */
export function statsReader(db: Database): (period: Period) => Stats {
  const sums = db.prepare<[Readonly<Record<string, string>>], StatsRow>(STATS_SQL)
  return (period) =>
    statsOfRow(sums.get({ from: formatInstant(period.from), to: formatInstant(period.to) }) ?? {}, period)
}
