// The live counts after every event of every recording equal a count over all live calls.

import { expect, test } from 'vitest'
import type { CallRecord } from '../../../src/call/fact.ts'
import type { LiveCount } from '../../../src/call/views/liveCounts.ts'
import { EXPECTED, eventsOf, newTracker } from './recording.ts'

// Recordings of a few calls: all live calls are counted after each event.
const NAMES = Object.keys(EXPECTED).filter((name) => !name.startsWith('load-'))

interface Counted {
  count: number
  oldestAt: number
}

function countedOver(calls: Iterable<CallRecord>): Map<string, Counted> {
  const groups = new Map<string, Counted>()
  for (const { direction, state, startedAt } of calls) {
    const group = groups.get(`${direction} ${state}`) ?? { count: 0, oldestAt: Number.POSITIVE_INFINITY }
    groups.set(`${direction} ${state}`, { count: group.count + 1, oldestAt: Math.min(group.oldestAt, startedAt) })
  }
  return groups
}

function countedBy(groups: Iterable<LiveCount>): Map<string, Counted> {
  return new Map(
    [...groups].flatMap(({ key, count, oldestAt }) =>
      key.family === 'calls' ? [[`${key.direction} ${key.state}`, { count, oldestAt }] as const] : [],
    ),
  )
}

test.each(NAMES)('%s', (name) => {
  const tracker = newTracker()
  for (const event of eventsOf(name)) {
    tracker.apply(event)
    expect(countedBy(tracker.liveCounts())).toEqual(countedOver(tracker.live()))
  }
})

function phones(groups: Iterable<LiveCount>): number {
  return [...groups].reduce((sum, { key, count }) => sum + (key.family === 'phone' ? count : 0), 0)
}

test.each(['attended-transfer', 'call-pickup', 'park-and-pickup'])(
  'no phone is missed where calls merge: %s',
  (name) => {
    const tracker = newTracker()
    let merges = 0
    for (const event of eventsOf(name)) {
      const before = phones(tracker.liveCounts())
      const facts = tracker.apply(event)
      if (!facts.some((fact) => fact.type === 'CallEnded' && fact.call.mergedInto !== null)) {
        continue
      }
      merges += 1
      expect(phones(tracker.liveCounts())).toBe(before)
    }
    expect(merges).toBeGreaterThan(0)
  },
)
