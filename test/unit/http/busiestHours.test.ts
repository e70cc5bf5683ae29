// The busiest hours of the month are asked of the call log once in five minutes.

import { expect, test } from 'vitest'
import { createBusiestHours, MOST_AGE_MS } from '../../../src/http/api/busiestHours.ts'

const MONTH = { from: 0, to: 1 }
const { signal } = new AbortController()

test('an answer is kept for five minutes; one that fails is not, nor one from the future', async () => {
  let [now, asked, fails] = [1_000_000, 0, true]
  const hours = createBusiestHours(
    {
      busiestHours: async () => {
        asked += 1
        return fails ? await Promise.reject(new Error('busy')) : { from: asked, to: 1, trunks: [] }
      },
    },
    () => now,
  )
  const from = async () => (await hours(MONTH, signal)).from
  await expect(from()).rejects.toThrow('busy')
  fails = false
  expect(await from()).toBe(2)
  now += MOST_AGE_MS - 1
  expect(await from()).toBe(2)
  now += 1
  expect(await from()).toBe(3)
  now -= 1
  expect(await from()).toBe(4)
})

test('in a fleet, each choice of sites has an answer of its own', async () => {
  const asked: (readonly string[] | undefined)[] = []
  const hours = createBusiestHours(
    {
      busiestHours: async ({ site }: typeof MONTH & { readonly site?: readonly string[] }) => {
        asked.push(site)
        return asked.length
      },
    },
    () => 0,
  )
  const answers: number[] = []
  for (const site of [undefined, ['a'], undefined, ['a', 'b'], ['a']]) {
    answers.push(await hours({ ...MONTH, ...(site !== undefined && { site }) }, signal))
  }
  expect(answers).toEqual([1, 2, 1, 3, 2])
})
