// Keys that are remembered, and the last digits of numbers.

import { expect, test } from 'vitest'
import { endOf, remembering } from '../../../src/numbers/phoneNumber.ts'

test('a key is derived once while its number is among the latest', () => {
  const derived: string[] = []
  const keyOf = remembering((number) => {
    derived.push(number)
    return number === 'anonymous' ? null : `key ${number}`
  }, 2)
  const asked = ['1', '1', 'anonymous', 'anonymous', '1', '2', '1']
  expect(asked.map(keyOf)).toEqual(['key 1', 'key 1', null, null, 'key 1', 'key 2', 'key 1'])
  expect(derived).toEqual(['1', 'anonymous', '2', '1'])
})

test.each([
  ['0401234567', '567'],
  ['+358 40 123 4567', '567'],
  ['040-123 45 6 7', '567'],
  ['xxxxxxx567', '567'],
  ['12', '12'],
  ['anonymous', ''],
  ['', ''],
])('%s ends with %s', (number, end) => expect(endOf(number)).toBe(end))
