// Keys that are remembered, and the last digits of numbers.

import fc from 'fast-check'
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min'
import { expect, test } from 'vitest'
import { endOf, mayBeSame, numberMatcher, remembering } from '../../../src/numbers/phoneNumber.ts'

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
  ['0401234567', 567],
  ['+358 40 123 4567', 567],
  ['040-123 45 0 7', 507],
  ['xxxxxxx067', 67],
  ['12', 12],
  ['anonymous', null],
  ['', null],
])('%s ends with %s', (number, end) => expect(endOf(number)).toBe(end))

test.each([
  ['0401234567', '+358 40 123 4567', true],
  ['0401234567', '0401234568', false],
  ['0401234567', '0409994567', false],
  // Too short to say, or masked.
  ['0912345', '+358912345', true],
  ['0912345', '0401212345', true],
  ['xxxxxxx567', '0401234567', true],
  ['xxxxxxx568', '0401234567', false],
])('%s and %s: whether they may be the same', (one, other, may) => {
  expect([mayBeSame(one, other), mayBeSame(other, one)]).toEqual([may, may])
})

test('notations that have the same key may be the same, in every country', () => {
  const anyPlace = fc.record({ country: fc.constantFrom(...getCountries()), digits: fc.stringMatching(/^\d{4,11}$/) })
  const prefixes = ['+', '00', '011', '0', '8', '06', '1', '015', '']
  let sameKeys = 0
  fc.assert(
    fc.property(anyPlace, ({ country, digits }) => {
      const keyOf = numberMatcher(country)
      const code = getCountryCallingCode(country)
      const national = [digits, digits.slice(1), `${digits.slice(0, 3)}15${digits.slice(3)}`]
      const written = [...national, `${code}${digits}`].flatMap((text) => prefixes.map((prefix) => prefix + text))
      const keys = written.map((text) => ({ text, key: keyOf(text) }))
      for (const one of keys) {
        for (const other of keys.filter(({ text, key }) => key === one.key && text !== one.text)) {
          sameKeys += 1
          expect(mayBeSame(one.text, other.text), `${one.text} and ${other.text} are ${one.key}`).toBe(true)
        }
      }
    }),
    { numRuns: 500 },
  )
  expect(sameKeys).toBeGreaterThan(10_000)
})
