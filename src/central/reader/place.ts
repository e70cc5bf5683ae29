// Where a page of a list begins: the period of the filter, and the cursor within it.

import { readCursor, writeCursor } from '../../query/cursor.ts'
import { formatInstant, parseInstant } from '../../time/format.ts'
import type { Order, Position } from './search.ts'
import type { Span } from './windows.ts'

/** What is left of the period after the cursor. */
export interface PagePlace {
  readonly within: Span
  /** Null: from the beginning of the period. */
  readonly after: Position | null
}

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/

/** Whether it can be the id of a log. */
export function isUuid(text: string | undefined): text is string {
  return text !== undefined && UUID.test(text)
}

/** Throws a RangeError if the cursor does not belong to a list in this order. */
export function placeOfPage(
  { from, to }: { readonly from?: number; readonly to?: number },
  order: Order,
  cursor: string | undefined,
): PagePlace {
  const period = { from: from ?? Number.NEGATIVE_INFINITY, to: to ?? Number.POSITIVE_INFINITY }
  if (cursor === undefined) {
    return { within: period, after: null }
  }
  const position = readCursor(cursor)
  const start = parseInstant(position?.start ?? null)
  if (position?.order !== order || start === null || !isUuid(position.log)) {
    throw new RangeError('the cursor does not belong to a page in this order')
  }
  const after = { start, log: position.log, id: position.id }
  // A cursor from another period must not extend this one.
  if (order === 'newest') {
    return start < period.to ? { within: { from: period.from, to: start + 1 }, after } : { within: period, after: null }
  }
  return start >= period.from ? { within: { from: start, to: period.to }, after } : { within: period, after: null }
}

/** The position of a row. */
export function positionOf(row: { readonly start: string; readonly log_id: string; readonly id: string }): Position {
  return { start: parseInstant(row.start) ?? 0, log: row.log_id, id: Number(row.id) }
}

/** The cursor of a position. */
export function cursorOf(order: Order, { start, log, id }: Position): string {
  return writeCursor({ order, start: formatInstant(start), id, log })
}

/** UUID of a log and row of an id in the API; null if it is none. */
export function partsOfId(id: string): { readonly log: string; readonly row: string } | null {
  const log = id.slice(0, 36)
  const row = id.slice(37)
  return UUID.test(log) && id[36] === '.' && /^[1-9]\d{0,17}$/.test(row) ? { log, row } : null
}
