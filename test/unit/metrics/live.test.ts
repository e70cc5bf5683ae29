// The gauges show the state at the time of the scrape.

import { expect, test } from 'vitest'
import type { LiveCount, LiveCountKey } from '../../../src/call/views/liveCounts.ts'
import { callChanged, callRecord, legRecord, legStarted, samplesOf, sumOf, T0, testMetrics } from './records.ts'

const group = (key: LiveCountKey, count: number, ageMs = 0): LiveCount => ({ key, count, oldestAt: T0 - ageMs })

/** Metrics over live counts that can be changed between scrapes. */
function withLiveCounts(...first: LiveCount[]) {
  const now = { groups: first }
  return { now, metrics: testMetrics({ liveCounts: () => now.groups }) }
}

test('calls by direction and state, all pairs, and the age of the oldest', async () => {
  const { now, metrics } = withLiveCounts(
    group({ family: 'calls', direction: 'inbound', state: 'talking' }, 3, 90_500),
    group({ family: 'calls', direction: 'outbound', state: 'ringing' }, 2, 4_000),
    group({ family: 'calls', direction: 'internal', state: 'held' }, 0, 999_000),
  )
  const busy = await samplesOf(metrics)
  expect(busy.get('asterisk_calls_active{direction="inbound",state="talking"}')).toBe(3)
  expect(busy.get('asterisk_calls_active{direction="outbound",state="ringing"}')).toBe(2)
  expect([...busy.keys()].filter((series) => series.startsWith('asterisk_calls_active{'))).toHaveLength(4 * 7)
  expect(sumOf(busy, 'asterisk_calls_active')).toBe(5)
  expect(busy.get('asterisk_calls_oldest_active_seconds')).toBe(90.5)
  now.groups = []
  const quiet = await samplesOf(metrics)
  expect(sumOf(quiet, 'asterisk_calls_active')).toBe(0)
  expect(quiet.get('asterisk_calls_oldest_active_seconds')).toBe(0)
})

test('a clock behind that of the PBX gives no negative age', async () => {
  const { metrics } = withLiveCounts(
    group({ family: 'calls', direction: 'inbound', state: 'setup' }, 1, -5_000),
    group({ family: 'queue', queue: 'sales' }, 1, -5_000),
  )
  const samples = await samplesOf(metrics)
  expect(samples.get('asterisk_calls_oldest_active_seconds')).toBe(0)
  expect(samples.get('asterisk_queue_oldest_wait_seconds{queue="sales"}')).toBe(0)
})

test('a queue that occurred once keeps its series, at 0', async () => {
  const { now, metrics } = withLiveCounts(group({ family: 'queue', queue: 'sales' }, 4, 30_000))
  metrics.observe(callChanged(callRecord({ queue: 'sales' })))
  const busy = await samplesOf(metrics)
  expect(busy.get('asterisk_queue_callers_waiting{queue="sales"}')).toBe(4)
  expect(busy.get('asterisk_queue_oldest_wait_seconds{queue="sales"}')).toBe(30)
  expect(busy.get('asterisk_queue_calls_total{outcome="abandoned",queue="sales"}')).toBe(0)
  now.groups = []
  const quiet = await samplesOf(metrics)
  expect(quiet.get('asterisk_queue_callers_waiting{queue="sales"}')).toBe(0)
  expect(quiet.get('asterisk_queue_oldest_wait_seconds{queue="sales"}')).toBe(0)
})

test('seizures of a trunk by direction; trunks beyond the limit are counted together', async () => {
  const metrics = testMetrics(
    {
      liveCounts: () => [
        group({ family: 'trunk', trunk: 'a', direction: 'inbound' }, 2),
        group({ family: 'trunk', trunk: 'b', direction: 'inbound' }, 3),
        group({ family: 'trunk', trunk: 'c', direction: 'inbound' }, 4),
      ],
    },
    { labelLimit: 1 },
  )
  metrics.observe(legStarted(legRecord({ endpoint: 'a', endpointRole: 'trunk' })))
  const samples = await samplesOf(metrics)
  const active = (trunk: string, direction: string) =>
    samples.get(`asterisk_trunk_calls_active{direction="${direction}",trunk="${trunk}"}`)
  expect([active('a', 'inbound'), active('a', 'outbound'), active('other', 'inbound')]).toEqual([2, 0, 7])
  expect(samples.get('asterisk_exporter_label_overflow_total{label="trunk"}')).toBe(2)
})

