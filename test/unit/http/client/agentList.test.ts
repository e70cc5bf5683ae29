// The queues and agents that the page knows: from answers of the API and reports of the feed.

import { describe, expect, test } from 'vitest'
import { countStates, createAgentList, nameOf } from '../../../../src/http/page/client/agentList.ts'
import type { AgentEntry, Agents, QueueEntry } from '../../../../src/query/agentSchema.ts'

const COUNTS = { free: 0, ringing: 0, talking: 0, wrapup: 0, paused: 0, offline: 0 }

function agent(queue: string, operator: string, changes: Partial<AgentEntry> = {}): AgentEntry {
  return {
    ...{ queue, member: `PJSIP/${operator}`, operator, name: null, state: 'free', since: null, pause_reason: null },
    ...{ seen: null, call: null, occupancy: null, ...changes },
  }
}

function answer(queues: readonly (string | QueueEntry)[], agents: readonly AgentEntry[]): Agents {
  return {
    at: '2026-11-29T12:00:00.000Z',
    questions_per_second: 5,
    queues: queues.map((queue) => (typeof queue === 'string' ? { queue, agents: COUNTS, seen: null } : queue)),
    agents,
  }
}

const list = () => createAgentList((one, other) => one.localeCompare(other, 'en', { numeric: true }))
const shown = (known: ReturnType<typeof list>) =>
  known.queues().map(({ queue, agents }) => [queue, ...agents.map((one) => `${nameOf(one)} ${one.state}`)])

test('queues and agents are in the order of their names, numbers as numbers', () => {
  const known = list()
  known.load(answer(['support', 'sales'], [agent('sales', '1000'), agent('sales', '102'), agent('support', '9')]))
  expect(shown(known)).toEqual([
    ['sales', '102 free', '1000 free'],
    ['support', '9 free'],
  ])
})

test('a report replaces what is known of an agent, also of a new queue', () => {
  const known = list()
  known.load(answer(['sales'], [agent('sales', '102')]))
  known.apply({ change: 'changed', agent: agent('sales', '102', { state: 'paused' }) })
  known.apply({ change: 'changed', agent: agent('night', '103') })
  expect(shown(known)).toEqual([
    ['night', '103 free'],
    ['sales', '102 paused'],
  ])
  expect(['night', 'old'].map(known.has)).toEqual([true, false])
})

test('a queue whose last agent left stays, without agents', () => {
  const known = list()
  known.load(answer(['sales'], [agent('sales', '102')]))
  known.apply({ change: 'left', agent: agent('sales', '102', { state: null }) })
  expect(known.queues()).toEqual([{ queue: 'sales', isKnown: true, agents: [] }])
})

test('an answer replaces everything, and a report that came meanwhile is applied to it', () => {
  const known = list()
  known.load(answer(['old', 'sales'], [agent('sales', '102'), agent('sales', '103')]))
  known.begin()
  known.apply({ change: 'changed', agent: agent('sales', '102', { state: 'talking' }) })
  known.apply({ change: 'left', agent: agent('sales', '103') })
  known.load(answer(['sales'], [agent('sales', '102'), agent('sales', '103')]))
  expect(shown(known)).toEqual([['sales', '102 talking']])
  known.load(answer(['sales'], [agent('sales', '102')]))
  expect(shown(known)).toEqual([['sales', '102 free']])
})

test('a queue of which nothing is known is told apart from one without members', () => {
  const known = list()
  known.load(answer([{ queue: 'new', agents: null, seen: null }, 'sales'], []))
  expect(known.queues().map(({ queue, isKnown }) => [queue, isKnown])).toEqual([
    ['new', false],
    ['sales', true],
  ])
})

test('an agent whose phone is not known has the name of the interface', () => {
  expect(nameOf(agent('sales', '7', { operator: null, member: 'Local/7@agents/n' }))).toBe('Local/7@agents/n')
})

describe('how many are in each state', () => {
  test('is counted in the order of the states, without those of nobody', () => {
    const states = (['offline', 'talking', 'free', 'talking'] as const).map((state) => agent('sales', '1', { state }))
    expect([...(countStates(states) ?? [])]).toEqual([
      ['free', 1],
      ['talking', 2],
      ['offline', 1],
    ])
  })

  test('is not known while the state of one is not', () => {
    expect(countStates([agent('sales', '1'), agent('sales', '2', { state: null })])).toBeNull()
    expect(countStates([])?.size).toBe(0)
  })
})

test('since when occupancy is known is that of any agent', () => {
  const known = list()
  known.load(answer(['sales'], [agent('sales', '1')]))
  expect(known.occupancySince()).toBeNull()
  const occupancy = { share: 0.5, busy_seconds: 1, staffed_seconds: 2, since: '2026-11-29T08:00:00.000Z' }
  known.apply({ change: 'changed', agent: agent('sales', '2', { occupancy }) })
  expect(known.occupancySince()).toBe('2026-11-29T08:00:00.000Z')
})
