// Queues as the page knows them: who waits since when, and which queue comes first.

import { expect, test } from 'vitest'
import { chooseQueues, levelOf, queuesOf } from '../../../../src/http/page/client/queueList.ts'
import type { QueueNow } from '../../../../src/query/queueSchema.ts'
import type { ActiveCall } from '../../../../src/query/schema.ts'

const NOON = Date.parse('2026-11-23T12:00:00.000Z')

function waiting(id: string, queue: string, startedAt: number, enteredAt?: number): ActiveCall {
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
      queue_time: enteredAt === undefined ? null : new Date(enteredAt).toISOString(),
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

const byName = (one: string, other: string): number => (one < other ? -1 : 1)
const known = (calls: readonly ActiveCall[], of: readonly QueueNow[] = []) =>
  queuesOf({ agents: [], calls, figures: of, isKnown: true }, byName)

test('a caller waits since it entered the queue; if an older exporter does not say when, since the call began', () => {
  const [told, untold] = [waiting('c.1', 'sales', NOON - 90_000, NOON - 5_000), waiting('c.2', 'sales', NOON - 60_000)]
  expect(known([told, untold])[0]?.waiting?.map((one) => NOON - one.since)).toEqual([60_000, 5_000])
})

test('every queue is listed that has agents, callers or figures; who waits is not known without Asterisk', () => {
  const calls = [waiting('c.1', 'b', NOON), { ...waiting('c.2', 'x', NOON), state: 'talking' as const }]
  const agents = [{ queue: 'c', isKnown: true, agents: [] }]
  const all = { agents, calls, figures: [figures('a', null)] }
  const queues = queuesOf({ ...all, isKnown: true }, byName)
  expect(queues.map((one) => [one.queue, one.isKnown, one.waiting?.length])).toEqual([
    ['a', false, 0],
    ['b', false, 1],
    ['c', true, 0],
  ])
  expect(queuesOf({ ...all, isKnown: false }, byName).map((one) => one.waiting)).toEqual([null, null, null])
})

test('a queue is found by a part of its name, and comes first if its first caller has waited longest', () => {
  const queues = known([waiting('c.1', 'b', NOON), waiting('c.2', 'c', NOON - 1_000)], [figures('A', null)])
  const order = (by: 'name' | 'wait', text = '') => chooseQueues(queues, { text, order: by }).map(({ queue }) => queue)
  expect(order('name')).toEqual(['A', 'b', 'c'])
  expect(order('wait')).toEqual(['c', 'b', 'A'])
  expect(order('name', ' a')).toEqual(['A'])
})

test('half of the service level is a warning, more than all of it is late', () => {
  expect([10, 11, 20, 21].map((seconds) => levelOf(seconds, 20))).toEqual(['calm', 'soon', 'soon', 'late'])
})
