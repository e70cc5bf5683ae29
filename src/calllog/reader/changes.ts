// Reads one page of the calls that were written since an instant, in the order in which they were written last.
//
// A call has its place by the number of its last change (writer/changes.ts): one that changes while a reader pages moves behind the
// reader's place, and comes again. Calls of before changes were numbered come first, by row; those that change meanwhile come with their
// change. No page is the last: a reader asks again with its cursor.

import type { Database } from 'better-sqlite3'
import { type ChangePosition, readChangeCursor, writeChangeCursor } from '../../query/changeCursor.ts'
import type { ChangesRequest } from '../../query/query.ts'
import { RefusedRequest } from '../../query/refusedRequest.ts'
import type { CallPage } from '../../query/schema.ts'
import { formatInstant } from '../../time/format.ts'
import { entriesReader, limitOf } from './entries.ts'

interface Place {
  readonly change: number
  readonly id: number
}

type Values = Readonly<Record<string, string | number>>

/** Calls after a place. */
export const CHANGED_SQL = `SELECT change, call_id AS id FROM call_changes INDEXED BY call_changes_in_order
  WHERE (change, call_id) > (@change, @id) ORDER BY change, call_id LIMIT @limit`

/** The rows of before, as many as a page looks at. */
const SCANNED = `FROM calls WHERE id > @id AND id <= @last ORDER BY id`

/** Those of them that have not changed since, and may have after an instant: when somebody called back was not noted. */
export const EARLIER_SQL = `SELECT id FROM (SELECT id, updated_at, returned_by ${SCANNED} LIMIT @scanLimit) AS scanned
  WHERE NOT EXISTS (SELECT 1 FROM call_changes WHERE call_id = scanned.id)
    AND (updated_at >= @since OR returned_by IS NOT NULL) LIMIT @limit`

/** Where the look at them ended; nothing if it reached the last. */
export const LAST_EARLIER_SQL = `SELECT id ${SCANNED} LIMIT 1 OFFSET @scanLimit - 1`

/** Returns the page; throws a `RefusedRequest` if the cursor is of another call log. */
export function changesReader(db: Database, scanLimit: number): (request: ChangesRequest) => CallPage {
  const entries = entriesReader(db)
  const changed = db.prepare<[Values], Place>(CHANGED_SQL)
  const earlier = db.prepare<[Values], number>(EARLIER_SQL).pluck()
  const lastEarlier = db.prepare<[Values], number>(LAST_EARLIER_SQL).pluck()
  const counter = db.prepare<[string], number>('SELECT value FROM counters WHERE name = ?').pluck()
  const logId = db.prepare<[], string>("SELECT value FROM identity WHERE name = 'log_id'").pluck()

  const earlierFrom = (id: number, { updatedSince, limit }: ChangesRequest) => {
    const values = {
      id,
      last: counter.get('before_changes') ?? 0,
      since: formatInstant(updatedSince),
      scanLimit,
      limit,
    }
    const ids = earlier.all(values)
    // A full page ends with its last call, another one where the look ended.
    const end = ids.length === limit ? ids.at(-1) : lastEarlier.get(values)
    return { ids, end: end ?? null }
  }

  return db.transaction((asked: ChangesRequest) => {
    const request = { ...asked, limit: limitOf(asked.limit) }
    const log = logId.get() ?? ''
    const since = Math.max(1, request.updatedSince)
    let place = placeOf(request, log, since <= (counter.get('changes_from') ?? 0) ? 0 : since)
    const page = (ids: readonly number[], next: Place): CallPage => ({
      calls: entries(ids),
      next: writeChangeCursor({ log, ...next }),
      total: null,
    })
    if (place.change === 0) {
      const { ids, end } = earlierFrom(place.id, request)
      if (end !== null) {
        return page(ids, { change: 0, id: end })
      }
      place = { change: since, id: 0 }
      if (ids.length > 0) {
        return page(ids, place)
      }
    }
    const found = changed.all({ ...place, limit: request.limit })
    return page(
      found.map(({ id }) => id),
      found.at(-1) ?? place,
    )
  })
}

function placeOf({ cursor }: ChangesRequest, log: string, first: number): Place {
  if (cursor === undefined) {
    return { change: first, id: 0 }
  }
  const position: ChangePosition | null = readChangeCursor(cursor)
  if (position === null || position.log !== log) {
    throw new RefusedRequest(
      'cursor: it is of another call log, which was replaced or restored; read all calls again, without a cursor',
    )
  }
  return position
}
