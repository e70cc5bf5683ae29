// Up to when an interval was certainly observed: a proof counts for the interval in which it was made, and for no other.

import { expect, test } from 'vitest'
import { provenInterval } from './observedIntervals.ts'

const INTERVAL = { from: 1_000, to: 5_000 }

function certainTo(proofs: Parameters<typeof provenInterval>[1]): number {
  return provenInterval(INTERVAL, proofs).certainTo
}

test('the last proof in the interval says up to when it is certain', () => {
  expect(certainTo([])).toBe(1_000)
  expect(
    certainTo([
      { at: 3_000, upTo: 1_500 },
      { at: 4_900, upTo: 3_400 },
    ]),
  ).toBe(3_400)
})

test('a scrape after the interval proves nothing in it, also of what was sent before its end', () => {
  expect(certainTo([{ at: 6_000, upTo: 4_500 }])).toBe(1_000)
})

test('a proof up to an instant before the interval is not of it', () => {
  expect(certainTo([{ at: 1_200, upTo: 900 }])).toBe(1_000)
})

test('what the PBX had sent by an instant after the interval was not all received in it', () => {
  expect(certainTo([{ at: 4_900, upTo: 5_100 }])).toBe(1_000)
})
