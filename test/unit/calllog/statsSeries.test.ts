// Series of key figures, compared with plain sums over all calls.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seriesReader } from '../../../src/calllog/reader/statsSeries.ts'
import { type SeriesRequest, WAITING_FROM } from '../../../src/query/seriesRequest.ts'
import { SERIES_SHAPES, type StatsSeries } from '../../../src/query/statsSchema.ts'
import { type Known, makeCalls, matches, writeKnown } from './manyCalls.ts'
import { T0 } from './samples.ts'

const HOUR = 3_600_000
const known = makeCalls(3_000)
const ALL = { from: T0 - HOUR, to: T0 + 40 * HOUR, tz: 'UTC' }
const folder = mkdtempSync(join(tmpdir(), 'series-'))
let db: Database.Database
let read: (request: SeriesRequest) => StatsSeries

beforeAll(() => {
  const path = join(folder, 'calls.db')
  writeKnown(path, known)
  db = new Database(path, { readonly: true })
  read = seriesReader(db)
})

afterAll(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

function figuresOf(calls: readonly Known[]) {
  const answered = calls.filter(({ call }) => call.disposition === 'answered')
  const missed = calls.filter(({ call }) => call.missed)
  return {
    calls: calls.length,
    answered: answered.length,
    missed: missed.length,
    other: calls.length - answered.length - missed.length,
    talk_seconds: Math.round(answered.reduce((sum, { call }) => sum + call.durationMs, 0)) / 1000,
  }
}

const FILTERS = [
  {},
  { direction: ['inbound'] },
  { direction: ['inbound', 'transit'] },
  { queue: 'support' },
  { trunk: 'trunk-a' },
  { line: 'Sales' },
  { queue: 'sales', trunk: 'trunk-b', line: 'Support', direction: ['outbound'] },
  { queue: 'nobody' },
] as const

describe.each(FILTERS)('of %j', (filter) => {
  const calls = known.filter((one) => matches({ ...filter, from: ALL.from, to: ALL.to }, one))

  test('by hour and by day, in a time zone', () => {
    for (const [by, ms] of [
      ['hour', HOUR],
      ['day', 24 * HOUR],
    ] as const) {
      const { series, ...rest } = read({ ...ALL, ...filter, by, tz: 'Asia/Kolkata' })
      expect(rest).toMatchObject({ by, tz: 'Asia/Kolkata', from: new Date(ALL.from).toISOString() })
      expect(series.length).toBe(by === 'hour' ? 42 : 3)
      for (const entry of series) {
        const start = 'start' in entry ? Date.parse(entry.start) : 0
        const own = calls.filter(({ call }) => call.startedAt >= start && call.startedAt < start + ms)
        expect(entry).toEqual({ start: new Date(start).toISOString(), ...figuresOf(own) })
      }
      expect(series.reduce((sum, entry) => sum + entry.calls, 0)).toBe(calls.length)
    }
  })

  test('by hour of the week', () => {
    const { series } = read({ ...ALL, ...filter, by: 'weekday_hour' })
    expect(series).toHaveLength(168)
    const wanted = series.map((_, index) => ({
      weekday: Math.floor(index / 24) + 1,
      hour: index % 24,
      ...figuresOf(
        calls.filter(({ call: { startedAt } }) => {
          const date = new Date(startedAt)
          return ((date.getUTCDay() + 6) % 7) * 24 + date.getUTCHours() === index
        }),
      ),
    }))
    expect(series).toEqual(wanted)
  })

  test('by waiting time: until the answer, else in the queue', () => {
    const { series } = read({ ...ALL, ...filter, by: 'waiting' })
    expect(series).toEqual(
      WAITING_FROM.map((from, index) => ({
        from_seconds: from,
        to_seconds: WAITING_FROM[index + 1] ?? null,
        ...figuresOf(
          calls.filter(({ call }) => {
            const waited = call.disposition === 'answered' ? call.answerDelayMs : call.queueWaitMs
            return waited !== null && waited / 1000 >= from && waited / 1000 < (WAITING_FROM[index + 1] ?? Infinity)
          }),
        ),
      })),
    )
  })

  test.each(['queue', 'trunk', 'line'] as const)('by %s, the busiest first', (by) => {
    const { series } = read({ ...ALL, ...filter, by })
    const names = [...new Set(calls.map(({ call }) => call[by]))].flatMap((name) => name ?? [])
    expect(new Map(series.map((entry) => ['name' in entry ? entry.name : '', entry]))).toEqual(
      new Map(names.map((name) => [name, { name, ...figuresOf(calls.filter(({ call }) => call[by] === name)) }])),
    )
    const counts = series.map((entry) => entry.calls)
    expect(counts).toEqual(counts.toSorted((one, other) => other - one))
  })
})

test('by operator: the attempts to reach each phone', () => {
  const { series } = read({ ...ALL, by: 'operator' })
  const attempts = known.flatMap(({ legs }) =>
    legs.filter((leg) => leg.role === 'callee' && leg.endpointRole === 'phone'),
  )
  expect(series.reduce((sum, entry) => sum + entry.calls, 0)).toBe(attempts.length)
  for (const entry of series) {
    const own = attempts.filter(({ endpoint }) => 'name' in entry && endpoint === entry.name)
    const answered = own.filter(({ result }) => result === 'answered').length
    const others = own.filter(({ result }) => result === null || ['answered_elsewhere', 'cancelled'].includes(result))
    expect(entry).toMatchObject({ calls: own.length, answered, other: others.length })
    expect(entry.missed).toBe(own.length - answered - others.length)
  }
})

test('every series has its shape, also of a period without calls', () => {
  for (const period of [ALL, { from: 0, to: HOUR, tz: 'UTC' }]) {
    expect(SERIES_SHAPES.StatsOverTime.safeParse(read({ ...period, by: 'hour' })).error).toBeUndefined()
    expect(SERIES_SHAPES.StatsByWeekday.safeParse(read({ ...period, by: 'weekday_hour' })).error).toBeUndefined()
    expect(SERIES_SHAPES.StatsByWaiting.safeParse(read({ ...period, by: 'waiting' })).error).toBeUndefined()
    expect(SERIES_SHAPES.StatsByName.safeParse(read({ ...period, by: 'trunk' })).error).toBeUndefined()
  }
})
