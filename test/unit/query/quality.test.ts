// Voice quality as a row has it, also one that somebody edited.

import { expect, test } from 'vitest'
import { quality } from '../../../src/query/fields.ts'

const STREAM = { packets: 1500, mos: 4.2, loss_ratio: null, jitter_seconds: 0.0004 }
const QUALITY = { rx: STREAM, tx: STREAM, round_trip_seconds: null }

const read = (stored: unknown) => quality(() => null).read(JSON.stringify(stored))

test('is read back, also as an older version wrote it: with what is not known', () => {
  expect(read(QUALITY)).toEqual(QUALITY)
  const known = { packets: 1500, mos: 4.2, jitter_seconds: 0.0004 }
  expect(read({ rx: known, tx: known })).toEqual(QUALITY)
  const nothing = { packets: null, mos: null, loss_ratio: null, jitter_seconds: null }
  expect(read({ rx: {}, tx: known })).toEqual({ ...QUALITY, rx: nothing })
})

test.each([
  ['is not an object', 7],
  ['lacks a direction', { rx: STREAM, round_trip_seconds: null }],
  ['has a further key', { ...QUALITY, mos: 4 }],
  ['has a direction that is a list', { ...QUALITY, tx: [1, 2, 3, 4] }],
  ['has a direction with a further key', { ...QUALITY, tx: { ...STREAM, score: 1 } }],
  ['has text for a number', { ...QUALITY, rx: { ...STREAM, mos: '4.2' } }],
])('is null if the stored object %s', (_, stored) => {
  expect(read(stored)).toBeNull()
})

test('is null if the stored text is not JSON', () => {
  expect(quality(() => null).read('{')).toBeNull()
})
