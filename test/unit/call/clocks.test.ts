// The laws of clocks: whatever the PBX's clock does during a call, the facts are as if it had not.
//
// Recorded traffic is rewritten as a PBX would have sent it whose clock is set back or ahead, runs too fast or too slow, or is wrong for
// a single event. Spans follow the clock; who called whom, who answered, what was merged and how it ended do not.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ChannelSnapshot, PbxEvent } from '../../../src/call/event.ts'
import type { CallRecord, LegRecord } from '../../../src/call/fact.ts'
import { lawRuns } from './lawRuns.ts'
import { EXPECTED, eventsOf, fold } from './recording.ts'

const RUNS = lawRuns(250)
const NAMES = Object.keys(EXPECTED).filter((name) => name !== 'overlapping-50' && eventsOf(name).length > 1)

const anyName = fc.constantFrom(...NAMES)
const HOUR_MS = 3_600_000

/** Where in a recording, of its length. */
const somewhere = fc.double({ min: 0, max: 1, noNaN: true })

/** What a clock shows when it really is `at`; `index`: the how many-th event it is. */
type Clock = (at: number, index: number) => number

/** The recording as a PBX with that clock would have sent it: its events, and when it says that channels were made. */
function rewritten(events: readonly PbxEvent[], clock: Clock): PbxEvent[] {
  const madeAt = new Map<string, number>()
  const described = (channel: ChannelSnapshot, at: number, index: number): ChannelSnapshot => {
    const known = madeAt.get(channel.id) ?? channel.createdAt + clock(at, index) - at
    madeAt.set(channel.id, known)
    return { ...channel, createdAt: known }
  }
  return events.map((event, index) => {
    const story: Record<string, unknown> = { ...event, at: clock(event.at, index) }
    for (const [key, value] of Object.entries(event)) {
      if (typeof value === 'object' && value !== null && 'createdAt' in value && 'name' in value) {
        story[key] = described(value as ChannelSnapshot, event.at, index)
      }
    }
    return story as unknown as PbxEvent
  })
}

/** What of calls, legs and queue waits no clock may change. */
function storyOf(events: readonly PbxEvent[]): object {
  const { calls, legs, facts, tracker } = fold(events)
  return {
    calls: [...calls.values()].map(callStory),
    legs: [...legs.values()].map(legStory),
    stays: facts.flatMap((fact) =>
      'wait' in fact ? [`${fact.wait.callId} ${fact.wait.queue} ${fact.wait.outcome}`] : [],
    ),
    active: [...tracker.live()].length,
  }
}

function callStory(call: CallRecord): object {
  const { channelId, caller, callee, direction, disposition, missed, answeredBy, queue, hungUpBy, transfers } = call
  const { mergedInto, trunk } = call
  return {
    channelId,
    caller,
    callee,
    direction,
    disposition,
    missed,
    answeredBy,
    queue,
    hungUpBy,
    transfers,
    mergedInto,
    trunk,
  }
}

function legStory({ callId, endpoint, role, result, dialed }: LegRecord): string {
  return [callId, endpoint, role, result, dialed].join(' ')
}

function expectPossible(calls: Iterable<CallRecord>): void {
  for (const call of calls) {
    const length = (call.endedAt ?? 0) - call.startedAt
    const spans = [
      length,
      call.durationMs,
      call.ringMs ?? 0,
      call.answerDelayMs ?? 0,
      call.holdMs,
      call.queueWaitMs ?? 0,
    ]
    for (const span of spans) {
      expect(span).toBeGreaterThanOrEqual(0)
    }
    expect(call.durationMs + (call.ringMs ?? 0)).toBeLessThanOrEqual(length)
  }
}

function holdsFor(name: string, clock: Clock): void {
  const events = eventsOf(name)
  const story = rewritten(events, clock)
  expect(storyOf(story)).toEqual(storyOf(events))
  expectPossible(fold(story).calls.values())
}

describe('the laws of clocks', () => {
  test('a clock that is set during a call changes no call', () => {
    fc.assert(
      fc.property(anyName, somewhere, fc.integer({ min: -HOUR_MS, max: HOUR_MS }), (name, where, byMs) => {
        const cut = Math.floor(where * eventsOf(name).length)
        holdsFor(name, (at, index) => (index < cut ? at : at + byMs))
      }),
      { numRuns: RUNS },
    )
  })

  test('nor does one that is set back by little, again and again', () => {
    fc.assert(
      fc.property(anyName, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 400 }), (name, every, byMs) => {
        holdsFor(name, (at, index) => at - Math.floor(index / every) * byMs)
      }),
      { numRuns: RUNS },
    )
  })

  test('a waiting agent has a leg in each call, although by the clock all are at the same time', () => {
    holdsFor('kinds/ari-waiting-agent-three-customers', (at, index) => at - index * 218)
  })

  test('nor one that runs too fast or too slow', () => {
    fc.assert(
      fc.property(anyName, fc.double({ min: 0.9, max: 1.1, noNaN: true }), (name, pace) => {
        const start = eventsOf(name)[0]?.at ?? 0
        holdsFor(name, (at) => Math.round(start + (at - start) * pace))
      }),
      { numRuns: RUNS },
    )
  })

  test('nor a single event whose time is wrong', () => {
    fc.assert(
      fc.property(anyName, somewhere, fc.integer({ min: -24 * HOUR_MS, max: 24 * HOUR_MS }), (name, where, byMs) => {
        const wrong = Math.floor(where * eventsOf(name).length)
        holdsFor(name, (at, index) => (index === wrong ? at + byMs : at))
      }),
      { numRuns: RUNS },
    )
  })
})
