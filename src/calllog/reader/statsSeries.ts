// A series of key figures: sums along an index for each hour or day of a period, for each class of waiting times, or for each name.
//
// A range of the index for each slice of time needs neither a sort nor a table of groups.

import type { Database, Statement } from 'better-sqlite3'
import { LRUCache } from 'lru-cache'
import type { Period } from '../../query/query.ts'
import {
  type CallSums,
  type NAMED,
  type SeriesFilter,
  type SeriesRequest,
  WAITING_FROM,
} from '../../query/seriesRequest.ts'
import type { StatsSeries } from '../../query/statsSchema.ts'
import { NO_CALLS, planOfTime, seriesByName, seriesByWaiting, sumsOfPhone } from '../../query/statsSeries.ts'
import { formatInstant } from '../../time/format.ts'
import { namesReader } from './names.ts'
import { operatorsReader } from './phoneStats.ts'

const STATEMENTS_KEPT = 50

const SUMS = `count(*) AS calls, count(*) FILTER (WHERE disposition = 'answered') AS answered,
  count(*) FILTER (WHERE missed = 1) AS missed, total(duration) FILTER (WHERE disposition = 'answered') AS talk`

const WAITED = "iif(disposition = 'answered', answer_delay, queue_wait)"
const CLASS = `CASE ${WAITING_FROM.slice(1)
  .map((from, index) => `WHEN waited < ${from} THEN ${index}`)
  .join(' ')} ELSE ${WAITING_FROM.length - 1} END`

/** The sums of the calls of a filter that began in a period. */
export function sumsSql(filter: SeriesFilter): string {
  return `SELECT ${SUMS} FROM ${callsOf(filter)}`
}

/** The same for each class of waiting times, as `class`. */
export function waitingSql(filter: SeriesFilter): string {
  return `SELECT ${CLASS} AS class, ${SUMS}
    FROM (SELECT disposition, missed, duration, ${WAITED} AS waited FROM ${callsOf(filter)}) AS scanned
    WHERE waited IS NOT NULL GROUP BY 1`
}

type NamedColumn = Exclude<(typeof NAMED)[number], 'operator'>

/** The next name: one index lookup for each. */
export function nextNameSql(column: NamedColumn): string {
  return `SELECT min(${column}) FROM calls INDEXED BY calls_by_${column} WHERE ${column} > ?`
}

// By how few calls they usually match.
const COLUMNS = ['queue', 'line', 'trunk'] as const

function callsOf(filter: SeriesFilter): string {
  const given = COLUMNS.filter((column) => filter[column] !== undefined)
  const conditions = [
    ...given.map((column) => `${column} = @${column}`),
    ...(filter.direction === undefined
      ? []
      : [`direction IN (${filter.direction.map((_, index) => `@direction${index}`).join(', ')})`]),
    'start_time >= @from',
    'start_time < @to',
  ]
  return `calls INDEXED BY calls_by_${given[0] ?? 'start'} WHERE ${conditions.join(' AND ')}`
}

/** The values of such a statement. */
export function seriesValues({ direction = [], ...filter }: SeriesFilter & Period): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(
      COLUMNS.flatMap((column) => (filter[column] === undefined ? [] : [[column, filter[column]]])),
    ),
    ...Object.fromEntries(direction.map((value, index) => [`direction${index}`, value])),
    from: formatInstant(filter.from),
    to: formatInstant(filter.to),
  }
}

/** Returns the series. */
export function seriesReader(db: Database): (request: SeriesRequest) => StatsSeries {
  const prepared = new LRUCache<string, Statement>({ max: STATEMENTS_KEPT, memoMethod: (sql) => db.prepare(sql) })
  const rows = (sql: string, values: unknown): unknown[] => prepared.memo(sql).all(values)
  const phones = operatorsReader(db)

  const sums = (filter: SeriesFilter & Period): CallSums =>
    (rows(sumsSql(filter), seriesValues(filter)) as CallSums[])[0] ?? NO_CALLS

  const byWaiting = (request: SeriesRequest): StatsSeries => {
    const found = rows(waitingSql(request), seriesValues(request)) as (CallSums & { readonly class: number })[]
    return seriesByWaiting(request, new Map(found.map((each) => [each.class, each])))
  }

  return db.transaction((request: SeriesRequest): StatsSeries => {
    const { by } = request
    switch (by) {
      case 'hour':
      case 'day':
      case 'weekday_hour': {
        const { slices, seriesOf } = planOfTime({ ...request, by })
        return seriesOf(slices.map((slice) => sums({ ...request, ...slice })))
      }
      case 'waiting': {
        return byWaiting(request)
      }
      case 'operator': {
        return seriesByName(
          request,
          by,
          phones(request).map((phone) => [{ name: phone.operator }, sumsOfPhone(phone)]),
        )
      }
      case 'queue':
      case 'trunk':
      case 'line': {
        const wanted = request[by]
        const all = wanted === undefined ? namesReader(db, nextNameSql(by))() : [wanted]
        return seriesByName(
          request,
          by,
          all.map((name) => [{ name }, sums({ ...request, [by]: name })]),
        )
      }
    }
  })
}
