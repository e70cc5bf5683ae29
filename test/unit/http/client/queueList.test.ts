// Queues as the page knows them: who waits since when, and which queue comes first.

import { expect, test } from 'vitest'
import type { AnyMessage } from '../../../../src/http/page/client/entries.ts'
import { chooseQueues, createQueueEntries, levelOf, queuesOf } from '../../../../src/http/page/client/queueList.ts'
import type { QueueNow } from '../../../../src/query/queueSchema.ts'
import type { ActiveCall } from '../../../../src/query/schema.ts'
import { entry } from './entries.ts'

const NOON = Date.parse('2026-11-23T12:00:00.000Z')

function waiting(id: string, queue: string, startedAt: number): ActiveCall {
  return {
    ...{
      id: 1,
      channel_id: id,
      caller: '040',
      caller_name: '',
      callee: '5550102',
      direction: 'inbound',
      state: 'queued',
    },
    ...{
      start_time: new Date(startedAt).toISOString(),
      answer_time: null,
      queue,
      answered_by: [],
      trunk: null,
      transfers: 0,
    },
    voice: null,
  }
}

function figures(queue: string, longest: number | null): QueueNow {
  return {
    ...{
      queue,
      waiting: 1,
      longest_wait_seconds: longest,
      agents: null,
      offered: 3,
      answered: 2,
      abandoned: 1,
      exited: 0,
    },
    ...{ average_wait_seconds: 1, service_level: 0.5 },
  }
}

const change = (call: ActiveCall, of: 'queued' | 'changed'): AnyMessage => ({ type: 'call', seq: 1, change: of, call })
const byName = (one: string, other: string): number => (one < other ? -1 : 1)
const known = (calls: readonly ActiveCall[], entries = createQueueEntries(), of: readonly QueueNow[] = []) =>
  queuesOf({ agents: [], calls, enteredAt: entries.enteredAt, figures: of, figuresAt: NOON, isKnown: true }, byName)

test('a caller who was seen to enter waits since then, another since the call began, but not longer than the first of the queue', () => {
  const entries = createQueueEntries()
  const [seen, unseen] = [waiting('c.1', 'sales', NOON - 90_000), waiting('c.2', 'sales', NOON - 60_000)]
  entries.apply(change(seen, 'queued'), NOON - 5_000)
  entries.apply(change(unseen, 'changed'), NOON - 4_000)
  const since = (of: readonly QueueNow[]) =>
    known([seen, unseen], entries, of)[0]?.waiting?.map((one) => NOON - one.since)
  expect(since([])).toEqual([60_000, 5_000])
  expect(since([figures('sales', 20)])).toEqual([20_000, 5_000])
})

test('when the caller entered is forgotten with another queue and with the end of the call', () => {
  const call = waiting('c.1', 'sales', NOON)
  const entries = createQueueEntries()
  entries.apply(change(call, 'queued'), NOON + 5_000)
  expect(entries.enteredAt(call)).toBe(NOON + 5_000)
  expect(entries.enteredAt({ ...call, queue: 'support' })).toBeNull()
  entries.apply({ type: 'ended', seq: 2, call: { ...entry(1), channel_id: 'c.1' } }, NOON)
  expect(entries.enteredAt(call)).toBeNull()
})

test('every queue is listed that has agents, callers or figures; who waits is not known without Asterisk', () => {
  const calls = [waiting('c.1', 'b', NOON), { ...waiting('c.2', 'x', NOON), state: 'talking' as const }]
  const agents = [{ queue: 'c', isKnown: true, agents: [] }]
  const all = { agents, calls, enteredAt: () => null, figures: [figures('a', null)], figuresAt: NOON }
  const queues = queuesOf({ ...all, isKnown: true }, byName)
  expect(queues.map((one) => [one.queue, one.isKnown, one.waiting?.length])).toEqual([
    ['a', false, 0],
    ['b', false, 1],
    ['c', true, 0],
  ])
  expect(queuesOf({ ...all, isKnown: false }, byName).map((one) => one.waiting)).toEqual([null, null, null])
})

test('a queue is found by a part of its name, and comes first if its first caller has waited longest', () => {
  const queues = known([waiting('c.1', 'b', NOON), waiting('c.2', 'c', NOON - 1_000)], undefined, [figures('A', null)])
  const order = (by: 'name' | 'wait', text = '') => chooseQueues(queues, { text, order: by }).map(({ queue }) => queue)
  expect(order('name')).toEqual(['A', 'b', 'c'])
  expect(order('wait')).toEqual(['c', 'b', 'A'])
  expect(order('name', ' a')).toEqual(['A'])
})

test('half of the service level is a warning, more than all of it is late', () => {
  expect([10, 11, 20, 21].map((seconds) => levelOf(seconds, 20))).toEqual(['calm', 'soon', 'soon', 'late'])
})
