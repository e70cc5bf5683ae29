// The feed without sockets: messages and their numbers, snapshots and resuming.

import { expect, test } from 'vitest'
import type { CallRecord } from '../../../src/call/fact.ts'
import type { Agent } from '../../../src/staffing/agent.ts'
import { CLOSED, missedCaller } from '../callback/office.ts'
import { T0 } from '../calllog/samples.ts'
import { feedHarness, parsed, sequence } from './feedHarness.ts'
import { serviceStatus } from './testServer.ts'

function subscribed(kept = 8) {
  const harness = feedHarness({ kept })
  const texts: string[] = []
  const stop = harness.feed.subscribe((text) => texts.push(text))
  return { harness, stop, received: () => parsed(texts) }
}

test('sends a call from its start to its end with the fields of the API', () => {
  const { harness, received } = subscribed()
  harness.publish('CallStarted', 'c.1')
  harness.publish('CallChanged', 'c.1', { state: 'ringing' })
  harness.publish('CallAnswered', 'c.1', { state: 'talking', answeredAt: T0 + 2_100, answeredBy: ['102'] })
  harness.publish('CallChanged', 'c.1', { state: 'held' })
  harness.publish('CallChanged', 'c.1', { state: 'talking', transfers: 1 })
  harness.publish('CallChanged', 'c.1', { transfers: 2 })
  harness.publish('CallEnded', 'c.1', { endedAt: T0 + 30_000, disposition: 'answered', durationMs: 27_900, cause: 16 })
  expect(received().map((message) => (message.type === 'call' ? message.change : message.type))).toEqual([
    'started',
    'ringing',
    'answered',
    'held',
    'resumed',
    'changed',
    'ended',
  ])
  expect(sequence(received())).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(received()[2]).toEqual({
    type: 'call',
    seq: 3,
    change: 'answered',
    call: {
      id: 100,
      queue_time: null,
      channel_id: 'c.1',
      caller: '101',
      caller_name: 'Alice',
      callee: '102',
      direction: 'internal',
      state: 'talking',
      start_time: '2026-03-04T05:06:07.089Z',
      answer_time: '2026-03-04T05:06:09.189Z',
      queue: null,
      answered_by: ['102'],
      trunk: null,
      transfers: 0,
      voice: null,
    },
  })
  expect(received()[6]).toMatchObject({
    type: 'ended',
    call: {
      id: 100,
      status: 'completed',
      disposition: 'answered',
      duration: 27.9,
      end_time: '2026-03-04T05:06:37.089Z',
    },
  })
})

test.each<[CallRecord['state'], string]>([
  ['queued', 'queued'],
  ['parked', 'parked'],
  ['ivr', 'changed'],
])('the change to state %s is sent as %s', (state, change) => {
  const { harness, received } = subscribed()
  harness.publish('CallStarted', 'c.1')
  harness.publish('CallChanged', 'c.1', { state })
  expect(received()[1]).toMatchObject({ change })
})

test('the status of an unanswered call is its disposition; facts about other things are not sent', () => {
  const { harness, received } = subscribed()
  harness.feed.publish({ type: 'CallsReconciled', at: 0, kept: 0, adopted: 0, ended: 0 })
  harness.publish('CallStarted', 'c.1')
  harness.publish('CallEnded', 'c.1', { disposition: 'no_answer', missed: true, endedAt: 1 })
  expect(received()).toHaveLength(2)
  expect(received()[1]).toMatchObject({ type: 'ended', seq: 2, call: { status: 'no_answer', missed: true } })
})

test('the state of the connection to Asterisk is sent when it changes, and not in between', () => {
  const { harness, received } = subscribed()
  harness.feed.checkConnection()
  harness.setStatus({ now: 5, callsEnded: 99 })
  harness.feed.checkConnection()
  expect(received()).toEqual([])
  harness.setStatus({ inSync: false, problem: 'gone' })
  harness.feed.checkConnection()
  harness.feed.checkConnection()
  harness.setStatus({ inSync: true, problem: null })
  harness.feed.checkConnection()
  expect(received()).toMatchObject([
    { type: 'pbx', seq: 1, pbx: { in_sync: false, problem: 'gone', since: '2026-01-15T11:30:00.000Z' } },
    { type: 'pbx', seq: 2, pbx: { in_sync: true, problem: null } },
  ])
})

test('the initial message is a snapshot with position, connection state, counters and live calls', () => {
  const { harness } = subscribed()
  harness.publish('CallStarted', 'c.1')
  harness.publish('CallStarted', 'c.2')
  harness.publish('CallEnded', 'c.1', { disposition: 'busy' })
  const [snapshot, ...rest] = parsed(harness.feed.initialMessages(null).texts)
  expect(rest).toEqual([])
  expect(snapshot).toMatchObject({
    type: 'snapshot',
    epoch: 'run-1',
    seq: 3,
    pbx: { site: 'helsinki', log_id: serviceStatus().logId, in_sync: true, asterisk: { version: '22.10.1' } },
    figures: { now: new Date(serviceStatus().now).toISOString(), calls_ended: 12_345, log_pending: 5 },
    calls: [{ id: 101, channel_id: 'c.2' }],
  })
})

