// The place "Now", as far as it needs no browser: the figures of the day, who waits, who is free, and what the line of the state says.

import { describe, expect, test } from 'vitest'
import { addressOf, textOf } from '../../../../src/http/page/client/address.ts'
import {
  answeredShareOf,
  busiestHour,
  hoursOf,
  linesOf,
  todayUntil,
  yesterdayUntil,
} from '../../../../src/http/page/client/dayFigures.ts'
import type { LiveCall } from '../../../../src/http/page/client/entries.ts'
import { staffOf } from '../../../../src/http/page/client/freePeople.ts'
import { createI18n } from '../../../../src/http/page/client/i18n.ts'
import { inOrder, waitingQueues } from '../../../../src/http/page/client/liveOrder.ts'
import { type KnownState, stateLineOf } from '../../../../src/http/page/client/stateLine.ts'
import type { AgentEntry } from '../../../../src/query/agentSchema.ts'

const T = '2026-11-23T07:00:00.000Z'

function liveCall(second: number, changes: Partial<LiveCall> = {}): LiveCall {
  return {
    ...{ id: second, channel_id: `c.${second}`, caller: '101', caller_name: '', callee: '102', direction: 'internal' },
    ...{ state: 'talking', start_time: new Date(second * 1000).toISOString(), answer_time: null, queue: null },
    ...{ queue_time: null, answered_by: [], trunk: null, transfers: 0, voice: null, ...changes },
  }
}

const queued = (second: number, queue: string, changes: Partial<LiveCall> = {}): LiveCall =>
  liveCall(second, { state: 'queued', queue, ...changes })

describe('the figures of the day', () => {
  test.each(['2026-11-23T10:20:30', '2026-03-29T12:00:00', '2026-10-25T12:00:00', '2026-01-01T00:00:00'])(
    'at %s, yesterday ends at the same time of day',
    (local) => {
      const now = new Date(local)
      const [today, yesterday] = [todayUntil(now), yesterdayUntil(now)]
      expect(today.to).toBe(now.toISOString())
      const clockOf = (iso: string) => new Date(iso).toTimeString().slice(0, 8)
      expect([clockOf(today.from), clockOf(yesterday.from), clockOf(yesterday.to)]).toEqual([
        '00:00:00',
        '00:00:00',
        local.slice(11),
      ])
      expect(new Date(new Date(yesterday.from).setHours(24)).toISOString()).toBe(today.from)
    },
  )

  test('each hour that has begun has a value; hours of other days are left out, and an hour that is repeated is one', () => {
    const now = new Date('2026-11-23T03:30:00')
    const at = (local: string, calls: number, answered = 0, missed = 0) => ({
      ...{ start: new Date(local).toISOString(), calls, answered, missed, other: 0 },
    })
    const series = [
      at('2026-11-22T02:00:00', 9),
      at('2026-11-23T01:00:00', 2, 1, 1),
      at('2026-11-23T03:00:00', 4, 4),
      at('2026-11-23T03:00:00', 1, 0, 1),
    ]
    expect(hoursOf(series, now, ({ calls }) => calls)).toEqual([0, 2, 0, 5])
    expect(hoursOf(series, now, answeredShareOf)).toEqual([null, 0.5, null, 0.8])
  })

  test('a line breaks where there is no value, and stays in its box', () => {
    expect(linesOf([0, 4, null, 2], 4)).toEqual([
      [
        [0.5, 1],
        [1.5, 0],
      ],
      [[3.5, 0.5]],
    ])
    expect(linesOf([0, 0], 0).flat()).toEqual([
      [0.5, 1],
      [1.5, 1],
    ])
    expect([busiestHour([0, 3, 3]), busiestHour([0, null]), busiestHour([])]).toEqual([
      { hour: 1, value: 3 },
      null,
      null,
    ])
  })
})

describe('live calls', () => {
  test('callers in a queue come first, then the oldest call', () => {
    const calls = [liveCall(30), liveCall(10), queued(20, 'sales'), queued(15, 'support')]
    expect(inOrder(calls).map(({ id }) => id)).toEqual([15, 20, 10, 30])
  })

  test('queues with callers: how many, and since when the first of them waits; the longest wait first', () => {
    const entered = { queue_time: new Date(6_000).toISOString() }
    const calls = [
      queued(20, 'sales'),
      queued(12, 'sales'),
      queued(5, 'support', entered),
      liveCall(1, { queue: 'support' }),
    ]
    expect(waitingQueues(calls)).toEqual([
      { queue: 'support', waiting: 1, since: 6_000 },
      { queue: 'sales', waiting: 2, since: 12_000 },
    ])
  })
})