test('the capacity of trunks that are shown under their own name', async () => {
  const trunkCapacities = [
    { trunk: 'a', channels: 30 },
    { trunk: 'b', channels: 10 },
  ]
  const metrics = testMetrics({ trunkCapacities }, { labelLimit: 1 })
  const samples = await samplesOf(metrics)
  const capacities = [...samples].filter(([series]) => series.startsWith('asterisk_trunk_capacity_calls'))
  expect(capacities).toEqual([['asterisk_trunk_capacity_calls{trunk="a"}', 30]])
})

test('the seconds in which trunks are full, of trunks that have room; a known trunk has a series at 0', async () => {
  const metrics = testMetrics({}, { labelLimit: 2 })
  const first = metrics.trunksFull({ known: ['a', 'b', 'c'], full: ['a', 'c'], seconds: 1 })
  expect(first.map(({ labels }) => labels['trunk'])).toEqual(['a', 'b', 'other'])
  expect(metrics.trunksFull({ known: ['a', 'b', 'c'], full: ['a'], seconds: 1.5 })).toEqual([])
  const samples = await samplesOf(metrics)
  const seconds = ['a', 'b', 'other'].map((trunk) => samples.get(`asterisk_trunk_full_seconds_total{trunk="${trunk}"}`))
  expect(seconds).toEqual([2.5, 0, 0])
})

test('operators: calls take precedence over the endpoint’s state, and all known phones have series', async () => {
  const metrics = testMetrics({
    liveCounts: () => [
      group({ family: 'phone', endpoint: '101', activity: 'talking' }, 1),
      group({ family: 'phone', endpoint: '101', activity: 'ringing' }, 1),
      group({ family: 'phone', endpoint: '102', activity: 'ringing' }, 1),
    ],
    endpoints: () => [
      { endpoint: '101', role: 'phone', state: 'offline' },
      { endpoint: '103', role: 'phone', state: 'unknown', lastState: 'offline' },
      { endpoint: '104', role: 'phone', state: 'unknown' },
      { endpoint: 'carrier', role: 'trunk', state: 'online' },
    ],
  })
  metrics.observe(legStarted(legRecord({ endpoint: '105' })))
  const samples = await samplesOf(metrics)
  const current = [...samples].filter(([series, value]) => series.startsWith('asterisk_operator_state{') && value === 1)
  expect(current.map(([series]) => series).sort()).toEqual([
    'asterisk_operator_state{operator="101",state="talking"}',
    'asterisk_operator_state{operator="102",state="ringing"}',
    'asterisk_operator_state{operator="103",state="offline"}',
    'asterisk_operator_state{operator="104",state="idle"}',
    'asterisk_operator_state{operator="105",state="idle"}',
  ])
  expect(samples.get('asterisk_operator_state{operator="101",state="offline"}')).toBe(0)
})

test('operators beyond the limit are counted together', async () => {
  const endpoints = ['101', '102', '103', '104'].map(
    (endpoint) => ({ endpoint, role: 'phone', state: endpoint === '104' ? 'offline' : 'online' }) as const,
  )
  const metrics = testMetrics({ endpoints: () => endpoints }, { labelLimit: 1 })
  const samples = await samplesOf(metrics)
  expect(samples.get('asterisk_operator_state{operator="101",state="idle"}')).toBe(1)
  expect(samples.get('asterisk_operator_state{operator="other",state="idle"}')).toBe(2)
  expect(samples.get('asterisk_operator_state{operator="other",state="offline"}')).toBe(1)
})

test('a scrape registers no name: the counters are the same with and without it', async () => {
  const counters = async (scraped: boolean): Promise<string[]> => {
    const endpoints = [{ endpoint: '101', role: 'phone', state: 'online' }] as const
    const metrics = testMetrics({ endpoints: () => endpoints }, { labelLimit: 1 })
    if (scraped) {
      await metrics.expose()
    }
    metrics.observe(legStarted(legRecord({ endpoint: '999' })))
    metrics.observe(legStarted(legRecord({ endpoint: '101' })))
    return [...(await samplesOf(metrics)).keys()].filter((series) => series.startsWith('asterisk_operator_calls_total'))
  }
  const unscraped = await counters(false)
  expect(unscraped.some((series) => series.includes('operator="999"'))).toBe(true)
  expect(await counters(true)).toEqual(unscraped)
})

