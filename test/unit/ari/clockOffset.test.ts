// Conversion of local instants to the PBX’s time, derived from its events; a single event changes nothing.

import { expect, test } from 'vitest'
import { type ClockOffset, createClockOffset } from '../../../src/ari/clockOffset.ts'
import type { PbxEvent } from '../../../src/call/event.ts'
import { EXPECTED, eventsOf, newTracker } from '../call/recording.ts'

const DAY = 86_400_000
const EVENTS = eventsOf('internal-answered-caller-hangup').slice(0, 12)
const EVENTS_OF_CALL = eventsOf('internal-answered-caller-hangup')
const [FIRST] = EVENTS
const START = FIRST?.at ?? 0

/** Events of a PBX whose clock is 90 s behind ours. */
function receive(clock: ClockOffset, events: readonly PbxEvent[]): void {
  for (const event of events) {
    expect(clock.toPbxTime(event, event.at + 90_000)).toEqual([event])
  }
}

test('events of this program get the PBX’s time as soon as the offset is known', () => {
  const clock = createClockOffset()
  const lost = { type: 'ConnectionLost', at: 5_000 } as const
  expect(clock.toPbxTime(lost, 5_000)).toEqual([lost])
  receive(clock, EVENTS.slice(0, 3))
  const at = START + 90_010
  expect(clock.toPbxTime({ type: 'ConnectionLost', at }, at)).toEqual([{ type: 'ConnectionLost', at: START + 10 }])
  const listed = { type: 'ChannelsListed', ids: [] } as const
  expect(clock.toPbxTime({ ...listed, at }, at)).toEqual([{ ...listed, at: START + 10 }])
  expect(clock.instantToPbxTime(START + 90_000)).toBe(START)
})

test.each([
  ['the future', DAY],
  ['the past', -DAY],
])('an event from %s changes nothing, even the first one', (_, ms) => {
  const clock = createClockOffset()
  const wild = EVENTS.slice(0, 1).map((event) => ({ ...event, at: event.at + ms }))
  for (const event of wild) {
    clock.toPbxTime(event, START + 90_000)
  }
  expect(clock.instantToPbxTime(START)).toBe(START)
  receive(clock, EVENTS.slice(0, 4))
  expect(clock.instantToPbxTime(START + 90_000)).toBe(START)
  receive(clock, EVENTS)
  for (const event of [...wild, ...wild]) {
    clock.toPbxTime(event, START + 90_000)
  }
  expect(clock.instantToPbxTime(START + 90_000)).toBe(START)
})

test('a clock that was set is followed after a few events', () => {
  const clock = createClockOffset()
  receive(clock, EVENTS)
  for (const event of EVENTS.slice(0, 5)) {
    clock.toPbxTime({ ...event, at: event.at + DAY }, event.at + 90_000)
  }
  expect(clock.instantToPbxTime(START + 90_000)).toBe(START + DAY)
})

test('starts with the offset of an earlier run', () => {
  const clock = createClockOffset()
  clock.startFrom(90_000)
  expect(clock.instantToPbxTime(START + 90_000)).toBe(START)
  receive(clock, EVENTS.slice(0, 1))
  expect(clock.instantToPbxTime(START + 90_000)).toBe(START)
})

test('a step of the local clock does not change the PBX’s time', () => {
  const clock = createClockOffset()
  receive(clock, EVENTS)
  clock.noteLocalClockStep(DAY)
  expect(clock.instantToPbxTime(START + 90_000 + DAY)).toBe(START)
})

test('an event from the future gets the time of its receipt', () => {
  const clock = createClockOffset()
  receive(clock, EVENTS)
  for (const event of EVENTS.slice(0, 1)) {
    const [translated] = clock.toPbxTime({ ...event, at: event.at + DAY }, START + 100_000)
    expect(translated).toEqual({ ...event, at: START + 10_000 })
  }
})

test('a PBX clock that was set ahead is reported once, and live calls continue in their own time', () => {
  const clock = createClockOffset()
  const tracker = newTracker()
  const [answered, ...rest] = [EVENTS_OF_CALL.slice(0, 20), EVENTS_OF_CALL.slice(20)]
  const facts = [...answered, ...rest.flat().map((event) => ({ ...event, at: event.at + DAY }))].flatMap(
    (event, index) =>
      clock.toPbxTime(event, (EVENTS_OF_CALL[index]?.at ?? 0) + 90_000).flatMap((placed) => [...tracker.apply(placed)]),
  )
  const durations = facts.flatMap((fact) => (fact.type === 'CallEnded' ? [fact.call.durationMs] : []))
  const [expected] = EXPECTED['internal-answered-caller-hangup']?.calls ?? []
  expect(durations).toHaveLength(1)
  expect((durations[0] ?? 0) / 1000).toBeCloseTo(expected?.duration ?? Number.NaN, 1)
})
