// Voice quality as a row has it, also one that somebody edited.

import { expect, test } from 'vitest'
import { quality } from '../../../src/query/fields.ts'

const STREAM = { packets: 1500, mos: 4.2, loss_ratio: null, jitter_seconds: 0.0004 }
const QUALITY = { rx: STREAM, tx: STREAM, round_trip_seconds: null }

const read = (stored: unknown) => quality(() => null).read(JSON.stringify(stored))

test('is read back', () => {
  expect(read(QUALITY)).toEqual(QUALITY)
})

test.each([
  ['is not an object', 7],
  ['lacks a direction', { rx: STREAM, round_trip_seconds: null }],
  ['lacks the round trip', { rx: STREAM, tx: STREAM }],
  ['has a further key', { ...QUALITY, mos: 4 }],
  ['has a direction that is a list', { ...QUALITY, tx: [1, 2, 3, 4] }],
  ['has a direction without a score', { ...QUALITY, tx: { packets: 1, loss_ratio: null, jitter_seconds: null } }],
  ['has text for a number', { ...QUALITY, rx: { ...STREAM, mos: '4.2' } }],
])('is null if the stored object %s', (_, stored) => {
  expect(read(stored)).toBeNull()
})

test('is null if the stored text is not JSON', () => {
  expect(quality(() => null).read('{')).toBeNull()
})
