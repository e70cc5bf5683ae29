// Reads one page of the calls of a filter, the longest first.
//
// As in the call log of an exporter: the calls that an index finds of the filter are sorted for each page, at most `scanLimit` of them, and a
// filter that has more to look at is refused.

import { readCursor, writeCursor } from '../../query/cursor.ts'
import type { FleetCallPageRequest } from '../../query/fleetQuery.ts'
import { tooManyToSort } from '../../query/longest.ts'
import { RefusedRequest } from '../../query/refusedRequest.ts'
import { formatInstant, parseInstant } from '../../time/format.ts'
import type { LongDays } from './days.ts'
import { CALL_COLUMNS, type CallRow, type Key } from './entries.ts'
import { isUuid } from './place.ts'
import { countStatement, POSITION_COLUMNS, type SearchRequest, type Statement, searchStatement } from './search.ts'
import type { Reading } from './session.ts'
import { createValues, instantText } from './values.ts'

interface LongestContext {
  readonly db: Reading
  readonly long: LongDays
  readonly scanLimit: number
}

interface Found extends Key {
  readonly start: string
  readonly duration: number
}

/** The place of a page in the order; `start`: epoch ms. */
interface Place {
  readonly duration: number
  readonly start: number
  readonly log: string
  readonly id: number
}

/** The rows of a page, and the cursor of the next one. */
export interface LongestCalls {
  readonly rows: readonly CallRow[]
  readonly next: string | null
}

/** Throws a RefusedRequest if there are too many calls to sort. */
export async function readLongest(
  { filter, cursor }: FleetCallPageRequest,
  limit: number,
  { db, long, scanLimit }: LongestContext,
): Promise<LongestCalls> {
  const search: SearchRequest = {
    ...{ filter, order: 'newest', after: null, long, columns: KEYS, limit: scanLimit, scanLimit: scanLimit + 1 },
    span: { from: filter.from ?? Number.NEGATIVE_INFINITY, to: filter.to ?? Number.POSITIVE_INFINITY },
  }
  const count = countStatement(search)
  const [looked] = await db.rows<{ readonly calls: number }>(count.sql, count.values)
  if ((looked?.calls ?? 0) > scanLimit) {
    throw new RefusedRequest(tooManyToSort(scanLimit))
  }
  const { sql, values } = longestStatement(search, placeOf(cursor), limit + 1)
  const found = await db.rows<Found>(sql, values)
  const shown = found.slice(0, limit)
  const last = found.length > limit ? shown.at(-1) : undefined
  return { rows: await rowsOf(db, shown), next: last === undefined ? null : cursorOf(last) }
}

const KEYS = `scanned.duration, scanned.start_time, scanned.log_id, scanned.id, scanned.day`

/** Finds the calls of a search after a place, the longest first. */
export function longestStatement(search: SearchRequest, after: Place | null, limit: number): Statement {
  const { sql, values } = searchStatement(search)
  const first = values.length + 1
  const place = [
    `$${first}::double precision`,
    `$${first + 1}::timestamptz`,
    `$${first + 2}::uuid`,
    `$${first + 3}::bigint`,
  ]
  const where = after === null ? '' : `WHERE (duration, start_time, log_id, id) < (${place.join(', ')})`
  return {
    sql: `SELECT ${POSITION_COLUMNS}, duration, day::text AS day FROM (${sql}) AS scanned ${where}
      ORDER BY duration DESC, scanned.start_time DESC, log_id DESC, id DESC LIMIT ${limit}`,
    values: after === null ? values : [...values, after.duration, instantText(after.start), after.log, after.id],
  }
}

/** The rows of these calls, in their order. */
async function rowsOf(db: Reading, keys: readonly Key[]): Promise<readonly CallRow[]> {
  if (keys.length === 0) {
    return []
  }
  const values = createValues()
  const logs = values.add(
    keys.map(({ log_id }) => log_id),
    'uuid[]',
  )
  const ids = values.add(
    keys.map(({ id }) => id),
    'bigint[]',
  )
  const days = values.add([...new Set(keys.map(({ day }) => day))], 'date[]')
  const rows = await db.rows<CallRow>(
    `SELECT ${CALL_COLUMNS} FROM calls AS scanned WHERE scanned.day = ANY (${days})
      AND (scanned.log_id, scanned.id) IN (SELECT * FROM unnest(${logs}, ${ids}))`,
    values.list,
  )
  const byKey = new Map(rows.map((row) => [textOf(row), row]))
  return keys.flatMap((key) => byKey.get(textOf(key)) ?? [])
}

function textOf({ log_id, id, day }: Key): string {
  return `${log_id} ${id} ${day}`
}

function cursorOf({ start, duration, log_id: log, id }: Found): string {
  return writeCursor({
    order: 'longest',
    start: formatInstant(parseInstant(start) ?? 0),
    id: Number(id),
    duration,
    log,
  })
}

function placeOf(cursor: string | undefined): Place | null {
  if (cursor === undefined) {
    return null
  }
  const position = readCursor(cursor)
  const start = parseInstant(position?.start ?? null)
  if (position?.order !== 'longest' || start === null || position.duration === undefined || !isUuid(position.log)) {
    throw new RangeError('the cursor does not belong to a page in this order')
  }
  return { duration: position.duration, start, log: position.log, id: position.id }
}
