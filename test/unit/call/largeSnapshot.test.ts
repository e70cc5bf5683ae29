// A snapshot of thousands of channels is compared in small steps, with the same result as at once.

import { expect, test } from 'vitest'
import type { BridgeSnapshot, ChannelSnapshot, PbxEvent } from '../../../src/call/event.ts'
import type { CallFact } from '../../../src/call/fact.ts'
import { createTracker } from '../../../src/call/tracker.ts'
import type { LiveCount } from '../../../src/call/views/liveCounts.ts'

const CHANNELS = 10_000
const AT_ONCE = 20
const T0 = Date.UTC(2026, 10, 23, 7)

/** Pairs of a caller in Dial and a phone; every third pair still rings. */
function channel(index: number): ChannelSnapshot {
  const isCaller = index % 2 === 0
  const isRinging = Math.floor(index / 2) % 3 === 0
  return {
    id: `${T0 / 1000 + index}.${index}`,
    name: isCaller ? `PJSIP/trunk-${index}` : `PJSIP/${100 + index}-${index}`,
    state: !isRinging ? 'Up' : isCaller ? 'Ring' : 'Ringing',
    callerName: '',
    callerNumber: isCaller ? `04${index}` : `${100 + index}`,
    connectedNumber: isCaller ? '' : `04${index - 1}`,
    accountCode: '',
    context: 'from-trunk',
    exten: '500',
    app: isCaller ? 'Dial' : 'AppDial',
    appData: isCaller ? `PJSIP/${101 + index}` : '(Outgoing Line)',
    protocolId: `call-${index}`,
    createdAt: T0 + index,
  }
}

const channels = Array.from({ length: CHANNELS }, (_, index) => channel(index))
const bridges = channels.flatMap((one, index): BridgeSnapshot[] => {
  const peer = channels[index + 1]
  return index % 2 === 0 && one.state === 'Up' && peer !== undefined
    ? [{ id: `b${index}`, kind: 'talk', channels: [one.id, peer.id], createdAt: T0 + index + 2_000 }]
    : []
})

const at = T0 + 60_000
const snapshots: readonly PbxEvent[] = [
  { type: 'SnapshotTaken', at, channels, bridges, endpoints: [] },
  { type: 'ConnectionLost', at: at + 1_000 },
  { type: 'SnapshotTaken', at: at + 2_000, channels: channels.slice(1_000), bridges, endpoints: [] },
  { type: 'SnapshotTaken', at: at + 3_000, channels: [], bridges: [], endpoints: [] },
]

test('compares 10,000 channels in steps of a few, lists as many calls as it counts, and ends with the facts of one step', () => {
  const roleOf = (endpoint: string) => (endpoint === 'PJSIP/trunk' ? 'trunk' : 'phone')
  const whole = createTracker({ roleOf })
  const stepped = createTracker({ roleOf, callsAtOnce: AT_ONCE })
  for (const snapshot of snapshots) {
    const expected = whole.apply(snapshot)
    const facts: CallFact[] = []
    let [steps, largest] = [0, 0]
    const take = (some: readonly CallFact[]): void => {
      facts.push(...some)
      largest = Math.max(largest, some.length)
      steps += 1
    }
    take(stepped.apply(snapshot))
    while (stepped.hasMore()) {
      take(stepped.more())
      if (steps % 50 === 0) {
        expect([...stepped.live()]).toHaveLength(countedCalls(stepped.liveCounts()))
      }
    }
    expect(facts).toEqual(expected)
    expect(largest).toBeLessThanOrEqual(AT_ONCE * 6)
    if (snapshot.type === 'SnapshotTaken') {
      expect(steps).toBeGreaterThan(CHANNELS / AT_ONCE)
    }
    expect([...stepped.live()]).toEqual([...whole.live()])
    expect([...stepped.liveCounts()]).toEqual([...whole.liveCounts()])
  }
})

function countedCalls(counts: Iterable<LiveCount>): number {
  return [...counts].reduce((sum, { key, count }) => sum + (key.family === 'calls' ? count : 0), 0)
}

test('an event that comes before the steps are done completes them first', () => {
  const roleOf = () => 'phone' as const
  const [first, ...rest] = snapshots
  const whole = createTracker({ roleOf })
  const stepped = createTracker({ roleOf, callsAtOnce: AT_ONCE })
  const factsOf = (tracker: typeof whole): readonly CallFact[] =>
    snapshots.flatMap((snapshot) => [...tracker.apply(snapshot)])
  expect(first?.type).toBe('SnapshotTaken')
  expect(rest).toHaveLength(3)
  const expected = factsOf(whole)
  const facts = [...factsOf(stepped)]
  while (stepped.hasMore()) {
    facts.push(...stepped.more())
  }
  expect(facts).toEqual(expected)
})
