// The cap on open labels: first come, first in; the rest is `other`; reading lets nobody in.

import { expect, test } from 'vitest'
import { createLabelGuard } from '../../../src/metrics/cardinality.ts'

function guardOf(limit: number) {
  const folds = { count: 0 }
  const guard = createLabelGuard(limit, () => {
    folds.count += 1
  })
  return { guard, folds }
}

test('lets in up to the limit and folds the others, each reported once', () => {
  const { guard, folds } = guardOf(2)
  expect(guard.admit('b')).toEqual(['b'])
  expect(guard.admit('a')).toEqual(['a'])
  expect(guard.admit('b')).toEqual([])
  expect(guard.admit('c')).toEqual(['other'])
  expect(guard.admit('d')).toEqual([])
  expect(guard.admit('c')).toEqual([])
  expect(['a', 'b', 'c', 'd', 'never seen'].map(guard.labelFor)).toEqual(['a', 'b', 'other', 'other', 'other'])
  expect(folds.count).toBe(2)
  expect([...guard.admitted()]).toEqual(['b', 'a', 'other'])
})

test('an empty name is other, and takes no place', () => {
  const { guard, folds } = guardOf(1)
  expect(guard.admit('')).toEqual(['other'])
  expect(guard.admit('a')).toEqual(['a'])
  expect(guard.labelFor('')).toBe('other')
  expect(folds.count).toBe(0)
})

test('a view fills the room by name, and lets nobody in', () => {
  const { guard, folds } = guardOf(3)
  guard.admit('m')
  const shown = guard.view(['z', 'y', 'x', 'm', 'z'])
  expect(['m', 'x', 'y', 'z'].map(shown)).toEqual(['m', 'x', 'y', 'other'])
  expect(folds.count).toBe(1)
  guard.view(['z', 'y', 'x'])
  expect(folds.count).toBe(1)
  expect([...guard.admitted()]).toEqual(['m'])
  expect(guard.admit('z')).toEqual(['z'])
  expect(guard.admit('q')).toEqual(['q'])
  expect(guard.view(['x', 'y'])('x')).toBe('other')
})

test('does not remember more folded names than it has to', () => {
  const { guard, folds } = guardOf(1)
  for (let n = 0; n < 1_000; n += 1) guard.admit(`name-${n}`)
  expect(folds.count).toBe(10)
})

test('a name longer than any real one is other, and takes no place', () => {
  const { guard, folds } = guardOf(1)
  expect(guard.admit('q'.repeat(257))).toEqual(['other'])
  expect(guard.admit('q'.repeat(256))).toEqual(['q'.repeat(256)])
  expect(guard.view(['q'.repeat(1_000_000)])('q'.repeat(1_000_000))).toBe('other')
  expect(folds.count).toBe(0)
})
