// Each call is counted as started once, in its settled direction if nobody asked before.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DIRECTIONS, type Direction } from '../../../src/call/event.ts'
import { createStartedCalls } from '../../../src/metrics/startedCalls.ts'
import { callChanged, callEnded, callRecord, callStarted, openCall } from './records.ts'

function counting() {
  const counted: Direction[] = []
  return { counted, started: createStartedCalls((direction) => counted.push(direction)) }
}

test('is stored at once, and moved while nobody was told of it', () => {
  const { started } = counting()
  const step = (direction: Direction, value: number) => ({ direction, value })
  expect(started.see(callStarted(openCall('a', 'internal', false)))).toEqual([step('internal', 1)])
  expect(started.see(callChanged(openCall('a', 'internal', false)))).toEqual([])
  expect(started.see(callChanged(openCall('a', 'outbound', true)))).toEqual([step('internal', -1), step('outbound', 1)])
  expect(started.see(callEnded(callRecord({ channelId: 'a', direction: 'outbound' })))).toEqual([])
  expect(started.see(callStarted(openCall('b', 'internal', false)))).toEqual([step('internal', 1)])
  started.settle()
  expect(started.see(callChanged(openCall('b', 'outbound', true)))).toEqual([])
})

test('waits for the direction, and takes the settled one', () => {
  const { counted, started } = counting()
  started.see(callStarted(openCall('a', 'internal', false)))
  expect(counted).toEqual([])
  started.see(callChanged(openCall('a', 'outbound', true)))
  started.see(callChanged(openCall('a', 'outbound', true)))
  started.see(callEnded(callRecord({ channelId: 'a', direction: 'outbound' })))
  expect(counted).toEqual(['outbound'])
})

test('who asks meanwhile finds it counted, once', () => {
  const { counted, started } = counting()
  started.see(callStarted(openCall('a', 'internal', false)))
  started.settle()
  started.settle()
  started.see(callChanged(openCall('a', 'outbound', true)))
  started.see(callEnded(callRecord({ channelId: 'a', direction: 'outbound' })))
  expect(counted).toEqual(['internal'])
})

test('the end of a call settles it', () => {
  const { counted, started } = counting()
  started.see(callStarted(openCall('a', 'inbound', false)))
  started.see(callEnded(callRecord({ channelId: 'a', direction: 'inbound', directionSettled: false })))
  started.settle()
  expect(counted).toEqual(['inbound'])
})

test('a remembered call is not counted again, but its id may come back for another call', () => {
  const { counted, started } = counting()
  started.remember(['a'])
  started.see(callStarted(openCall('a', 'inbound', true)))
  started.see(callEnded(callRecord({ channelId: 'a' })))
  expect(counted).toEqual([])
  started.see(callStarted(openCall('a', 'inbound', true)))
  expect(counted).toEqual(['inbound'])
})

test('property: whenever it is read, as many are counted as began', () => {
  const step = fc.record({
    id: fc.integer({ min: 0, max: 5 }),
    direction: fc.constantFrom(...DIRECTIONS),
    settled: fc.boolean(),
    act: fc.constantFrom('go on', 'end', 'read'),
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
          started.see(callStarted(call))
        } else if (act === 'end') {
          live.delete(channelId)
          ended += 1
          started.see(callEnded(call))
        } else {
          started.see(callChanged(call))
        }
      }
      started.settle()
      expect(counted.length).toBe(ended + live.size)
    }),
  )
})
