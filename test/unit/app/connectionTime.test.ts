// Connected and disconnected time is counted each second, also when the clock is set.

import { expect, test } from 'vitest'
import { createConnectionTime } from '../../../src/app/connectionTime.ts'

const DAY = 86_400_000

function subject() {
  const clock = { now: 1_700_000_000_000, ticks: 0 }
  const state = { isInSync: true, noted: [] as string[] }
  const time = createConnectionTime({
    isInSync: () => state.isInSync,
    noteSeen: () => state.noted.push('seen'),
    disconnected: (seconds) => state.noted.push(`disconnected ${seconds}`),
    noteLocalClockStep: (ms) => state.noted.push(`step ${ms}`),
    now: () => clock.now,
    ticks: () => clock.ticks,
  })
  const after = (ms: number, setBy = 0): readonly string[] => {
    clock.ticks += ms
    clock.now += ms + setBy
    time.check()
    return state.noted.splice(0)
  }
  return { after, state, time }
}

test('counts each second as connected or disconnected', () => {
  const { after, state } = subject()
  expect(after(1000)).toEqual(['seen'])
  state.isInSync = false
  expect([after(1000), after(1500)]).toEqual([['disconnected 1'], ['disconnected 1.5']])
})

test('measures durations correctly when the clock is set, and reports only a step ahead', () => {
  const { after, state } = subject()
  expect(after(1000, DAY)).toEqual([`step ${DAY}`, 'seen'])
  expect(after(1000, -DAY)).toEqual(['seen'])
  state.isInSync = false
  expect(after(1000, DAY)).toEqual([`step ${DAY}`, 'disconnected 1'])
  expect(after(1000, -DAY)).toEqual(['disconnected 1'])
  expect(after(1000, 200)).toEqual(['disconnected 1'])
})

test('takes the time of the connection and its loss from the event, and counts a silent loss from its beginning', () => {
  const { time, state } = subject()
  expect(time.since()).toBeNull()
  time.onEvent({ type: 'SnapshotTaken', at: 5_000, channels: [], bridges: [], endpoints: [] }, 5_000)
  expect([time.since(), state.noted.splice(0)]).toEqual([5_000, []])
  time.onEvent({ type: 'ConnectionLost', at: 20_000 }, 27_000)
  expect([time.since(), state.noted.splice(0)]).toEqual([20_000, ['disconnected 7']])
})