test('a reader that resumes gets exactly the missed messages, at every position of the ring buffer', () => {
  const { harness, received } = subscribed(8)
  harness.runCalls(20)
  const all = received()
  for (let back = 0; back <= 8; back++) {
    const [first, ...missed] = parsed(harness.feed.initialMessages({ epoch: 'run-1', seq: 40 - back }).texts)
    expect(first).toEqual({ type: 'resumed', epoch: 'run-1', seq: 40 })
    expect(missed).toEqual(all.slice(40 - back))
  }
})

test('a change that happened while nobody read is the same for a reader that resumes', () => {
  const { harness, received } = subscribed(8)
  harness.runCalls(4)
  const unread = feedHarness({ kept: 8 })
  unread.runCalls(4)
  const [, ...missed] = parsed(unread.feed.initialMessages({ epoch: 'run-1', seq: 0 }).texts)
  expect(missed).toEqual(received())
  expect(missed).toHaveLength(8)
})

test.each([
  ['that is too old', { epoch: 'run-1', seq: 31 }],
  ['of another run', { epoch: 'run-0', seq: 40 }],
  ['after the last message', { epoch: 'run-1', seq: 41 }],
])('a reader with a position %s gets a snapshot', (_why, position) => {
  const { harness } = subscribed(8)
  harness.runCalls(20)
  expect(parsed(harness.feed.initialMessages(position).texts)).toMatchObject([{ type: 'snapshot', seq: 40 }])
})

test('sends nothing after the end of a subscription', () => {
  const { harness, stop, received } = subscribed()
  harness.runCalls(1)
  stop()
  harness.runCalls(1)
  expect(received()).toHaveLength(2)
})

test('leaves changes out while it is paused; the next one shows a gap, and a reader from before gets a snapshot', () => {
  const { harness, received } = subscribed(8)
  harness.publish('CallStarted', 'a')
  harness.publish('CallStarted', 'b')
  harness.feed.pause(true)
  harness.publish('CallAnswered', 'a', { state: 'talking' })
  harness.publish('CallEnded', 'b', { disposition: 'busy', endedAt: T0 })
  harness.publish('CallStarted', 'c')
  expect(sequence(received())).toEqual([1, 2])
  harness.feed.pause(false)
  harness.publish('CallChanged', 'c', { state: 'ringing' })
  const [, , next = Number.NaN] = sequence(received())
  expect(next).toBeGreaterThan(3)
  const [first] = parsed(harness.feed.initialMessages({ epoch: 'run-1', seq: 2 }).texts)
  expect(first).toMatchObject({ type: 'snapshot', seq: next, calls: [{ channel_id: 'a' }, { channel_id: 'c' }] })
  harness.publish('CallEnded', 'a', { disposition: 'answered', endedAt: T0 })
  const resumed = parsed(harness.feed.initialMessages({ epoch: 'run-1', seq: next }).texts)
  expect(resumed.map(({ type }) => type)).toEqual(['resumed', 'ended'])
})

test('sends that a missed caller opened, changed or was closed, in the sequence of the other changes', () => {
  const { harness, received } = subscribed()
  const waits = missedCaller(1)
  harness.publish('CallStarted', 'back')
  harness.feed.publish({ type: 'MissedCallerOpened', at: T0, caller: waits, missedCall: 'c.1' })
  harness.feed.publish({ type: 'MissedCallerChanged', at: T0, caller: { ...waits, tries: 1 }, missedCall: null })
  harness.feed.publish({ type: 'UnknownCallerMissed', at: T0, missedCall: 'c.2' })
  const caller = { ...waits, ...CLOSED, tries: 1 }
  harness.feed.publish({ type: 'MissedCallerClosed', at: T0, caller, displaced: false })
  expect(received().slice(1)).toMatchObject([
    { type: 'missed_caller', seq: 2, change: 'opened', caller: { id: 1, state: 'waiting', closed_by_call: null } },
    { type: 'missed_caller', seq: 3, change: 'changed', caller: { id: 1, tries: 1 } },
    { type: 'missed_caller', seq: 4, change: 'closed', caller: { id: 1, state: 'returned', closed_by_call: 100 } },
  ])
})

test('sends an agent with the fields of the API, and when it is no member any more', () => {
  const { harness, received } = subscribed()
  const agent: Agent = {
    ...{ queue: 'sales', member: 'PJSIP/102', operator: '102', name: null, pauseReason: null },
    ...{ state: 'talking', since: T0, seenAt: T0 + 1_000 },
    call: { callId: 'c.1', number: '0401234567', name: 'Ann Example' },
    occupancy: { busyMs: 20_000, staffedMs: 60_000, since: T0 - 60_000 },
  }
  harness.feed.publish({ type: 'AgentChanged', at: T0, agent })
  harness.feed.publish({ type: 'AgentLeft', at: T0, agent: { ...agent, state: null, call: null, occupancy: null } })
  const entry = {
    ...{ queue: 'sales', member: 'PJSIP/102', operator: '102', name: null, pause_reason: null },
    ...{ state: 'talking', since: '2026-03-04T05:06:07.089Z', seen: '2026-03-04T05:06:08.089Z' },
    call: { call_id: 'c.1', number: '0401234567', name: 'Ann Example' },
    occupancy: { share: 0.333, busy_seconds: 20, staffed_seconds: 60, since: '2026-03-04T05:05:07.089Z' },
  }
  expect(received()).toEqual([
    { type: 'agent', seq: 1, change: 'changed', agent: entry },
    { type: 'agent', seq: 2, change: 'left', agent: { ...entry, state: null, call: null, occupancy: null } },
  ])
})
