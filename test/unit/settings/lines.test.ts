// The setting LINES: numbers and names, of which one fits each number.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSetting, settingProblem } from '../../../src/config.ts'
import { overlap } from '../../../src/settings/lines.ts'
import { SETTINGS } from '../../../src/settings/settings.ts'

const { lines } = SETTINGS.calls

test('numbers and globs, several for one name', () => {
  expect(
    readSetting({ LINES: ' 5550101=Sales, 55502*=Support , +358401?=After hours, 5550300=Sales,' }, lines),
  ).toEqual([
    { pattern: '5550101', name: 'Sales' },
    { pattern: '55502*', name: 'Support' },
    { pattern: '+358401?', name: 'After hours' },
    { pattern: '5550300', name: 'Sales' },
  ])
  expect(readSetting({}, lines)).toEqual([])
})

test.each([
  ['5550101', 'numbers and names such as 5550101=Sales,55502*=Support; "5550101" is not a number and a name'],
  ['5550101=', 'numbers and names such as 5550101=Sales,55502*=Support; "5550101=" is not a number and a name'],
  ['=Sales', 'numbers and names such as 5550101=Sales,55502*=Support; "=Sales" is not a number and a name'],
  ['5 5=Sales', 'numbers and names such as 5550101=Sales,55502*=Support; "5 5=Sales" is not a number and a name'],
  ['5550101=A,5550101=B', 'each number once; "5550101" is given twice'],
  ['555*=A,5550101=B', 'patterns of which one fits each number; "555*" and "5550101" fit the same ones'],
  ['5*1=A,3=C,?5*=B', 'patterns of which one fits each number; "5*1" and "?5*" fit the same ones'],
  [`1=${'x'.repeat(65)}`, 'names of at most 64 characters'],
  [
    Array.from({ length: 101 }, (_, index) => `${1000 + index}=A`).join(','),
    'at most 100 of them; a glob such as 55502* covers many numbers',
  ],
])('%s is refused', (text, wanted) => {
  expect(settingProblem({ LINES: text }, lines)).toBe(`LINES is "${text}": give ${wanted}`)
})

test('globs overlap exactly if some text fits both', () => {
  const letter = fc.constantFrom('1', '2', '*', '?')
  const glob = fc.string({ unit: letter, minLength: 1, maxLength: 5 })
  const fits = (pattern: string) => new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
  const texts = Array.from({ length: 9 }, (_, length) =>
    Array.from({ length: 2 ** length }, (__, bits) => bits.toString(2).padStart(length, '0').slice(0, length)),
  )
    .flat()
    .map((text) => text.replaceAll('0', '2'))
  fc.assert(
    fc.property(glob, glob, (one, other) => {
      const [a, b] = [fits(one), fits(other)]
      expect([one, other, overlap(one, other)]).toEqual([
        one,
        other,
        texts.some((text) => a.test(text) && b.test(text)),
      ])
    }),
    { numRuns: 500 },
  )
})
