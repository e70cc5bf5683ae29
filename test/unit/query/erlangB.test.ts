// The formula against published tables of Erlang B.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blockedShare, linesNeeded } from '../../../src/query/erlangB.ts'

// Lines -> erlangs at which 1 % of the calls are blocked, as the tables of Erlang B print them.
test.each([
  [1, 0.0101],
  [2, 0.153],
  [5, 1.36],
  [10, 4.46],
  [20, 12.0],
  [30, 20.3],
  [50, 37.9],
  [100, 84.1],
])('%d lines carry %d erlangs with 1%% blocked', (lines, erlangs) => {
  expect(blockedShare(erlangs, lines)).toBeCloseTo(0.01, 3)
})

test.each([
  [0, 0],
  [0.005, 1],
  [1, 5],
  [10, 18],
  [100, 117],
])('%d erlangs need %d lines', (erlangs, lines) => {
  expect(linesNeeded(erlangs, 0.01)).toBe(lines)
})

test('property: the lines are enough, and one less is not', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 2_000, noNaN: true }), (erlangs) => {
      const lines = linesNeeded(erlangs, 0.01)
      expect(blockedShare(erlangs, lines)).toBeLessThanOrEqual(0.01)
      expect(blockedShare(erlangs, lines - 1)).toBeGreaterThan(0.01)
    }),
  )
})
