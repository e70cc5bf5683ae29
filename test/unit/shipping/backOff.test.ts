// The time between two attempts: up to 1 s, 2 s, 4 s … 5 minutes, drawn evenly from 0 on.

import { expect, test } from 'vitest'
import { backOffMs } from '../../../src/shipping/backOff.ts'

test('the bound doubles from a second to five minutes, and stays there', () => {
  const bounds = Array.from({ length: 12 }, (_, index) => backOffMs(index + 1, 1))
  expect(bounds.slice(0, 9)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256].map((seconds) => seconds * 1_000))
  expect(bounds.slice(9)).toEqual([300_000, 300_000, 300_000])
  expect(backOffMs(1_000_000, 1)).toBe(300_000)
})

test('the whole time is drawn, so that nobody comes back together', () => {
  expect([0, 0.25, 0.999].map((random) => backOffMs(3, random))).toEqual([0, 1_000, 3_996])
})
