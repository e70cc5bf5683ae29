// A weighted draw: each item as often as its weight says, also the last one, and those without a weight never.

import { expect, test } from 'vitest'
import { createRandom, type Random } from '../../../src/pbx-sim/random.ts'

function share(weights: readonly number[], random: Random): readonly number[] {
  const indexes = weights.map((_weight, index) => index)
  const drawn = Array.from({ length: 10_000 }, () => random.pickWeighted(indexes, (index) => weights[index] ?? 0))
  return indexes.map((index) => drawn.filter((one) => one === index).length / drawn.length)
}

test('items are drawn as often as their weights say', () => {
  const [rare = 0, never, often = 0] = share([1, 0, 3], createRandom(1))
  expect(never).toBe(0)
  expect(rare).toBeCloseTo(0.25, 1)
  expect(often).toBeCloseTo(0.75, 1)
})

test('the same seed draws the same, and an empty list is refused', () => {
  const draw = () => share([0.1, 0.2, 0.3], createRandom(7))
  expect(draw()).toEqual(draw())
  expect(() => createRandom(1).pickWeighted([], () => 1)).toThrow('nothing to pick from')
})
