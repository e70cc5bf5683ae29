// The people at the phones: agents and operators joined, their order, and the search.

import { expect, test } from 'vitest'
import type { LiveCall, Operator } from '../../../../src/http/page/client/entries.ts'
import { choosePeople, countPeople, peopleOf } from '../../../../src/http/page/client/peopleList.ts'
import type { AgentEntry } from '../../../../src/query/agentSchema.ts'

const NOON = '2026-11-23T12:00:00.000Z'

function agent(queue: string, operator: string | null, changes: Partial<AgentEntry> = {}): AgentEntry {
  return {
    ...{
      queue,
      member: `PJSIP/${operator ?? 'x'}`,
      operator,
      name: null,
      state: 'free',
      since: NOON,
      pause_reason: null,
    },
    ...{ seen: NOON, call: null, occupancy: null, ...changes },
  }
}

function phone(operator: string, state: Operator['state'], missed = 0): Operator {
  return {
    ...{ operator, offered: missed, answered: 0, missed, answered_elsewhere: 0, cancelled: 0, talk_seconds: 0 },
    ...{ average_talk_seconds: null, state },
  }
}

function call(changes: Partial<LiveCall>): LiveCall {
  return {
    ...{ id: 1, channel_id: 'c.1', caller: '0401234567', caller_name: 'Ann', callee: '103', direction: 'inbound' },
    ...{
      state: 'talking',
      start_time: NOON,
      answer_time: NOON,
      queue: null,
      queue_time: null,
      answered_by: [],
      trunk: null,
      transfers: 0,
    },
    ...{ voice: null, ...changes },
  }
}

const compare = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true })
const all = (known: Partial<Parameters<typeof peopleOf>[0]>) =>
  peopleOf({ agents: [], operators: [], calls: [], isKnown: true, ...known })

test('whoever is a member of two queues is one person; pausing in one of them is no pause', () => {
  const agents = [
    agent('sales', '101', { state: 'paused', pause_reason: 'lunch' }),
    agent('support', '101', {
      name: 'Ann',
      occupancy: { share: 0.5, busy_seconds: 1, staffed_seconds: 2, since: NOON },
    }),
  ]
  const [person, ...others] = all({ agents, operators: [phone('101', 'idle', 2)] })
  expect(others).toEqual([])
  expect(person).toMatchObject({
    phone: '101',
    name: 'Ann',
    state: 'free',
    since: NOON,
    pauseReason: null,
    occupancy: 0.5,
  })
  expect(person).toMatchObject({ queues: ['sales', 'support'], figures: { missed: 2 } })
  const paused = agents.map((one) => ({ ...one, state: 'paused' as const }))
  expect(all({ agents: paused })[0]).toMatchObject({ state: 'paused', pauseReason: 'lunch' })
})

test('an agent whose phone is not known has a tile by its interface', () => {
  expect(all({ agents: [agent('sales', null)] })).toMatchObject([{ phone: 'PJSIP/x', state: 'free', figures: null }])
})

test('a phone in no queue has the state of the operators, and its partner from the live calls', () => {
  const operators = [
    phone('103', 'talking'),
    phone('104', 'ringing'),
    phone('105', 'idle'),
    phone('106', 'offline'),
    phone('107', 'talking'),
  ]
  const calls = [
    call({ answered_by: ['103'] }),
    call({ channel_id: 'c.2', caller: '107', callee: '104', state: 'ringing', answer_time: null }),
  ]
  const people = all({ operators, calls })
  expect(people.map(({ state }) => state)).toEqual(['talking', 'ringing', 'free', 'offline', 'talking'])
  expect(people[0]).toMatchObject({ call: { call_id: 'c.1', number: '0401234567', name: 'Ann' }, since: NOON })
  expect(people[1]).toMatchObject({ call: { call_id: 'c.2', number: '107' }, since: null })
  expect(people[2]).toMatchObject({ call: null, since: null })
  expect(people[4]).toMatchObject({ call: { call_id: 'c.2', number: '104' } })
})

test('nothing is known of anybody while Asterisk is not observed', () => {
  const known = {
    agents: [agent('sales', '101')],
    operators: [phone('101', 'talking', 1)],
    calls: [call({ answered_by: ['101'] })],
  }
  expect(all({ ...known, isKnown: false })).toMatchObject([
    { state: null, since: null, call: null, figures: { missed: 1 } },
  ])
})

test('free ones first, then who talks, rings, is in wrap-up, paused, offline and not known; by name; most missed first', () => {
  const states = ['offline', 'paused', null, 'wrapup', 'ringing', 'talking', 'idle', 'idle'] as const
  const operators = states.map((state, index) => phone(String(index + 100), state, index === 3 ? 5 : 0))
  const people = all({ operators })
  const order = (by: 'state' | 'name' | 'missed', text = '') =>
    choosePeople(people, { text, order: by, compare }).map((one) => one.phone)
  expect(order('state')).toEqual(['106', '107', '105', '104', '103', '101', '100', '102'])
  expect(order('name')[0]).toBe('100')
  expect(order('missed').slice(0, 2)).toEqual(['103', '100'])
  expect(order('state', ' 05 ')).toEqual(['105'])
  expect([...countPeople(people)].slice(0, 2)).toEqual([
    ['free', 2],
    ['talking', 1],
  ])
  expect([...countPeople(people).keys()].at(-1)).toBeNull()
})

test('the search finds names and queues, in any case', () => {
  const people = all({ agents: [agent('Sales', '101', { name: 'Ann' }), agent('support', '102')] })
  const found = (text: string) => choosePeople(people, { text, order: 'name', compare }).map((one) => one.phone)
  expect(found('sales')).toEqual(['101'])
  expect(found('ANN')).toEqual(['101'])
  expect(found('x')).toEqual([])
})