describe('people', () => {
  const agent = (queue: string, operator: string, state: AgentEntry['state']): AgentEntry => ({
    ...{ queue, member: `PJSIP/${operator}`, operator, state, since: null, pause_reason: null, call: null },
    ...{ name: null, seen: null, occupancy: null },
  })

  test('who is an agent of two queues counts once, by what occupies most', () => {
    const agents = [agent('sales', '101', 'free'), agent('support', '101', 'talking'), agent('sales', '102', 'free')]
    const people = staffOf([...agents, agent('support', '103', 'paused'), agent('sales', '103', 'free')])
    expect([people?.all, people?.counts.get('free'), people?.counts.get('talking')]).toEqual([3, 2, 1])
  })

  test('nothing is said while the state of one is not known', () => {
    expect(staffOf([agent('sales', '101', 'free'), agent('sales', '102', null)])).toBeNull()
  })
})

describe('the line of the state', () => {
  const i18n = createI18n(['en-GB'])
  const pbx = {
    ...{ site: 'hq', log_id: 'l', in_sync: true, since: T, problem: null, res_prometheus: null },
    asterisk: { version: '22.1.0', entity_id: '02:00', start_time: T },
  }
  const node = (in_sync: boolean) => ({
    ...{ url: `http://${in_sync}`, site: `site-${in_sync}`, state: 'live' as const, since: T, problem: null, in_sync },
    ...{ asterisk: null, calls_active: 0 },
  })
  const known: KnownState = { connection: 'open', lostSince: null, pbx, nodes: null, isFleet: false, today: T }
  const time = i18n.timeOfDay(T)

  test.each<[string, Partial<KnownState>, string, string, string]>([
    ['well', {}, 'all', 'Connected to Asterisk 22.1.0', `since ${time}`],
    [
      'of yesterday',
      { today: '2026-11-24T00:00:00.000Z' },
      'all',
      'Connected to Asterisk 22.1.0',
      `since ${i18n.time(T)}`,
    ],
    [
      'without Asterisk',
      { pbx: { ...pbx, in_sync: false, problem: 'connection refused' } },
      'pbx_lost',
      'Not connected to Asterisk',
      `since ${time} · connection refused`,
    ],
    [
      'without its server',
      { connection: 'lost', lostSince: T },
      'server_lost',
      i18n.t('connection.lost'),
      `since ${time}`,
    ],
    ['at the start', { pbx: null, connection: 'connecting' }, 'unknown', i18n.t('connection.connecting'), ''],
    ['with all sites', { pbx: null, nodes: [node(true)] }, 'all', 'Sites connected: 1 of 1', ''],
    [
      'with some sites',
      { pbx: null, nodes: [node(true), node(false)] },
      'part',
      'Sites connected: 1 of 2',
      'Not connected to Asterisk: site-false.',
    ],
    [
      'with no site',
      { pbx: null, nodes: [node(false)] },
      'pbx_lost',
      'Sites connected: 0 of 1',
      'Not connected to Asterisk: site-false.',
    ],
  ])('%s', (_, changes, observed, title, details) => {
    expect(stateLineOf({ ...known, ...changes }, i18n)).toEqual({ observed, title, details })
  })
})

test('the address of the wall has its seconds and its sound', () => {
  const wallOf = (search: string) => addressOf(search).wall
  expect(wallOf('?wall')).toEqual({ seconds: 15, hasSound: false })
  expect(wallOf('?wall=30&sound')).toEqual({ seconds: 30, hasSound: true })
  expect([wallOf('?wall=1')?.seconds, wallOf('?wall=9999')?.seconds, wallOf('?wall=soon')?.seconds]).toEqual([
    5, 600, 15,
  ])
  expect([wallOf('?sound'), addressOf('?sound').place]).toEqual([null, 'now'])
  expect(textOf(addressOf('?place=missed&sound&wall=30'))).toBe('?wall=30&sound&place=missed')
})
