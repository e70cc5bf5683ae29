// The cursor of a page: reading one back, and refusing what was not written.

import { expect, test } from 'vitest'
import { readCursor, writeCursor } from '../../../src/query/cursor.ts'

const POSITION = { order: 'newest', start: '2026-03-04 05:06:07.089', id: 7 } as const

test.each([
  POSITION,
  { ...POSITION, order: 'longest', duration: 3.68 } as const,
  { ...POSITION, log: '5f0c2a9e-8f0e-4a53-9f5d-0d2f3c0a7a11' },
])('%j is read back', (position) => {
  expect(readCursor(writeCursor(position))).toEqual(position)
})

test.each([
  ['newest', 'x', 1, 5],
  ['newest', 'x', 1, null],
  ['newest', 'x', 1, 'y'.repeat(65)],
  ['newest', 'x'.repeat(65), 1],
  ['newest', 'x', '1'],
  ['newest', 'x', 1, 'log', 'more'],
  ['other', 'x', 1],
  ['longest', 'x', 1],
  ['longest', 'x', 1, 'log'],
])('%j is refused', (...parts) => {
  expect(readCursor(Buffer.from(JSON.stringify(parts)).toString('base64url'))).toBeNull()
})
