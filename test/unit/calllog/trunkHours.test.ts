// The busiest hour of each trunk, compared with a plain sum over all calls.

import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { trunkHoursReader } from '../../../src/calllog/reader/trunkHours.ts'
import type { TrunkHour } from '../../../src/query/query.ts'
import { type Known, makeCalls, writeKnown } from './manyCalls.ts'
import { endedCall, freshPath, sampleCall, sampleLeg } from './samples.ts'

const HOUR = 3_600_000
const NOON = Date.UTC(2026, 2, 4, 12)
const ALL = { from: NOON - 24 * HOUR, to: NOON + 24 * HOUR }

/** A reader of a log with these calls. */
function reader(known: readonly Known[], limit = 1_000_000) {
  const path = freshPath()
  writeKnown(path, known)
  return trunkHoursReader(new Database(path, { readonly: true }), limit)
}

/** A call on a trunk, from and to an instant; null: it goes on. */
function inbound(id: number, from: number, to: number | null, changes: Partial<Known['call']> = {}): Known {
  const make = to === null ? sampleCall : endedCall
  const direction = 'inbound' as const
  const common = { channelId: `c${id}`, callerEndpoint: 'trunk-a', trunk: 'trunk-a', direction, startedAt: from }
  return { id, call: make({ ...common, endedAt: to, ...changes }), legs: [] }
}

function outbound(id: number, from: number, to: number, role: 'callee' | 'caller' = 'callee'): Known {
  const call = endedCall({
    ...{ channelId: `c${id}`, callerEndpoint: '101', trunk: 'trunk-b', direction: 'outbound' },
    ...{ startedAt: from - 1_000, endedAt: to },
  })
  const leg = { id: `l${id}`, callId: `c${id}`, endpoint: 'trunk-b', endpointRole: 'trunk', role } as const
  return { id, call, legs: [sampleLeg({ ...leg, startedAt: from, endedAt: to })] }
}

test('a call occupies its trunk from start to end, in each hour that it touches, answered or not', () => {
  const busiest = reader([
    inbound(1, NOON - 10 * 60_000, NOON + 20 * 60_000),
    inbound(2, NOON + 30 * 60_000, NOON + 31 * 60_000, { disposition: 'abandoned' }),
    outbound(3, NOON + 5_000, NOON + 65_000),
    outbound(4, NOON + HOUR, NOON + HOUR),
  ])
  expect(busiest(ALL)).toEqual({
    ...ALL,
    trunks: [
      { trunk: 'trunk-a', start: NOON, seizures: 1, ms: 21 * 60_000 },
      { trunk: 'trunk-b', start: NOON, seizures: 1, ms: 60_000 },
    ],
  })
})

test('a call that goes on occupies its trunk until now; a transit call occupies both', () => {
  const transit: Known = {
    ...inbound(1, NOON, null, { direction: 'transit' }),
    legs: outbound(1, NOON + 1_000, NOON + 2_000).legs,
  }
  expect(reader([transit])({ from: NOON, to: NOON + 30_000 }).trunks).toEqual([
    { trunk: 'trunk-a', start: NOON, seizures: 1, ms: 30_000 },
    { trunk: 'trunk-b', start: NOON, seizures: 1, ms: 1_000 },
  ])
})

test('the first party of an originated call is a leg, and counts once', () => {
  const leg = { ...outbound(1, NOON, NOON + 60_000, 'caller').legs[0], endpoint: 'trunk-a' }
  const originated: Known = { ...inbound(1, NOON, NOON + 60_000), legs: [sampleLeg(leg)] }
  expect(reader([originated])(ALL).trunks).toEqual([{ trunk: 'trunk-a', start: NOON, seizures: 1, ms: 60_000 }])
})

test('a log without calls on trunks has none', () => {
  expect(reader([])(ALL)).toEqual({ ...ALL, trunks: [] })
})

test('with more calls than the limit, the older hours are left out as a whole', () => {
  const calls = [0, 1, 2].flatMap((hour) =>
    [0, 1].map((index) =>
      inbound(hour * 2 + index + 1, NOON + hour * HOUR + index * 60_000, NOON + hour * HOUR + 120_000),
    ),
  )
  const period = { from: NOON, to: NOON + 3 * HOUR }
  expect(reader(calls, 5)(period).from).toBe(NOON + HOUR)
  expect(reader(calls, 5)(period).trunks).toEqual([
    { trunk: 'trunk-a', start: NOON + 2 * HOUR, seizures: 2, ms: 180_000 },
  ])
  expect(reader(calls, 7)(period).from).toBe(NOON)
  expect(reader(calls, 1)(period)).toEqual({ from: period.to, to: period.to, trunks: [] })
})

test('equals a plain sum over many calls of all kinds', () => {
  const known = makeCalls(3_000)
  const starts = known.map(({ call }) => call.startedAt)
  const period = { from: Math.min(...starts), to: Math.max(...starts) + HOUR }
  expect(reader(known)(period).trunks).toEqual(plainly(known, period.to))
})

function plainly(known: readonly Known[], now: number): readonly TrunkHour[] {
  const sums = new Map<string, TrunkHour>()
  const add = (trunk: string, from: number, end: number | null): void => {
    const to = Math.max(from, end ?? now)
    for (let start = Math.floor(from / HOUR) * HOUR; start <= to; start += HOUR) {
      const key = `${trunk} ${start}`
      const { seizures, ms } = sums.get(key) ?? { seizures: 0, ms: 0 }
      const own = Math.max(0, Math.min(to, start + HOUR) - Math.max(from, start))
      sums.set(key, { trunk, start, seizures: seizures + (start <= from ? 1 : 0), ms: ms + own })
    }
  }
  for (const { call, legs } of known) {
    const onTrunks = call.trunk === null ? [] : legs.filter(({ endpointRole }) => endpointRole === 'trunk')
    const isInbound = ['inbound', 'transit'].includes(call.direction) && call.trunk !== null
    if (isInbound && onTrunks[0]?.role !== 'caller') {
      add(call.callerEndpoint, call.startedAt, call.endedAt)
    }
    for (const { endpoint, startedAt, endedAt } of onTrunks) {
      add(endpoint, startedAt, endedAt)
    }
  }
  const best = new Map<string, TrunkHour>()
  for (const hour of [...sums.values()].sort((one, other) => other.start - one.start)) {
    if (hour.ms > (best.get(hour.trunk)?.ms ?? -1)) {
      best.set(hour.trunk, hour)
    }
  }
  return [...best.values()].sort((one, other) => (one.trunk < other.trunk ? -1 : 1))
}
