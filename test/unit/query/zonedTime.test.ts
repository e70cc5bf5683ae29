// Hours, days and weekdays of time zones: a changed clock, a quarter of an hour, and any period against the clock that Intl shows.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTimeZone, slicesOfTime, slicesOfWeek } from '../../../src/query/zonedTime.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const HELSINKI = 'Europe/Helsinki'
const iso = (at: number): string => new Date(at).toISOString()
const at = (text: string): number => Date.parse(text)

/** Days of a zone, and how many hours of the period each has. */
function daysOf(tz: string, from: string, to: string): readonly (readonly [string, number])[] {
  const { entries, slices } = slicesOfTime('day', tz, { from: at(from), to: at(to) })
  return entries.map((start, entry) => [
    iso(start),
    slices.filter((slice) => slice.entry === entry).reduce((sum, slice) => sum + (slice.to - slice.from) / HOUR, 0),
  ])
}

describe('days', () => {
  test('begin at midnight of the zone; the first and the last can be parts', () => {
    expect(daysOf(HELSINKI, '2026-01-10T12:00:00Z', '2026-01-12T00:00:00Z')).toEqual([
      ['2026-01-09T22:00:00.000Z', 10],
      ['2026-01-10T22:00:00.000Z', 24],
      ['2026-01-11T22:00:00.000Z', 2],
    ])
    expect(daysOf('UTC', '2026-01-10T00:00:00Z', '2026-01-11T00:00:00Z')).toEqual([['2026-01-10T00:00:00.000Z', 24]])
  })

  test('have 23 or 25 hours when clocks change', () => {
    expect(daysOf(HELSINKI, '2026-03-28T22:00:00Z', '2026-03-30T21:00:00Z')).toEqual([
      ['2026-03-28T22:00:00.000Z', 23],
      ['2026-03-29T21:00:00.000Z', 24],
    ])
    expect(daysOf(HELSINKI, '2026-10-24T21:00:00Z', '2026-10-26T22:00:00Z')).toEqual([
      ['2026-10-24T21:00:00.000Z', 25],
      ['2026-10-25T22:00:00.000Z', 24],
    ])
  })

  test('begin before a change of the clocks, though the period begins after it', () => {
    expect(daysOf(HELSINKI, '2026-10-25T12:00:00Z', '2026-10-25T22:00:00Z')).toEqual([['2026-10-24T21:00:00.000Z', 10]])
  })
})

describe('hours', () => {
  test('that come twice are two, and those that are left out do not come', () => {
    const hours = (from: string, to: string) =>
      slicesOfTime('hour', HELSINKI, { from: at(from), to: at(to) }).entries.map(iso)
    expect(hours('2026-10-24T23:30:00Z', '2026-10-25T02:00:00Z')).toEqual([
      '2026-10-24T23:00:00.000Z',
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T01:00:00.000Z',
    ])
    expect(hours('2026-03-29T00:00:00Z', '2026-03-29T02:00:00Z')).toEqual([
      '2026-03-29T00:00:00.000Z',
      '2026-03-29T01:00:00.000Z',
    ])
  })

  test('begin at a quarter where the zone does, and at the change where clocks change by half an hour', () => {
    const period = { from: at('2026-01-01T00:00:00Z'), to: at('2026-01-01T02:00:00Z') }
    expect(slicesOfTime('hour', 'Asia/Kathmandu', period).entries.map(iso)).toEqual([
      '2025-12-31T23:15:00.000Z',
      '2026-01-01T00:15:00.000Z',
      '2026-01-01T01:15:00.000Z',
    ])
    const change = { from: at('2026-04-04T14:00:00Z'), to: at('2026-04-04T16:30:00Z') }
    expect(slicesOfTime('hour', 'Australia/Lord_Howe', change).entries.map(iso)).toEqual([
      '2026-04-04T14:00:00.000Z',
      '2026-04-04T15:00:00.000Z',
      '2026-04-04T15:30:00.000Z',
    ])
  })
})

const ZONES = ['UTC', HELSINKI, 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns', 'Africa/Casablanca']
const anyPeriod = fc
  .tuple(
    fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') }),
    fc.integer({ min: 1, max: 40 * DAY }),
  )
  .map(([from, ms]) => ({ from, to: from + ms }))

test('slices follow each other without a gap, and their clock is that of Intl, at both ends', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), anyPeriod, (tz, period) => {
      const clock = new Intl.DateTimeFormat('en', { timeZone: tz, hourCycle: 'h23', weekday: 'short', hour: 'numeric' })
      const { entries, slices } = slicesOfWeek(tz, period)
      let next = period.from
      for (const { from, to, entry } of slices) {
        expect(from).toBe(next)
        expect(to).toBeGreaterThan(from)
        next = to
        const { weekday = 0, hour = 0 } = entries[entry] ?? {}
        const shown = `${['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][weekday - 1]} ${String(hour).padStart(2, '0')}`
        expect([from, to - 1].map((one) => clock.format(one).replace(',', ''))).toEqual([shown, shown])
      }
      expect(next).toBe(period.to)
      for (const step of ['hour', 'day'] as const) {
        const series = slicesOfTime(step, tz, period)
        expect(series.slices.at(-1)?.to).toBe(period.to)
        expect(series.entries).toEqual([...new Set(series.entries)].toSorted((one, other) => one - other))
        expect(new Set(series.slices.map(({ entry }) => entry)).size).toBe(series.entries.length)
      }
    }),
    { numRuns: 60 },
  )
})

test.each([
  ['Europe/Helsinki', true],
  ['UTC', true],
  ['Nowhere/City', false],
  ['', false],
])('%j is the name of a time zone: %s', (name, isOne) => {
  expect(isTimeZone(name)).toBe(isOne)
})
