// Instants by the clocks of a zone: the same instant, read back, on any day and when clocks change.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { localDay, localInstants } from '../../../src/query/localInstant.ts'

test.each([
  ['Europe/Helsinki', '2026-11-30T07:15:00.123Z', '2026-11-30T09:15:00+02:00'],
  ['Europe/Helsinki', '2026-07-01T21:30:59.999Z', '2026-07-02T00:30:59+03:00'],
  ['America/St_Johns', '2026-11-30T01:00:00.000Z', '2026-11-29T21:30:00-03:30'],
  ['Asia/Kathmandu', '2026-11-30T01:00:00.000Z', '2026-11-30T06:45:00+05:45'],
  ['UTC', '2026-11-30T01:00:00.000Z', '2026-11-30T01:00:00+00:00'],
  // The hour that comes twice.
  ['Europe/Helsinki', '2026-10-25T00:59:59.000Z', '2026-10-25T03:59:59+03:00'],
  ['Europe/Helsinki', '2026-10-25T01:00:00.000Z', '2026-10-25T03:00:00+02:00'],
])('in %s, %s is %s', (tz, iso, local) => {
  expect(localInstants(tz)(iso)).toBe(local)
})

test('without a zone nothing changes', () => {
  expect(localInstants(undefined)('2026-11-30T07:15:00.123Z')).toBe('2026-11-30T07:15:00.123Z')
})

test('property: it is the same instant, to the second', () => {
  const zone = fc.constantFrom('Europe/Helsinki', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Tehran')
  const seconds = fc.integer({ min: Date.UTC(1975, 0) / 1000, max: Date.UTC(2037, 0) / 1000 })
  fc.assert(
    fc.property(zone, fc.array(seconds, { maxLength: 20 }), (tz, all) => {
      const written = localInstants(tz)
      for (const second of all) {
        expect(Date.parse(written(new Date(second * 1000).toISOString()))).toBe(second * 1000)
      }
    }),
    { numRuns: 200 },
  )
})

test('a day is that of the zone', () => {
  const at = Date.parse('2026-11-30T22:30:00Z')
  expect([localDay(at), localDay(at, 'Europe/Helsinki')]).toEqual(['2026-11-30', '2026-12-01'])
})
