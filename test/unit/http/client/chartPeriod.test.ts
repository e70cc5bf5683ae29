// Which period the charts show, and the filter of one that was dragged over.

import { expect, test } from 'vitest'
import { chartPeriodOf, customPeriod, heatOf } from '../../../../src/http/page/client/chartPeriod.ts'
import { boundsOf } from '../../../../src/http/page/client/filters.ts'

const NOW = new Date(2026, 10, 23, 14, 30)
const DAY = 86_400_000
const local = (...parts: readonly [number, number, number, number?, number?]): number => new Date(...parts).getTime()

test('the period of the page; of all times, the last 30 days', () => {
  const week = { from: local(2026, 10, 17), to: NOW.getTime(), by: 'hour' }
  const month = { from: local(2026, 9, 25), to: NOW.getTime(), by: 'day' }
  expect(chartPeriodOf({ period: 'all', from: '', to: '' }, NOW)).toEqual(month)
  expect(chartPeriodOf({ period: 'week', from: '', to: '' }, NOW)).toEqual(week)
  expect(chartPeriodOf({ period: 'yesterday', from: '', to: '' }, NOW)).toEqual({
    ...{ from: local(2026, 10, 22), to: local(2026, 10, 23), by: 'hour' },
  })
  expect(chartPeriodOf({ period: 'month', from: '', to: '' }, NOW)).toMatchObject({ by: 'day' })
})

test('an open or impossible period has a day, an endless one is cut', () => {
  const custom = (from: string, to: string) => chartPeriodOf({ period: 'custom', from, to }, NOW)
  expect(custom('', '2026-11-20T10:00')).toEqual({
    from: local(2026, 10, 19, 10),
    to: local(2026, 10, 20, 10),
    by: 'hour',
  })
  expect(custom('2026-11-21T10:00', '2026-11-20T10:00').from).toBe(local(2026, 10, 19, 10))
  expect(custom('2026-11-23T10:00', '')).toEqual({ from: local(2026, 10, 23, 10), to: NOW.getTime(), by: 'hour' })
  expect(custom('0001-01-01T00:00', '')).toEqual({ from: NOW.getTime() - 800 * DAY, to: NOW.getTime(), by: 'day' })
})

test('a period that was dragged over is a filter of whole minutes', () => {
  const filter = customPeriod(local(2026, 10, 2, 9, 5) + 31_000, local(2026, 10, 3, 17))
  expect(filter).toEqual({ period: 'custom', from: '2026-11-02T09:05', to: '2026-11-03T17:00' })
  expect(boundsOf(filter, NOW)).toEqual({
    from: new Date(2026, 10, 2, 9, 5).toISOString(),
    to: new Date(2026, 10, 3, 17).toISOString(),
  })
})

test('heat has eight steps; a single call is not cold', () => {
  expect([0, 1, 10, 50, 99, 100].map((calls) => heatOf(calls, 100))).toEqual([0, 1, 1, 4, 7, 7])
  expect(heatOf(0, 0)).toBe(0)
})
