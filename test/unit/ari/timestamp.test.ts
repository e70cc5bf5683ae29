// Parsing of Asterisk’s timestamps, compared with the platform’s Date.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTimestamp } from '../../../src/ari/timestamp.ts'

const TEN_THOUSAND_YEARS = {
  min: new Date('0001-01-02T00:00:00Z'),
  max: new Date('9998-12-30T00:00:00Z'),
  noInvalidDate: true,
}

function asteriskText(date: Date, offsetMinutes: number): string {
  const local = new Date(date.getTime() + offsetMinutes * 60_000).toISOString().replace('Z', '')
  const minutes = Math.abs(offsetMinutes)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`
}

test('parses Asterisk’s format', () => {
  expect(parseTimestamp('2026-11-23T07:08:26.933+0000')).toBe(Date.parse('2026-11-23T07:08:26.933Z'))
  expect(parseTimestamp('2026-11-23T16:08:26.933+0900')).toBe(Date.parse('2026-11-23T07:08:26.933Z'))
  expect(parseTimestamp('2026-11-23T01:38:26.933-0530')).toBe(Date.parse('2026-11-23T07:08:26.933Z'))
  expect(parseTimestamp('2026-11-23T16:08:26.933+09:00')).toBe(Date.parse('2026-11-23T07:08:26.933Z'))
  expect(parseTimestamp('2028-02-29T00:00:00.000Z')).toBe(Date.parse('2028-02-29T00:00:00.000Z'))
})

test('agrees with Date for every instant and offset', () => {
  fc.assert(
    fc.property(fc.date(TEN_THOUSAND_YEARS), fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, offset) => {
      expect(parseTimestamp(asteriskText(date, offset))).toBe(date.getTime())
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  '',
  'now',
  '2026-11-23',
  '2026-11-23T07:08:26.933',
  '2026-11-23T07:08:26+0000',
  '2026-11-23T07:08:26.933+000',
  '2026-11-23T07:08:26.933+00000',
  '2026-11-23T07:08:26.933Zulu',
  '2026-13-23T07:08:26.933+0000',
  '2026-00-23T07:08:26.933+0000',
  '2026-02-29T07:08:26.933+0000',
  '2100-02-29T07:08:26.933+0000',
  '2026-11-31T07:08:26.933+0000',
  '2026-11-00T07:08:26.933+0000',
  '2026-11-23T24:08:26.933+0000',
  '2026-11-23T07:60:26.933+0000',
  '2026-11-23T07:08:60.933+0000',
  '2026-11-23T07:08:26.933+2400',
  '2026-11-23 07:08:26.933+0000',
  '2026/11-23T07:08:26.933+0000',
  ' 026-11-23T07:08:26.933+0000',
])('rejects "%s"', (text) => {
  expect(parseTimestamp(text)).toBeNaN()
})
