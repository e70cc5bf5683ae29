// A block gives back what was put in, byte for byte and in order, and says when it is full.

import { expect, test } from 'vitest'
import { createFrameBlock } from '../../../src/ari/frameBlock.ts'

test('keeps copies of frames, in their order and with their times', () => {
  const block = createFrameBlock(10)
  const read = Buffer.from('{"a":"ü"}{"b":"☎"}')
  expect(block.add(read.subarray(0, 10), 1)).toBe(true)
  expect(block.add(read.subarray(10), 2)).toBe(true)
  expect(block.add(Buffer.alloc(0), 3)).toBe(true)
  read.fill(0)
  expect(block.isEmpty()).toBe(false)
  expect([block.next(), block.next(), block.next()]).toEqual([
    { text: '{"a":"ü"}', receivedAt: 1 },
    { text: '{"b":"☎"}', receivedAt: 2 },
    { text: '', receivedAt: 3 },
  ])
  expect(block.isEmpty()).toBe(true)
  expect(block.next()).toBeNull()
})

test('holds a limited number of empty frames', () => {
  const block = createFrameBlock(0)
  let count = 0
  while (block.add(Buffer.alloc(0), 1)) {
    count += 1
  }
  expect(count).toBeLessThanOrEqual(1_000)
})

test('refuses what has no room, also after frames were taken out; a frame of any length has room in a block of its own', () => {
  const long = Buffer.alloc(1_000_000, 'x')
  const block = createFrameBlock(long.length)
  expect(block.add(long, 1)).toBe(true)
  expect(block.add(Buffer.from('y'), 2)).toBe(false)
  expect(block.next()?.text).toHaveLength(1_000_000)
  expect(block.add(Buffer.from('y'), 2)).toBe(false)
  expect(block.bytes).toBeGreaterThanOrEqual(long.length)
})
