// Which partitions can have the calls that began in a span of time.
//
// A call is kept by the day on which it ended: nearly always that on which it began, or the next one. The few others, such as calls of
// days, are found by an index that has only them; their days are remembered for half a minute, so that such a call is found among the calls
// of its first day so long after it arrived.

import type { Reading } from './session.ts'
import { dayText, type Values } from './values.ts'
import { dayOf, daysLater, type Span } from './windows.ts'

/** A day on which such a call began, and the day on which it ended. */
export interface LongDay {
  readonly start: number
  readonly day: string
}

const REMEMBERED_MS = 30_000

/** More of them: then every partition is read. */
const MOST = 1000

const LONG = `NOT (day - (start_time AT TIME ZONE 'UTC')::date BETWEEN 0 AND 1)`

export const LONG_DAYS_SQL = `SELECT DISTINCT (start_time AT TIME ZONE 'UTC')::date::text AS start, day::text AS day
  FROM calls WHERE ${LONG} LIMIT ${MOST + 1}`

/** Null: too many to name. */
export type LongDays = readonly LongDay[] | null

/** Returns the days of these calls, as they were in the last half minute. `ticks`: monotonic ms. */
export function longDaysReader(ticks: () => number): (db: Reading) => Promise<LongDays> {
  let known: { readonly at: number; readonly days: LongDays } | null = null
  return async (db) => {
    const at = ticks()
    if (known !== null && at - known.at < REMEMBERED_MS) {
      return known.days
    }
    const rows = await db.rows<{ readonly start: string; readonly day: string }>(LONG_DAYS_SQL, [])
    const days =
      rows.length > MOST ? null : rows.map(({ start, day }) => ({ start: Date.parse(`${start}T00:00:00Z`), day }))
    known = { at, days }
    return days
  }
}

/** The condition on `column`, a day, of calls that began in the span. */
export function dayCondition(column: string, span: Span, { long, values }: DayContext): string {
  if (long === null) {
    return 'TRUE'
  }
  const first = dayOf(span.from)
  const last = dayOf(span.to)
  const usual = [
    ...(Number.isFinite(first) ? [`${column} >= ${values.add(dayText(first), 'date')}`] : []),
    ...(Number.isFinite(last) ? [`${column} <= ${values.add(dayText(daysLater(last, 1)), 'date')}`] : []),
  ].join(' AND ')
  const others = long.filter(({ start }) => start >= first && start <= last).map(({ day }) => day)
  if (usual === '') {
    return 'TRUE'
  }
  return others.length === 0 ? usual : `(${usual} OR ${column} = ANY (${values.add([...new Set(others)], 'date[]')}))`
}

/** What such a condition needs. */
export interface DayContext {
  readonly long: LongDays
  readonly values: Values
}
