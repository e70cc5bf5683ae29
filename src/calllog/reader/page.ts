// Reads one page of a list of calls in one transaction.
//
// The length of a page is limited, and so is the number of calls that are scanned for it (search.ts). If the scan ends early, the
// page is short, and its cursor continues from there.

import type { Database, Statement } from 'better-sqlite3'
import { LRUCache } from 'lru-cache'
import { MOST_COUNTED } from '../../query/counting.ts'
import { type Position, readCursor, writeCursor } from '../../query/cursor.ts'
import type { CallFilter, CallPageRequest, PageRequest, StartOrder } from '../../query/query.ts'
import type { CallPage, Total } from '../../query/schema.ts'
import { entriesReader, limitOf } from './entries.ts'
import { longestReader } from './longest.ts'
import { countSql, type Search, searchFor, startOf } from './search.ts'

interface Key {
  readonly start_time: string
  readonly id: number
}

/** A row of a statement: a key, or a count. */
type Found = Key & { readonly count: number }

type Values = Readonly<Record<string, string | number>>

const STATEMENTS_KEPT = 100

/** Reads pages; throws SQLite's errors, and a RangeError if the cursor does not fit the request. */
export function pageReader(db: Database, scanLimit: number): (request: CallPageRequest) => CallPage {
  const prepare = statementsOf(db)
  const entries = entriesReader(db)
  const countOf = ({ filter }: CallPageRequest): Total =>
    totalOf(prepare, searchFor(filter, 'newest'), { filter, order: 'newest', scanLimit })
  const longest = longestReader(db, scanLimit, countOf)
  const read = (request: CallPageRequest): CallPage => {
    const { filter, order } = request
    if (order === 'longest') {
      return longest(request)
    }
    const limit = limitOf(request.limit)
    const search = searchFor(filter, order)
    const from = positionOf({ ...request, order })
    const values: Values = { ...search.values, limit: limit + 1, scanLimit, start: from.start, id: from.id }
    const keys = prepare(search.sql).all(values)
    const shown = keys.slice(0, limit)
    const last = keys.length > limit ? shown.at(-1) : lastScanned(prepare, search, values)
    // A first page that is not full has them all, or all that the scan found.
    const isAll = request.cursor === undefined && keys.length <= limit
    const countAll = (): Total =>
      isAll ? { count: keys.length, more: last !== undefined } : totalOf(prepare, search, { filter, order, scanLimit })
    return {
      calls: entries(shown.map(({ id }) => id)),
      next: last === undefined ? null : writeCursor({ order, start: last.start_time, id: last.id }),
      total: request.total === true ? countAll() : null,
    }
  }
  return db.transaction(read)
}

// The last call of a scan that ended at its limit; undefined if the scan reached the last call.
function lastScanned(prepare: Prepare, { lastScannedSql }: Search, values: Values): Key | undefined {
  return lastScannedSql === null ? undefined : prepare(lastScannedSql).get(values)
}

interface Counted extends Pick<CallPageRequest, 'filter'> {
  readonly order: StartOrder
  readonly scanLimit: number
}

// Of all pages, so from the beginning on.
function totalOf(prepare: Prepare, search: Search, { filter, order, scanLimit }: Counted): Total {
  const values: Values = { ...search.values, limit: MOST_COUNTED + 1, scanLimit, ...startOf(filter, order) }
  const found = prepare(countSql(search)).get(values)?.count ?? 0
  return {
    count: Math.min(found, MOST_COUNTED),
    more: found > MOST_COUNTED || lastScanned(prepare, search, values) !== undefined,
  }
}

function positionOf({ filter, order, cursor }: PageRequest<CallFilter>): Omit<Position, 'order'> {
  const start = startOf(filter, order)
  if (cursor === undefined) {
    return start
  }
  const position = readCursor(cursor)
  if (position === null || position.order !== order) {
    throw new RangeError('the cursor does not belong to a page in this order')
  }
  // A cursor from another period must not extend this one.
  const isWithin = order === 'newest' ? position.start < start.start : position.start >= start.start
  return isWithin ? position : start
}

type Prepare = (sql: string) => Statement<[Values], Found>

// Each combination of filters is another statement; the latest are kept.
function statementsOf(db: Database): Prepare {
  const prepared = new LRUCache<string, Statement<[Values], Found>>({
    max: STATEMENTS_KEPT,
    memoMethod: (sql) => db.prepare<[Values], Found>(sql),
  })
  return (sql) => prepared.memo(sql)
}
