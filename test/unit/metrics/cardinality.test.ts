// The limit on open labels: the first values get their own series, all others are `other`; a scrape registers none.

import { expect, test } from 'vitest'
import { createLabelLimiter } from '../../../src/metrics/cardinality.ts'

function guardOf(limit: number) {
  const folds = { count: 0 }
  const limiter = createLabelLimiter(limit, () => {
    folds.count += 1
  })
  return { limiter, folds }
}

test('registers values up to the limit; the others are `other`, each reported once', () => {
  const { limiter, folds } = guardOf(2)
  expect(limiter.register('b')).toEqual(['b'])
  expect(limiter.register('a')).toEqual(['a'])
  expect(limiter.register('b')).toEqual([])
  expect(limiter.register('c')).toEqual(['other'])
  expect(limiter.register('d')).toEqual([])
  expect(limiter.register('c')).toEqual([])
  expect(['a', 'b', 'c', 'd', 'never seen'].map(limiter.labelFor)).toEqual(['a', 'b', 'other', 'other', 'other'])
  expect(folds.count).toBe(2)
  expect([...limiter.registered()]).toEqual(['b', 'a', 'other'])
})

test('an empty name is `other` and does not count towards the limit', () => {
  const { limiter, folds } = guardOf(1)
  expect(limiter.register('')).toEqual(['other'])
  expect(limiter.register('a')).toEqual(['a'])
  expect(limiter.labelFor('')).toBe('other')
  expect(folds.count).toBe(0)
})

test('a scrape shows values by name up to the limit, and registers none', () => {
  const { limiter, folds } = guardOf(3)
  limiter.register('m')
  const shown = limiter.forScrape(['z', 'y', 'x', 'm', 'z'])
  expect(['m', 'x', 'y', 'z'].map(shown)).toEqual(['m', 'x', 'y', 'other'])
  expect(folds.count).toBe(1)
  limiter.forScrape(['z', 'y', 'x'])
  expect(folds.count).toBe(1)
  expect([...limiter.registered()]).toEqual(['m'])
  expect(limiter.register('z')).toEqual(['z'])
  expect(limiter.register('q')).toEqual(['q'])
  expect(limiter.forScrape(['x', 'y'])('x')).toBe('other')
})

test('keeps a limited number of overflowed names', () => {
  const { limiter, folds } = guardOf(1)
  for (let n = 0; n < 1_000; n += 1) {
    limiter.register(`name-${n}`)
  }
  expect(folds.count).toBe(10)
})

test('a name that is too long is `other` and does not count towards the limit', () => {
  const { limiter, folds } = guardOf(1)
  expect(limiter.register('q'.repeat(257))).toEqual(['other'])
  expect(limiter.register('q'.repeat(256))).toEqual(['q'.repeat(256)])
  expect(limiter.forScrape(['q'.repeat(1_000_000)])('q'.repeat(1_000_000))).toBe('other')
  expect(folds.count).toBe(0)
})
