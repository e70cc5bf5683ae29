// What is noted each second, whatever somebody does to the clock.

import { expect, test } from 'vitest'
import { createSightWatch } from '../../../src/app/connectionTime.ts'

const DAY = 86_400_000

function subject() {
  const clock = { now: 1_700_000_000_000, ticks: 0 }
  const state = { isInSync: true, told: [] as string[] }
  const look = createSightWatch({
    isInSync: () => state.isInSync,
    seen: () => state.told.push('seen'),
    disconnected: (seconds) => state.told.push(`disconnected ${seconds}`),
    leapt: (ms) => state.told.push(`leapt ${ms}`),
    now: () => clock.now,
    ticks: () => clock.ticks,
  })
  const after = (ms: number, setBy = 0): readonly string[] => {
    clock.ticks += ms
    clock.now += ms + setBy
    look()
    return state.told.splice(0)
  }
  return { after, state }
}

test('connected or disconnected, second by second', () => {
  const { after, state } = subject()
  expect(after(1000)).toEqual(['seen'])
  state.isInSync = false
  expect([after(1000), after(1500)]).toEqual([['disconnected 1'], ['disconnected 1.5']])
})

test('a clock that is set counts for nothing, and only ahead for a leap', () => {
  const { after, state } = subject()
  expect(after(1000, DAY)).toEqual([`leapt ${DAY}`, 'seen'])
  expect(after(1000, -DAY)).toEqual(['seen'])
  state.isInSync = false
  expect(after(1000, DAY)).toEqual([`leapt ${DAY}`, 'disconnected 1'])
  expect(after(1000, -DAY)).toEqual(['disconnected 1'])
  expect(after(1000, 200)).toEqual(['disconnected 1'])
})
