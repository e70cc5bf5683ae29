// Reads one page of the calls of a filter, the longest first.
//
// No index has calls by their duration: those that an index finds of the filter are sorted for each page, at most `scanLimit` of them. A filter
// that has more to look at is refused.

import type { Database, Statement } from 'better-sqlite3'
import { LRUCache } from 'lru-cache'
import { type Position, readCursor, writeCursor } from '../../query/cursor.ts'
import { tooManyToSort } from '../../query/longest.ts'
import type { CallPageRequest } from '../../query/query.ts'
import { RefusedRequest } from '../../query/refusedRequest.ts'
import type { CallPage, Total } from '../../query/schema.ts'
import { entriesReader, limitOf } from './entries.ts'
import { longestFor, startOf } from './search.ts'

interface Key {
  readonly start_time: string
  readonly id: number
  readonly duration: number
}

type Values = Readonly<Record<string, string | number>>

const STATEMENTS_KEPT = 20

/** Before every call, in this order. */
const FIRST = { duration: Number.MAX_VALUE, start: '~', id: 0 }

/** Reads pages; `countAll`: how many calls a filter finds. Throws a RefusedRequest if there are too many to sort. */
export function longestReader(
  db: Database,
  scanLimit: number,
  countAll: (request: CallPageRequest) => Total,
): (request: CallPageRequest) => CallPage {
  const prepared = new LRUCache<string, Statement<[Values], Key>>({
    max: STATEMENTS_KEPT,
    memoMethod: (sql) => db.prepare<[Values], Key>(sql),
  })
  const entries = entriesReader(db)
  return (request) => {
    const { filter } = request
    const limit = limitOf(request.limit)
    const search = longestFor(filter)
    const after = positionOf(request.cursor)
    const values: Values = {
      ...{ ...search.values, ...startOf(filter, 'newest'), scanLimit, limit: limit + 1 },
      ...{ afterDuration: after.duration, afterStart: after.start, afterId: after.id },
    }
    if (prepared.memo(search.beyondSql).get(values) !== undefined) {
      throw new RefusedRequest(tooManyToSort(scanLimit))
    }
    const keys = prepared.memo(search.sql).all(values)
    const last = keys.length > limit ? keys[limit - 1] : undefined
    return {
      calls: entries(keys.slice(0, limit).map(({ id }) => id)),
      next: last === undefined ? null : writeCursor({ order: 'longest', ...cursorOf(last) }),
      total: request.total === true ? countAll({ ...request, order: 'newest' }) : null,
    }
  }
}

function cursorOf({ start_time: start, id, duration }: Key) {
  return { start, id, duration }
}

function positionOf(cursor: string | undefined): Required<Pick<Position, 'start' | 'id' | 'duration'>> {
  if (cursor === undefined) {
    return FIRST
  }
  const position = readCursor(cursor)
  if (position?.order !== 'longest' || position.duration === undefined) {
    throw new RangeError('the cursor does not belong to a page in this order')
  }
  return { start: position.start, id: position.id, duration: position.duration }
}
