// The names of CSV files.

import { expect, test } from 'vitest'
import { csvName } from '../../../src/http/api/csvName.ts'

const NOW = Date.parse('2026-11-30T12:00:00Z')
const at = (text: string): number => Date.parse(text)

test.each([
  ['calls.csv', {}],
  ['calls-missed-2026-11-23_2026-11-30.csv', { missed: true, from: at('2026-11-22T22:00:00Z') }],
  ['calls-2026-11-29.csv', { from: at('2026-11-28T22:00:00Z'), to: at('2026-11-29T22:00:00Z') }],
  ['calls-until-2026-11-29.csv', { missed: false, to: at('2026-11-29T22:00:00Z') }],
  ['calls-inbound-outbound-sales-2026-11-30.csv', { direction: ['inbound', 'outbound'], queue: 'sales', from: NOW }],
  ['calls-101-trunk-a.csv', { operator: '101', trunk: 'trunk-a' }],
  // Nothing of a name may end the header, or be a path.
  ['calls.csv', { queue: 'a"; x="', operator: '../etc', trunk: `${'x'.repeat(33)}` }],
  ['calls-2027-01-02.csv', { from: at('2027-01-02T10:00:00Z') }],
] as const)('%s', (name, filter) => {
  expect(csvName('calls', filter, { tz: 'Europe/Helsinki', now: NOW })).toBe(name)
})
