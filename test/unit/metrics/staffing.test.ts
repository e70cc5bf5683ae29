// The metrics of agents: absent while nothing is known, and the time of operators.

import { expect, test } from 'vitest'
import type { Agent, QueueStaffing } from '../../../src/staffing/agent.ts'
import { operatorStates } from '../../../src/staffing/operatorStates.ts'
import { samplesOf, T0, testMetrics } from './records.ts'

const NOBODY = { free: 0, ringing: 0, talking: 0, wrapup: 0, paused: 0, offline: 0 }

function agent(queue: string, operator: string, state: Agent['state']): Agent {
  const member = `PJSIP/${operator}`
  const unknown = { name: null, since: null, pauseReason: null, call: null, occupancy: null, seenAt: null }
  return { ...{ queue, member, operator, state }, ...unknown }
}

async function shown(queues: readonly QueueStaffing[], labelLimit = 100): Promise<readonly string[]> {
  const metrics = testMetrics({ staffing: { queues: () => queues, agents: () => [] } }, { labelLimit, now: () => T0 })
  const samples = await samplesOf(metrics)
  return [...samples].filter(([series]) => series.startsWith('asterisk_queue_agents')).map((one) => one.join(' '))
}

test('a queue of which nothing is known has no series, and an old answer has an age', async () => {
  expect(await shown([{ queue: 'sales', agents: null, seenAt: null }])).toEqual([])
  expect(await shown([{ queue: 'sales', agents: null, seenAt: T0 - 90_000 }])).toEqual([
    'asterisk_queue_agents_age_seconds{queue="sales"} 90',
  ])
})

test('a queue without members has all states at 0', async () => {
  const series = await shown([{ queue: 'sales', agents: NOBODY, seenAt: T0 }])
  expect(series).toHaveLength(7)
  expect(series.every((line) => line.endsWith(' 0'))).toBe(true)
})

test('queues beyond the limit are counted together', async () => {
  const queues = ['a', 'b', 'c', 'd'].map((queue) => ({ queue, agents: { ...NOBODY, free: 2 }, seenAt: T0 }))
  const free = (await shown([...queues, { queue: 'e', agents: null, seenAt: null }], 2)).filter((line) =>
    line.includes('"free"'),
  )
  expect(free).toEqual([
    'asterisk_queue_agents{queue="a",state="free"} 2',
    'asterisk_queue_agents{queue="b",state="free"} 2',
    'asterisk_queue_agents{queue="other",state="free"} 4',
  ])
})

test.each([
  ['free in both queues', 'idle', ['free', 'free'], 'idle'],
  ['paused in one of two', 'idle', ['free', 'paused'], 'idle'],
  ['paused in both', 'idle', ['paused', 'paused'], 'paused'],
  ['in wrap-up in one', 'idle', ['wrapup', 'free'], 'wrapup'],
  ['nothing known', 'idle', [null, null], 'idle'],
  ['paused as far as is known', 'idle', ['paused', null], 'paused'],
  ['talking', 'talking', ['talking', 'paused'], 'talking'],
  ['no member', 'idle', [], 'idle'],
] as const)('an operator who is %s', (_, phone, states, expected) => {
  const agents = states.map((state, index) => agent(`q${index}`, '102', state))
  expect(operatorStates(new Map([['102', phone]]), agents).get('102')).toBe(expected)
})

test('the time of members and of phones that had a call is counted, and of no others', async () => {
  const metrics = testMetrics({})
  const states = new Map([['102', 'paused'] as const, ['999', 'idle'] as const])
  metrics.operatorTime({ states, members: new Set(['102']), seconds: 1 })
  metrics.operatorTime({ states, members: new Set(['102']), seconds: 0.5 })
  const samples = await samplesOf(metrics)
  expect(samples.get('asterisk_operator_seconds_total{operator="102",state="paused"}')).toBe(1.5)
  expect([...samples.keys()].filter((series) => series.includes('999') || series.includes('other'))).toEqual(
    [...(await samplesOf(testMetrics({}))).keys()].filter((series) => series.includes('other')),
  )
})
