// One page of a list of calls, in one read of the database.
//
// Its length is bounded, and so is the way to it (search.ts): where that ended early the page is short, and its cursor
// goes on from there.

import type { Database, Statement } from 'better-sqlite3'
import { type Position, readCursor, writeCursor } from '../../query/cursor.ts'
import type { CallPageRequest } from '../../query/query.ts'
import type { CallPage } from '../../query/schema.ts'
import { CALL_ENTRY_COLUMNS, type CallEntryRow, callEntry, readAttempts } from './rowToApi.ts'
import { beginningOf, type Search, searchFor } from './search.ts'

interface Key {
  readonly start_time: string
  readonly id: number
}

type Values = Readonly<Record<string, string | number>>

const MAX_LIMIT = 500
const STATEMENTS_KEPT = 100
// A long queue call has thousands of attempts; a list shows the latest.
const MAX_ATTEMPTS = 100
// In one statement with the call: a second one for each call would cost more than the page.
const ATTEMPTS = `CASE WHEN answer_time IS NULL THEN (SELECT json_group_array(json_array(endpoint, result)) FROM (
  SELECT endpoint, result FROM legs INDEXED BY legs_by_call
  WHERE call_id = calls.id AND role = 'callee' ORDER BY legs.id DESC LIMIT ${MAX_ATTEMPTS})) END AS attempts`

interface ListedRow extends CallEntryRow {
  readonly attempts: string | null
}

/** Answers requests for pages; throws SQLite's errors, and a RangeError on a request that no page can answer. */
export function pageReader(db: Database, scanLimit: number): (request: CallPageRequest) => CallPage {
  const prepare = statementsOf(db)
  const row = db.prepare<[number], ListedRow>(`SELECT ${CALL_ENTRY_COLUMNS}, ${ATTEMPTS} FROM calls WHERE id = ?`)
  const read = (request: CallPageRequest): CallPage => {
    const { filter, order } = request
    const limit = Math.min(Math.max(1, Math.floor(request.limit)), MAX_LIMIT)
    const search = searchFor(filter, order)
    const from = placeOf(request)
    const values: Values = { ...search.values, limit: limit + 1, scanLimit, start: from.start, id: from.id }
    const keys = prepare(search.sql).all(values)
    const shown = keys.slice(0, limit)
    const calls = shown.map(({ id }) => row.get(id)).filter((found) => found !== undefined)
    const last = keys.length > limit ? shown.at(-1) : lastScanned(prepare, search, values)
    return {
      calls: calls.map((call) => callEntry(call, readAttempts(call.attempts))),
      next: last === undefined ? null : writeCursor({ order, start: last.start_time, id: last.id }),
    }
  }
  return db.transaction(read)
}

// Whether the scan ended because it was long enough, and where.
function lastScanned(prepare: Prepare, { lastScannedSql }: Search, values: Values): Key | undefined {
  return lastScannedSql === null ? undefined : prepare(lastScannedSql).get(values)
}

function placeOf({ filter, order, cursor }: CallPageRequest): Omit<Position, 'order'> {
  const beginning = beginningOf(filter, order)
  if (cursor === undefined) {
    return beginning
  }
  const place = readCursor(cursor)
  if (place === null || place.order !== order) {
    throw new RangeError('the cursor is of no page in this order')
  }
  // A cursor of another period must not widen this one.
  const isWithin = order === 'newest' ? place.start < beginning.start : place.start >= beginning.start
  return isWithin ? place : beginning
}

type Prepare = (sql: string) => Statement<[Values], Key>

// There are as many statements as combinations of filters; those that are asked for again are ready.
function statementsOf(db: Database): Prepare {
  const prepared = new Map<string, Statement<[Values], Key>>()
  return (sql) => {
    const statement = prepared.get(sql) ?? db.prepare<[Values], Key>(sql)
    prepared.delete(sql)
    prepared.set(sql, statement)
    if (prepared.size > STATEMENTS_KEPT) {
      const [oldest] = prepared.keys()
      if (oldest !== undefined) {
        prepared.delete(oldest)
      }
    }
    return statement
  }
}
