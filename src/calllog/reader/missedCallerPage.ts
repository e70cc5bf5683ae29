// Reads one page of the list of missed callers in one transaction, in the order of their first miss.
//
// Like a page of calls: an index that is named has this order, and what it does not cover is checked for at most `scanLimit` rows.
// The few that were closed in a short period are found by another index and sorted. Values are bound, never written into the SQL.

import type { Database } from 'better-sqlite3'
import { readCursor, writeCursor } from '../../query/cursor.ts'
import type { MissedCallerFilter, MissedCallerPageRequest } from '../../query/query.ts'
import { MISSED_CALLER_COLUMNS, type MissedCallerRow, missedCallerOfRow } from '../../query/rowToApi.ts'
import type { MissedCallerPage } from '../../query/schema.ts'
import { formatInstant } from '../../time/format.ts'
import { MAX_LIMIT } from './entries.ts'
import { textCondition } from './textSearch.ts'

type Values = Readonly<Record<string, string | number>>

/** An index, and the condition for what is in it. */
interface Scan {
  readonly index: string
  readonly condition: string
}

const ALL: Scan = { index: 'missed_callers_by_first_miss', condition: 'TRUE' }
const WAITING: Scan = { index: 'missed_callers_waiting', condition: "state = 'waiting'" }
const CLOSED: Scan = {
  index: 'missed_callers_by_close',
  condition: 'closed_time >= @closedFrom AND closed_time < @closedTo',
}

/** So many that were closed in a period are sorted; if there are more, all callers are checked in the order of the first miss. */
const MAX_SORTED = 10_000

/** Reads pages; throws SQLite's errors, and a RangeError if the cursor does not fit the request. */
export function missedCallersReader(
  db: Database,
  scanLimit: number,
): (request: MissedCallerPageRequest) => MissedCallerPage {
  const waiting = countOf(db, WAITING)
  const scanFor = scanChooser(db)
  const read = (request: MissedCallerPageRequest): MissedCallerPage => {
    const { filter, order } = request
    const limit = Math.min(Math.max(1, Math.floor(request.limit)), MAX_LIMIT)
    const checks = checksFor(filter)
    const values: Values = { ...checks.values, ...placeOf(request), limit: limit + 1, scanLimit }
    const scan = sqlOf(scanFor(filter), order)
    const scanned = `SELECT ${MISSED_CALLER_COLUMNS} FROM missed_callers ${scan} LIMIT @scanLimit`
    const rows = db
      .prepare<[Values], MissedCallerRow>(`SELECT * FROM (${scanned}) WHERE ${checks.sql} LIMIT @limit`)
      .all(values)
    const shown = rows.slice(0, limit)
    const lastScanned = db.prepare<[Values], MissedCallerRow>(
      `SELECT id, first_miss_time FROM missed_callers ${scan} LIMIT 1 OFFSET @scanLimit - 1`,
    )
    const last = rows.length > limit ? shown.at(-1) : lastScanned.get(values)
    return {
      missed_callers: shown.map(missedCallerOfRow),
      waiting: waiting({ most: Number.MAX_SAFE_INTEGER }),
      next: last === undefined ? null : writeCursor({ order, start: String(last.first_miss_time), id: last.id }),
    }
  }
  return db.transaction(read)
}

// Of the few who wait, or were closed in a short period, a page reads nothing else.
function scanChooser(db: Database): (filter: MissedCallerFilter) => Scan {
  const closed = countOf(db, CLOSED)
  return (filter) => {
    const { state = [], closedFrom, closedTo } = filter
    if (state.length === 1 && state[0] === 'waiting') {
      return WAITING
    }
    const isPeriod = closedFrom !== undefined || closedTo !== undefined
    return isPeriod && closed({ ...closedPeriod(filter), most: MAX_SORTED + 1 }) <= MAX_SORTED ? CLOSED : ALL
  }
}

/** How many a scan finds, `most` at most. */
function countOf(db: Database, { index, condition }: Scan): (values: Values) => number {
  const found = `SELECT 1 FROM missed_callers INDEXED BY ${index} WHERE ${condition} LIMIT @most`
  const count = db.prepare<[Values], number>(`SELECT count(*) FROM (${found})`).pluck()
  return (values) => count.get(values) ?? 0
}

function sqlOf({ index, condition }: Scan, order: MissedCallerPageRequest['order']): string {
  const within =
    order === 'newest'
      ? 'first_miss_time >= @from AND (first_miss_time, id) < (@start, @id) ORDER BY first_miss_time DESC, id DESC'
      : 'first_miss_time < @to AND (first_miss_time, id) > (@start, @id) ORDER BY first_miss_time, id'
  return `INDEXED BY ${index} WHERE ${condition} AND ${within}`
}

// Sort before and after every time.
const EARLIEST = ''
const LATEST = '~'

function instantOr(at: number | undefined, open: string): string {
  return at === undefined ? open : formatInstant(at)
}

function closedPeriod({ closedFrom, closedTo }: MissedCallerFilter): Values {
  return { closedFrom: instantOr(closedFrom, EARLIEST), closedTo: instantOr(closedTo, LATEST) }
}

function placeOf({ filter, order, cursor }: MissedCallerPageRequest): Values {
  const from = instantOr(filter.from, EARLIEST)
  const to = instantOr(filter.to, LATEST)
  const first = { from, to, ...closedPeriod(filter), start: order === 'newest' ? to : from, id: 0 }
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

function checksFor({ state, queue, text, closedFrom, closedTo }: MissedCallerFilter): {
  readonly sql: string
  readonly values: Values
} {
  const search =
    text === undefined ? null : textCondition(text, { numbers: ['number', 'called'], names: ['name', 'queue'] })
  const conditions = [
    'TRUE',
    ...(state === undefined ? [] : [`state IN (${state.map((_, index) => `@state${index}`).join(', ')})`]),
    ...(queue === undefined ? [] : ['queue = @queue']),
    ...(closedFrom === undefined && closedTo === undefined ? [] : [`(${CLOSED.condition})`]),
    ...(search === null ? [] : [`(${search.sql})`]),
  ]
  const values = {
    ...Object.fromEntries((state ?? []).map((value, index) => [`state${index}`, value])),
    ...(queue !== undefined && { queue }),
    ...search?.values,
  }
  return { sql: conditions.join(' AND '), values }
}
