// The cursor of a page: the position in a list where the page ended, as opaque text for the next request.
//
// Contains the last call of the page, not an offset, so that calls that are added later do not shift the next page.

import { z } from 'zod'

/** `start`: as stored in the call log; `id`: the row id. */
export interface Position {
  readonly order: 'newest' | 'oldest'
  readonly start: string
  readonly id: number
}

const SHAPE = z.tuple([z.enum(['newest', 'oldest']), z.string().max(64), z.int().nonnegative()])

/** The text of a position. */
export function writeCursor({ order, start, id }: Position): string {
  return Buffer.from(JSON.stringify([order, start, id])).toString('base64url')
}

/** The position of a text that `writeCursor` wrote; null for any other text. */
export function readCursor(text: string): Position | null {
  const parsed = SHAPE.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8')))
  if (!parsed.success) {
    return null
  }
  const [order, start, id] = parsed.data
  const position = { order, start, id }
  return writeCursor(position) === text ? position : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
