// Reads one page of a list of calls.
//
// Goes through spans of time (windows.ts) until the page is full. The length of a page is limited, and so is the number of calls that are
// looked at for it. If that ends the search, the page is short, and its cursor continues from there.

import { MOST_COUNTED } from '../../query/counting.ts'
import type { FleetCallPageRequest } from '../../query/fleetQuery.ts'
import type { FleetCallPage } from '../../query/fleetSchema.ts'
import type { Total } from '../../query/schema.ts'
import { parseInstant } from '../../time/format.ts'
import type { LongDays } from './days.ts'
import { CALL_COLUMNS, type CallRow, callEntries } from './entries.ts'
import { readLongest } from './longest.ts'
import { cursorOf, placeOfPage, positionOf } from './place.ts'
import {
  countStatement,
  foundStatement,
  isChecked,
  lastScannedStatement,
  OLDEST_SQL,
  type Order,
  type Position,
  type SearchRequest,
  searchStatement,
} from './search.ts'
import type { Reading } from './session.ts'
import { firstSpan, nextSpan, type Span, type Walk } from './windows.ts'

/** What pages need besides the request. */
export interface PageContext {
  readonly db: Reading
  readonly long: LongDays
  readonly scanLimit: number
  /** Epoch ms. */
  readonly now: number
}

/** The longest page. */
export const MAX_LIMIT = 500

/** So many rows at most, whatever is asked for. */
export function limitOf(asked: number): number {
  return Math.min(Math.max(1, Math.floor(asked)), MAX_LIMIT)
}

/** A page; throws a RangeError if the cursor does not fit the request. */
export async function readPage(request: FleetCallPageRequest, context: PageContext): Promise<FleetCallPage> {
  const { filter, order } = request
  const limit = limitOf(request.limit)
  if (order === 'longest') {
    const { rows, next } = await readLongest(request, limit, context)
    const ofAll = { filter, order: 'newest', after: null, long: context.long, columns: '1' } as const
    return {
      calls: await callEntries(context.db, rows),
      next,
      total: request.total === true ? await readTotal(ofAll, context) : null,
    }
  }
  const { within, after } = placeOfPage(filter, order, request.cursor)
  const asked = { filter, order, after, long: context.long, columns: `${CALL_COLUMNS}, ${START}` }
  const found: FoundRow[] = []
  const end = await walk(await bounded(context.db, within, order), { order, ...context }, async (span, scanLimit) => {
    const search: SearchRequest = { ...asked, span, limit: limit + 1 - found.length, scanLimit }
    const { sql, values } = searchStatement(search)
    found.push(...(await context.db.rows<FoundRow>(sql, values)))
    if (found.length > limit) {
      return 'full'
    }
    return isChecked(filter) ? await scannedBy(context.db, search) : NOTHING
  })
  const shown = found.slice(0, limit)
  const [last] = found.length > limit ? shown.slice(-1).map(positionOf) : [end]
  // A first page that is not full has them all, or all that the scan found.
  const isAll = request.cursor === undefined && found.length <= limit
  const countAll = async (): Promise<Total> =>
    isAll ? { count: found.length, more: end !== null } : await readTotal({ ...asked, after: null }, context)
  return {
    calls: await callEntries(context.db, shown),
    next: last == null ? null : cursorOf(order, last),
    total: request.total === true ? await countAll() : null,
  }
}

// Of all pages, so from the beginning of the period on.
async function readTotal(
  asked: Pick<SearchRequest, 'filter' | 'order' | 'after' | 'long' | 'columns'>,
  context: PageContext,
): Promise<Total> {
  const { filter, order } = asked
  const { within } = placeOfPage(filter, order, undefined)
  let count = 0
  const end = await walk(await bounded(context.db, within, order), { order, ...context }, async (span, scanLimit) => {
    const search: SearchRequest = { ...asked, span, limit: MOST_COUNTED + 1 - count, scanLimit }
    const { sql, values } = foundStatement(search)
    const [found] = await context.db.rows<{ readonly calls: number }>(sql, values)
    count += found?.calls ?? 0
    if (count > MOST_COUNTED) {
      return 'full'
    }
    return isChecked(filter) ? await scannedBy(context.db, search) : NOTHING
  })
  return { count: Math.min(count, MOST_COUNTED), more: count > MOST_COUNTED || end !== null }
}

const START = `to_char(scanned.start_time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') AS start`

type FoundRow = CallRow & { readonly start: string }

/** What a search looked at in a span; `last`: where it reached the limit. */
export interface Scanned {
  readonly rows: number
  readonly last: Position | null
}

const NOTHING: Scanned = { rows: 0, last: null }

/** Searches span after span, until `search` says that the page is full. Returns where the scan limit ended it; null if nothing did. */
export async function walk(
  within: Span,
  { order, now, scanLimit }: { readonly order: Order; readonly now: number; readonly scanLimit: number },
  search: (span: Span, scanLimit: number) => Promise<Scanned | 'full'>,
): Promise<Position | null> {
  let left = scanLimit
  let step: Walk = firstSpan(within, order, now)
  while (step.span !== null) {
    const scanned = await search(step.span, left)
    if (scanned === 'full') {
      return null
    }
    if (scanned.last !== null) {
      return scanned.last
    }
    left -= scanned.rows
    // Not so long that most of it would be beyond the limit.
    const mostDays = scanned.rows === 0 ? Number.POSITIVE_INFINITY : (left * step.days) / scanned.rows
    step = nextSpan(step, within, { order, now, mostDays })
  }
  return null
}

async function scannedBy(db: Reading, search: SearchRequest): Promise<Scanned> {
  const count = countStatement(search)
  const [counted] = await db.rows<{ readonly calls: number }>(count.sql, count.values)
  const rows = counted?.calls ?? 0
  if (rows < search.scanLimit) {
    return { rows, last: null }
  }
  const { sql, values } = lastScannedStatement(search)
  const [last] = await db.rows<{ readonly start: string; readonly log_id: string; readonly id: string }>(sql, values)
  return { rows, last: last === undefined ? null : positionOf(last) }
}

// From the oldest on, a search begins with the first day that has calls.
async function bounded(db: Reading, within: Span, order: Order): Promise<Span> {
  if (order === 'newest' || Number.isFinite(within.from)) {
    return within
  }
  const [oldest] = await db.rows<{ readonly start: string | null }>(OLDEST_SQL, [])
  return { from: parseInstant(oldest?.start ?? null) ?? within.to, to: within.to }
}
