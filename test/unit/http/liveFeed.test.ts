// The feed without sockets: what facts are called, how they are numbered, and who can go on from where.

import { expect, test } from 'vitest'
import type { CallRecord } from '../../../src/call/fact.ts'
import { T0 } from '../calllog/samples.ts'
import { liveWorld, numbers, read } from './liveWorld.ts'
import { serviceStatus } from './testServer.ts'

function listened(kept = 8) {
  const world = liveWorld({ kept })
  const heard: string[] = []
  const stop = world.feed.subscribe((text) => heard.push(text))
  return { world, stop, heard: () => read(heard) }
}

test('a call from its start to its end, in the words of the API', () => {
  const { world, heard } = listened()
  world.tell('CallStarted', 'c.1')
  world.tell('CallChanged', 'c.1', { state: 'ringing' })
  world.tell('CallAnswered', 'c.1', { state: 'talking', answeredAt: T0 + 2_100, answeredBy: ['102'] })
  world.tell('CallChanged', 'c.1', { state: 'held' })
  world.tell('CallChanged', 'c.1', { state: 'talking', transfers: 1 })
  world.tell('CallChanged', 'c.1', { transfers: 2 })
  world.tell('CallEnded', 'c.1', { endedAt: T0 + 30_000, disposition: 'answered', durationMs: 27_900, cause: 16 })
  expect(heard().map((message) => (message.type === 'call' ? message.change : message.type))).toEqual([
    'started',
    'ringing',
    'answered',
    'held',
    'resumed',
    'changed',
    'ended',
  ])
  expect(numbers(heard())).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(heard()[2]).toEqual({
    type: 'call',
    seq: 3,
    change: 'answered',
    call: {
      id: 100,
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
    },
  })
  expect(heard()[6]).toMatchObject({
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
])('a call that is %s now is told as %s', (state, change) => {
  const { world, heard } = listened()
  world.tell('CallStarted', 'c.1')
  world.tell('CallChanged', 'c.1', { state })
  expect(heard()[1]).toMatchObject({ change })
})

test('an unanswered end has its disposition as status; legs and queues are not told', () => {
  const { world, heard } = listened()
  world.feed.publish({ type: 'CallsReconciled', at: 0, kept: 0, adopted: 0, ended: 0 })
  world.tell('CallStarted', 'c.1')
  world.tell('CallEnded', 'c.1', { disposition: 'no_answer', missed: true, endedAt: 1 })
  expect(heard()).toHaveLength(2)
  expect(heard()[1]).toMatchObject({ type: 'ended', seq: 2, call: { status: 'no_answer', missed: true } })
})

test('the PBX is told when it is lost and found, and not in between', () => {
  const { world, heard } = listened()
  world.feed.checkConnection()
  world.setState({ now: 5, callsEnded: 99 })
  world.feed.checkConnection()
  expect(heard()).toEqual([])
  world.setState({ inSync: false, problem: 'gone' })
  world.feed.checkConnection()
  world.feed.checkConnection()
  world.setState({ inSync: true, problem: null })
  world.feed.checkConnection()
  expect(heard()).toMatchObject([
    { type: 'pbx', seq: 1, pbx: { in_sync: false, problem: 'gone', since: '2026-01-15T11:30:00.000Z' } },
    { type: 'pbx', seq: 2, pbx: { in_sync: true, problem: null } },
  ])
})

test('the first greeting is a snapshot: where we are, the PBX, the figures, what lives', () => {
  const { world } = listened()
  world.tell('CallStarted', 'c.1')
  world.tell('CallStarted', 'c.2')
  world.tell('CallEnded', 'c.1', { disposition: 'busy' })
  const [snapshot, ...rest] = read(world.feed.initialMessages(null).texts)
  expect(rest).toEqual([])
  expect(snapshot).toMatchObject({
    type: 'snapshot',
    epoch: 'run-1',
    seq: 3,
    pbx: { in_sync: true, asterisk: { version: '22.10.1' } },
    figures: { now: new Date(serviceStatus().now).toISOString(), calls_ended: 12_345, log_pending: 5 },
    calls: [{ id: 101, channel_id: 'c.2' }],
  })
})

test('whoever comes back hears exactly what was missed, at every place of the ring', () => {
  const { world, heard } = listened(8)
  world.rush(20)
  const all = heard()
  for (let back = 0; back <= 8; back++) {
    const [first, ...missed] = read(world.feed.initialMessages({ epoch: 'run-1', seq: 40 - back }).texts)
    expect(first).toEqual({ type: 'resumed', epoch: 'run-1', seq: 40 })
    expect(missed).toEqual(all.slice(40 - back))
  }
})

test.each([
  ['too old', { epoch: 'run-1', seq: 31 }],
  ['of another run', { epoch: 'run-0', seq: 40 }],
  ['from the future', { epoch: 'run-1', seq: 41 }],
])('a position %s gets a snapshot', (_why, position) => {
  const { world } = listened(8)
  world.rush(20)
  expect(read(world.feed.initialMessages(position).texts)).toMatchObject([{ type: 'snapshot', seq: 40 }])
})

test('after the end of a subscription nothing is heard', () => {
  const { world, stop, heard } = listened()
  world.rush(1)
  stop()
  world.rush(1)
  expect(heard()).toHaveLength(2)
})
