// Which texts are numbers that may be dialed, and of which kind they are.

import { expect, test } from 'vitest'
import { digitsOf, kindOf, NUMBER_KINDS } from '../../../src/control/dialable.ts'
import { destinationOf } from '../../../src/numbers/destination.ts'
import { NUMBER_KINDS as SETTING_KINDS } from '../../../src/settings/control.ts'

test('CONTROL_ALLOW knows the kinds that numbers have', () => {
  expect(SETTING_KINDS).toEqual(NUMBER_KINDS)
})

test.each([
  ['102', '102'],
  [' 040 123 4567 ', '0401234567'],
  ['+358 (40) 123-4567', '+358401234567'],
  ['09/310.1691', '093101691'],
])('%s is dialed as %s', (text, digits) => {
  expect(digitsOf(text)).toBe(digits)
})

test.each([
  ...[
    '',
    ' ',
    '+',
    '*72102',
    '#31#102',
    '102,1',
    '102@from-internal',
    'PJSIP/102',
    'SIP/trunk/0600',
    'Local/1@x',
    'anna',
    's',
  ],
  ...['$(id)', '102&103', '1\n2', '+46+47', '00'.repeat(17), '１０２', '***567'],
])('%j is no number that can be dialed', (text) => {
  expect(digitsOf(text)).toBeNull()
})

test.each([
  ['102', 'internal'],
  ['112', 'emergency'],
  ['0401234567', 'mobile'],
  ['093101691', 'national'],
  ['+46701234567', 'international'],
  ['0046701234567', 'international'],
  ['0600123456', 'premium'],
  ['+881612345678', 'satellite'],
  ['0800123456', 'special'],
  ['103', 'special'],
])('%s is %s in an office in Finland with the phones 102 and 112', (digits, kind) => {
  const isPhone = (name: string) => name === '102' || name === '112'
  expect(kindOf(digits, { isPhone, destinationOf: destinationOf('FI') })).toBe(kind)
})
