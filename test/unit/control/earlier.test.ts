// Requests that are sent again get the answer of the first.

import { expect, test } from 'vitest'
import { createEarlierAnswers } from '../../../src/control/earlier.ts'

const DAY = 86_400_000
const REQUEST = { who: 'anna', key: 'k', content: 'x', now: 0 }

function counted(isFinal: (answer: number) => boolean = () => true, most?: number) {
  const earlier = createEarlierAnswers<number>(isFinal, most)
  let made = 0
  return (changes: Partial<typeof REQUEST> = {}) =>
    earlier.answer({ ...REQUEST, ...changes }, async () => {
      made += 1
      return made
    })
}

test('the same key gives the same answer, also while the first is under way, for a day', async () => {
  const ask = counted()
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1])
  expect(await ask({ now: DAY - 1 })).toBe(1)
  expect(await ask({ now: DAY })).toBe(2)
})

test('the key of another user is another key, and one key is for one request', async () => {
  const ask = counted()
  expect(await ask()).toBe(1)
  expect(await ask({ who: 'bob' })).toBe(2)
  expect(await ask({ content: 'y' })).toBe('reused')
})

test('an answer that is not final is not kept', async () => {
  const ask = counted((answer) => answer !== 1)
  expect([await ask(), await ask(), await ask()]).toEqual([1, 2, 2])
})

test('of many, the oldest is forgotten', async () => {
  const ask = counted(undefined, 2)
  expect([await ask({ key: 'a' }), await ask({ key: 'b' }), await ask({ key: 'c' })]).toEqual([1, 2, 3])
  expect([await ask({ key: 'c' }), await ask({ key: 'a' })]).toEqual([3, 4])
})
