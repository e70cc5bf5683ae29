// The night in which somebody steals calls: what is dialed, and what the ground truth knows of it.

import { expect, test } from 'vitest'
import { destinationOf } from '../../../src/numbers/destination.ts'
import { fraudNight } from '../../../src/pbx-sim/fraudNight.ts'
import { createRandom } from '../../../src/pbx-sim/random.ts'
import { START_AT, setStage } from './playing.ts'

const MINUTE = 60_000

test('begins with a range of numbers, goes on with twenty lines, and ends with one', () => {
  const calls = fraudNight(createRandom(1)).toSorted((one, other) => one.afterMs - other.afterMs)
  const range = calls.filter(({ dialed }) => dialed.number.startsWith('0088'))
  expect(range).toHaveLength(30)
  expect(
    new Set(range.slice(1).map(({ dialed }, index) => Number(dialed.number) - Number(range[index]?.dialed.number))),
  ).toEqual(new Set([2]))
  const at = 30 * MINUTE
  expect(calls.filter(({ afterMs, talkMs }) => afterMs <= at && afterMs + talkMs > at).length).toBeGreaterThan(15)
  expect(calls.at(-1)).toMatchObject({ scenario: 'outbound', dialed: { number: '0600123456' }, talkMs: 60 * MINUTE })
  expect(new Set(calls.map(({ phone }) => phone)).size).toBe(1)
})

test('the destinations are those that the exporter finds', () => {
  const find = destinationOf('FI')
  for (const { dialed } of fraudNight(createRandom(3))) {
    expect([dialed.number, find(dialed.number)]).toEqual([dialed.number, dialed.destination])
  }
})

test('the ground truth counts the stolen calls among all others', () => {
  const stage = setStage({ seed: 2, speed: 12, callsPerSecond: 1, fraud: true, traffic: 'lean' })
  stage.simulator.startArrivals()
  stage.eventQueue.runUntil(START_AT + 12 * MINUTE)
  const { stolen, calls } = stage.simulator.totals()
  const night = fraudNight(createRandom(2).fork(-4))
  const answered = night.filter(({ scenario }) => scenario === 'outbound')
  expect(stolen).toMatchObject({ calls: night.length, answered: answered.length })
  const talkMs = answered.reduce((sum, call) => sum + Math.round(call.talkMs / 12), 0)
  expect(stolen.talkMs / talkMs).toBeCloseTo(1, 2)
  expect(calls).toBeGreaterThan(stolen.calls + 100)
})

test('nobody steals calls unless it is asked for', () => {
  const stage = setStage({ seed: 2, speed: 12, callsPerSecond: 1, traffic: 'lean' })
  stage.simulator.startArrivals()
  stage.eventQueue.runUntil(START_AT + MINUTE)
  expect(stage.simulator.totals().stolen).toEqual({ calls: 0, answered: 0, talkMs: 0 })
})
