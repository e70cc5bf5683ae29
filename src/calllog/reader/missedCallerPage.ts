// Reads one page of the list of missed callers in one transaction, in the order of their first miss.
//
// Like a page of calls: an index that is named has this order, and what it does not cover is checked for at most `scanLimit` rows.
// Values are bound, never written into the SQL.

import type { Database } from 'better-sqlite3'
import { readCursor, writeCursor } from '../../query/cursor.ts'
import { type Row, readRow } from '../../query/fields.ts'
import { MISSED_CALLER_FIELDS } from '../../query/missedCallerFields.ts'
import type { MissedCallerFilter, MissedCallerPageRequest } from '../../query/query.ts'
import type { MissedCallerEntry, MissedCallerPage } from '../../query/schema.ts'
import { formatInstant } from '../../time/format.ts'
import { MAX_LIMIT } from './page.ts'
import { textCondition } from './textSearch.ts'

interface EntryRow extends Row<typeof MISSED_CALLER_FIELDS> {
  readonly id: number
  readonly closed_by_call: number | null
}

type Values = Readonly<Record<string, string | number>>

const COLUMNS = ['id', ...Object.keys(MISSED_CALLER_FIELDS), 'closed_by_call'].join(', ')

/** Reads pages; throws SQLite's errors, and a RangeError if the cursor does not fit the request. */
export function missedCallersReader(
  db: Database,
  scanLimit: number,
): (request: MissedCallerPageRequest) => MissedCallerPage {
  const read = (request: MissedCallerPageRequest): MissedCallerPage => {
    const { filter, order } = request
    const limit = Math.min(Math.max(1, Math.floor(request.limit)), MAX_LIMIT)
    const checks = checksFor(filter)
    const values: Values = { ...checks.values, ...placeOf(request), limit: limit + 1, scanLimit }
    const scanned = `SELECT ${COLUMNS} FROM missed_callers ${scanOf(request)} LIMIT @scanLimit`
    const rows = db
      .prepare<[Values], EntryRow>(`SELECT * FROM (${scanned}) WHERE ${checks.sql} LIMIT @limit`)
      .all(values)
    const shown = rows.slice(0, limit)
    const lastScanned = db.prepare<[Values], EntryRow>(
      `SELECT id, first_miss_time FROM missed_callers ${scanOf(request)} LIMIT 1 OFFSET @scanLimit - 1`,
    )
    const last = rows.length > limit ? shown.at(-1) : lastScanned.get(values)
    return {
      missed_callers: shown.map(entryOf),
      next: last === undefined ? null : writeCursor({ order, start: String(last.first_miss_time), id: last.id }),
    }
  }
  return db.transaction(read)
}

function entryOf(row: EntryRow): MissedCallerEntry {
  return { id: row.id, ...readRow(MISSED_CALLER_FIELDS, row), closed_by_call: row.closed_by_call }
}

// Of the few who wait, a page reads nothing else.
function scanOf({ filter: { state = [] }, order }: MissedCallerPageRequest): string {
  const isWaiting = state.length === 1 && state[0] === 'waiting'
  const index = isWaiting ? 'missed_callers_waiting' : 'missed_callers_by_first_miss'
  const within =
    order === 'newest'
      ? 'first_miss_time >= @from AND (first_miss_time, id) < (@start, @id) ORDER BY first_miss_time DESC, id DESC'
      : 'first_miss_time < @to AND (first_miss_time, id) > (@start, @id) ORDER BY first_miss_time, id'
  return `INDEXED BY ${index} WHERE ${isWaiting ? "state = 'waiting' AND " : ''}${within}`
}

// Sort before and after every time.
const EARLIEST = ''
const LATEST = '~'

function placeOf({ filter, order, cursor }: MissedCallerPageRequest): Values {
  const from = filter.from === undefined ? EARLIEST : formatInstant(filter.from)
  const to = filter.to === undefined ? LATEST : formatInstant(filter.to)
  const first = { from, to, start: order === 'newest' ? to : from, id: 0 }
  if (cursor === undefined) {
    return first
  }
  const position = readCursor(cursor)
  if (position === null || position.order !== order) {
    throw new RangeError('the cursor does not belong to a page in this order')
  }
  // A cursor from another period must not extend this one.
  const isWithin = order === 'newest' ? position.start < first.start : position.start >= first.start
  return isWithin ? { ...first, start: position.start, id: position.id } : first
}

function checksFor({ state, queue, text }: MissedCallerFilter): { readonly sql: string; readonly values: Values } {
  const search =
    text === undefined ? null : textCondition(text, { numbers: ['number', 'called'], names: ['name', 'queue'] })
  const conditions = [
    'TRUE',
    ...(state === undefined ? [] : [`state IN (${state.map((_, index) => `@state${index}`).join(', ')})`]),
    ...(queue === undefined ? [] : ['queue = @queue']),
    ...(search === null ? [] : [`(${search.sql})`]),
  ]
  const values = {
    ...Object.fromEntries((state ?? []).map((value, index) => [`state${index}`, value])),
    ...(queue !== undefined && { queue }),
    ...search?.values,
  }
  return { sql: conditions.join(' AND '), values }
}
