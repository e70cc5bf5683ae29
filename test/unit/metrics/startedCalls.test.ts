// Each call is counted as started once, in its settled direction unless a scrape came before.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DIRECTIONS, type Direction } from '../../../src/call/event.ts'
import { createStartedCalls } from '../../../src/metrics/startedCalls.ts'
import { callChanged, callEnded, callRecord, callStarted, openCall } from './records.ts'

function counting() {
  const counted: Direction[] = []
  return { counted, started: createStartedCalls((direction) => counted.push(direction)) }
}

test('is stored at once, and moves to another direction until it is exported', () => {
  const { started } = counting()
  const step = (direction: Direction, value: number) => ({ direction, value })
  expect(started.observe(callStarted(openCall('a', 'internal', false)))).toEqual([step('internal', 1)])
  expect(started.observe(callChanged(openCall('a', 'internal', false)))).toEqual([])
  expect(started.observe(callChanged(openCall('a', 'outbound', true)))).toEqual([
    step('internal', -1),
    step('outbound', 1),
  ])
  expect(started.observe(callEnded(callRecord({ channelId: 'a', direction: 'outbound' })))).toEqual([])
  expect(started.observe(callStarted(openCall('b', 'internal', false)))).toEqual([step('internal', 1)])
  started.settle()
  expect(started.observe(callChanged(openCall('b', 'outbound', true)))).toEqual([])
})

test('is exported in the settled direction', () => {
  const { counted, started } = counting()
  started.observe(callStarted(openCall('a', 'internal', false)))
  expect(counted).toEqual([])
  started.observe(callChanged(openCall('a', 'outbound', true)))
  started.observe(callChanged(openCall('a', 'outbound', true)))
  started.observe(callEnded(callRecord({ channelId: 'a', direction: 'outbound' })))
  expect(counted).toEqual(['outbound'])
})

test('is counted once if a scrape comes before the direction is settled', () => {
  const { counted, started } = counting()
  started.observe(callStarted(openCall('a', 'internal', false)))
  started.settle()
  started.settle()
  started.observe(callChanged(openCall('a', 'outbound', true)))
  started.observe(callEnded(callRecord({ channelId: 'a', direction: 'outbound' })))
  expect(counted).toEqual(['internal'])
})

test('the end of a call settles its direction', () => {
  const { counted, started } = counting()
  started.observe(callStarted(openCall('a', 'inbound', false)))
  started.observe(callEnded(callRecord({ channelId: 'a', direction: 'inbound', directionSettled: false })))
  started.settle()
  expect(counted).toEqual(['inbound'])
})

test('a restored call is not counted again, but another call with its id is', () => {
  const { counted, started } = counting()
  started.restore(['a'])
  started.observe(callStarted(openCall('a', 'inbound', true)))
  started.observe(callEnded(callRecord({ channelId: 'a' })))
  expect(counted).toEqual([])
  started.observe(callStarted(openCall('a', 'inbound', true)))
  expect(counted).toEqual(['inbound'])
})

test('property: at every scrape, as many calls are counted as have started', () => {
  const step = fc.record({
    id: fc.integer({ min: 0, max: 5 }),
    direction: fc.constantFrom(...DIRECTIONS),
    settled: fc.boolean(),
    act: fc.constantFrom('change', 'end', 'read'),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { counted, started } = counting()
      const live = new Set<string>()
      let ended = 0
      for (const { id, direction, settled, act } of steps) {
        const channelId = `call-${id}`
        const call = openCall(channelId, direction, settled)
        if (act === 'read') {
          started.settle()
          expect(counted.length).toBe(ended + live.size)
        } else if (!live.has(channelId)) {
          live.add(channelId)
          started.observe(callStarted(call))
        } else if (act === 'end') {
          live.delete(channelId)
          ended += 1
          started.observe(callEnded(call))
        } else {
          started.observe(callChanged(call))
        }
      }
      started.settle()
      expect(counted.length).toBe(ended + live.size)
    }),
  )
})
