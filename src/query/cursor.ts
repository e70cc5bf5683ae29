// The cursor of a page: the position in a list where the page ended, as opaque text for the next request.
//
// Contains the last call of the page, not an offset, so that calls that are added later do not shift the next page.

import type { CallOrder } from './query.ts'

/** `start`: as stored in the call log; `id`: the row id. */
export interface Position {
  readonly order: CallOrder
  readonly start: string
  readonly id: number
  /** If the longest come first: seconds. */
  readonly duration?: number
  /** In a central call log: the id of the log that has the row. */
  readonly log?: string
}

/** Longer than any instant in the call log, and than the id of a log. */
const MAX_TEXT_LENGTH = 64

/** The text of a position. */
export function writeCursor({ order, start, id, duration, log }: Position): string {
  const parts = [order, start, id, ...(duration === undefined ? [] : [duration]), ...(log === undefined ? [] : [log])]
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** The position of a text that `writeCursor` wrote; null for any other text. */
export function readCursor(text: string): Position | null {
  const parsed = parseJson(Buffer.from(text, 'base64url').toString('utf8'))
  if (!Array.isArray(parsed)) {
    return null
  }
  const [order, start, id, ...rest]: unknown[] = parsed
  const duration = order === 'longest' ? rest.shift() : undefined
  const [log] = rest
  if (!isOrder(order) || !isShortText(start) || typeof id !== 'number') {
    return null
  }
  if ((log !== undefined && !isShortText(log)) || (order === 'longest') !== (typeof duration === 'number')) {
    return null
  }
  const position: Position = {
    order,
    start,
    id,
    ...(typeof duration === 'number' && { duration }),
    ...(log !== undefined && { log }),
  }
  return id >= 0 && Number.isSafeInteger(id) && writeCursor(position) === text ? position : null
}

function isOrder(value: unknown): value is CallOrder {
  return value === 'newest' || value === 'oldest' || value === 'longest'
}

function isShortText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT_LENGTH
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
