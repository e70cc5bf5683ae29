// The delay between attempts: growing, with jitter, limited.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBackoff } from '../../../src/ari/backoff.ts'

const LIMITS = { firstMs: 1_000, lastMs: 30_000 }

test('doubles up to the last delay, and starts again after a success', () => {
  const backoff = createBackoff(
    () => LIMITS,
    () => 0,
  )
  expect(Array.from({ length: 7 }, () => backoff.next())).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 24_000, 24_000])
  backoff.reset()
  expect(backoff.next()).toBe(1_000)
})

test('is never shorter than the first delay nor longer than the last', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60, minLength: 1 }), (dice) => {
      let thrown = 0
      const backoff = createBackoff(
        () => LIMITS,
        () => dice[thrown++] ?? 0,
      )
      const waits = dice.map(() => backoff.next())
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_000)
      expect(Math.max(...waits)).toBeLessThanOrEqual(30_000)
    }),
  )
})
