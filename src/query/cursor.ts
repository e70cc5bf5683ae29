// The place in a list where a page ended, as the opaque text that the reader of the list hands back.
//
// Pure. Names the last call seen, not how many were: calls that are added meanwhile move nothing.

import { z } from 'zod'

/** `start` as the call log has it, `id` the row. */
export interface Position {
  readonly order: 'newest' | 'oldest'
  readonly start: string
  readonly id: number
}

const SHAPE = z.tuple([z.enum(['newest', 'oldest']), z.string().max(64), z.int().nonnegative()])

/** The text for a place. */
export function writeCursor({ order, start, id }: Position): string {
  return Buffer.from(JSON.stringify([order, start, id])).toString('base64url')
}

/** The place that `writeCursor` wrote; null for any other text. */
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