test('endpoints by role and state, and up only for those whose state is known', async () => {
  const state = { carrier: 'online' as 'online' | 'offline' }
  const metrics = testMetrics({
    endpoints: () => [
      { endpoint: 'carrier', role: 'trunk', state: state.carrier },
      { endpoint: '101', role: 'phone', state: 'offline' },
      { endpoint: '102', role: 'phone', state: 'unknown' },
    ],
  })
  const samples = await samplesOf(metrics)
  expect(samples.get('asterisk_endpoint_up{endpoint="carrier",role="trunk"}')).toBe(1)
  expect(samples.get('asterisk_endpoint_up{endpoint="101",role="phone"}')).toBe(0)
  expect(samples.has('asterisk_endpoint_up{endpoint="102",role="phone"}')).toBe(false)
  expect(samples.get('asterisk_endpoints{role="phone",state="unknown"}')).toBe(1)
  expect(samples.get('asterisk_endpoints{role="trunk",state="offline"}')).toBe(0)
  state.carrier = 'offline'
  const later = await samplesOf(metrics)
  expect(later.get('asterisk_endpoint_up{endpoint="carrier",role="trunk"}')).toBe(0)
  expect(later.get('asterisk_endpoints{role="trunk",state="offline"}')).toBe(1)
})

test('endpoints beyond the limit are up only if all of them are', async () => {
  const up = async (last: 'online' | 'offline') => {
    const endpoints = [
      { endpoint: 'a', role: 'trunk', state: 'offline' },
      { endpoint: 'b', role: 'trunk', state: last },
      { endpoint: 'c', role: 'trunk', state: 'online' },
    ] as const
    const samples = await samplesOf(testMetrics({ endpoints: () => endpoints }, { labelLimit: 1 }))
    return samples.get('asterisk_endpoint_up{endpoint="other",role="trunk"}')
  }
  expect([await up('online'), await up('offline')]).toEqual([1, 0])
})

test('the session: up, and the connected Asterisk, absent until it was first reached', async () => {
  type Session = ReturnType<NonNullable<Parameters<typeof testMetrics>[0]>['session'] & object>
  const now: { session: Session } = { session: { inSync: false, asterisk: null } }
  const metrics = testMetrics({ session: () => now.session })
  const before = await samplesOf(metrics)
  expect(before.get('asterisk_up')).toBe(0)
  expect(before.has('asterisk_start_time_seconds')).toBe(false)
  expect([...before.keys()].some((series) => series.startsWith('asterisk_info'))).toBe(false)
  now.session = { inSync: true, asterisk: { version: '22.9.0', entityId: 'e1', startedAt: T0 } }
  await metrics.expose()
  now.session = { inSync: true, asterisk: { version: '22.10.1', entityId: 'e1', startedAt: T0 + 500 } }
  const after = await samplesOf(metrics)
  expect(after.get('asterisk_up')).toBe(1)
  expect(after.get('asterisk_start_time_seconds')).toBe(T0 / 1000 + 0.5)
  expect([...after.keys()].filter((series) => series.startsWith('asterisk_info'))).toEqual([
    'asterisk_info{entity_id="e1",version="22.10.1"}',
  ])
})

test('the call log’s rows and pending', async () => {
  const samples = await samplesOf(testMetrics({ callLog: () => ({ rows: 12, pending: 3 }) }))
  expect(samples.get('asterisk_exporter_calllog_calls_written_total')).toBe(12)
  expect(samples.get('asterisk_exporter_calllog_pending')).toBe(3)
})

test('round trips are shown for measured endpoints; `other` shows the longest', async () => {
  const endpoints = ['101', '102', '103'].map((endpoint, n) => ({
    endpoint,
    role: 'phone' as const,
    state: 'online' as const,
    roundTripMs: n === 0 ? null : n * 10,
  }))
  const all = await samplesOf(testMetrics({ endpoints: () => endpoints }))
  const of = (endpoint: string) => `asterisk_endpoint_round_trip_seconds{endpoint="${endpoint}",role="phone"}`
  expect([of('101'), of('102'), of('103')].map((series) => all.get(series))).toEqual([undefined, 0.01, 0.02])
  const capped = await samplesOf(testMetrics({ endpoints: () => endpoints }, { labelLimit: 1 }))
  expect(capped.get(of('other'))).toBe(0.02)
})
