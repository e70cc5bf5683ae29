// Classes of dialed numbers: in every notation as libphonenumber-js says, from a closed list whatever was dialed.

import fc from 'fast-check'
import { type CountryCode, type PhoneNumberType, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { describe, expect, test } from 'vitest'
import { DESTINATION_CLASSES, type DestinationClass } from '../../../src/call/event.ts'
import { destinationOf } from '../../../src/numbers/destination.ts'
import { emergencyNumbersOf } from '../../../src/numbers/emergencyNumbers.ts'

/** What the international call begins with, the national trunk prefix, and numbers in E.164 form. */
interface Plan {
  readonly country: CountryCode
  readonly international: string
  readonly trunkPrefix: string
  readonly callingCode: string
  readonly numbers: readonly string[]
}

const PLANS: readonly Plan[] = [
  plan('FI', '00', '0', '358', ['401234567', '931512345', '600123456', '800123456', '29414123']),
  plan('DE', '00', '0', '49', ['15123456789', '30123456', '9001234567', '8001234567', '18012345678']),
  plan('GB', '00', '0', '44', ['7400123456', '2079460018', '9012345678', '8001234567', '7012345678']),
  plan('US', '011', '1', '1', ['2015550123', '8002345678', '9002345678', '5002345678']),
  plan('RU', '810', '8', '7', ['9123456789', '4957654321', '8001234567', '8091234567']),
  plan('FR', '00', '0', '33', ['612345678', '123456789', '891123456', '801234567']),
  plan('IT', '00', '', '39', ['3123456789', '0612345678', '899123456', '800123456']),
  plan('ES', '00', '', '34', ['612345678', '810123456', '803123456', '900123456']),
  plan('BR', '0015', '0', '55', ['11961234567', '1123456789', '800123456']),
  plan('JP', '010', '0', '81', ['9012345678', '312345678', '990123456', '120123456']),
  plan('AU', '0011', '0', '61', ['412345678', '212345678', '1900123456', '1800123456', '1300123456']),
  plan('IN', '00', '0', '91', ['8123456789', '7410410123', '1861123456789', '1800123456']),
]

function plan(
  country: CountryCode,
  international: string,
  trunkPrefix: string,
  code: string,
  numbers: readonly string[],
): Plan {
  return {
    country,
    international,
    trunkPrefix,
    callingCode: code,
    numbers: numbers.map((number) => `+${code}${number}`),
  }
}

const CLASS_AT_HOME: Readonly<Record<PhoneNumberType, DestinationClass>> = {
  FIXED_LINE: 'national',
  FIXED_LINE_OR_MOBILE: 'national',
  VOIP: 'national',
  MOBILE: 'mobile',
  PREMIUM_RATE: 'premium',
  TOLL_FREE: 'special',
  SHARED_COST: 'special',
  UAN: 'special',
  PERSONAL_NUMBER: 'special',
  PAGER: 'special',
  VOICEMAIL: 'special',
}

describe.each(PLANS.map((from) => [from.country, from] as const))('dialed in %s', (_, from) => {
  const classify = destinationOf(from.country)

  test.each(from.numbers)('%s is classed as its type in every notation', (number) => {
    const subscriber = number.slice(1 + from.callingCode.length)
    const complete = [number, from.international + number.slice(1), from.trunkPrefix + subscriber].map(
      (written) => [written, parsePhoneNumberFromString(number)] as const,
    )
    // Digits alone can be read in two ways: as the library does, first as a number of the country.
    const bare = [number.slice(1), subscriber].map((written) => {
      const inside = parsePhoneNumberFromString(written, from.country)
      return [written, inside?.isValid() === true ? inside : parsePhoneNumberFromString(`+${written}`)] as const
    })
    for (const [written, understood] of [...complete, ...bare]) {
      const type = understood?.getType()
      expect([written, type]).toEqual([written, expect.any(String)])
      expect([written, classify(written)]).toEqual([
        written,
        { class: type === undefined ? 'unknown' : CLASS_AT_HOME[type], country: '' },
      ])
    }
  })

  test('numbers of all other countries are international, or premium, in every notation', () => {
    for (const { country, numbers } of PLANS.filter((to) => to !== from)) {
      for (const number of numbers) {
        const isPremium = parsePhoneNumberFromString(number)?.getType() === 'PREMIUM_RATE'
        const isNorthAmerican = number.startsWith('+1') && parsePhoneNumberFromString(number)?.country !== country
        const expected = isPremium ? { class: 'premium', country: '' } : { class: 'international', country }
        const notations = [number, from.international + number.slice(1), `00${number.slice(1)}`]
        if (!isNorthAmerican) {
          expect(notations.map((written) => [written, classify(written)])).toEqual(
            notations.map((written) => [written, expected]),
          )
        }
      }
    }
  })
})

test('every class has an example', () => {
  const inFinland = destinationOf('FI')
  const classes = ['112', '09 310 1691', '040-1234567', '+372 5123456', '0600123456', '+881612345678', '118', 'anna']
  expect(classes.map((number) => inFinland(number).class)).toEqual([
    'emergency',
    'national',
    'mobile',
    'international',
    'premium',
    'satellite',
    'special',
    'unknown',
  ])
})

test.each([
  ['FI', '+870773123456', 'satellite', ''],
  ['FI', '0088216123456', 'satellite', ''],
  ['FI', '+8835100123456', 'satellite', ''],
  ['FI', '881612345678', 'satellite', ''],
  ['FI', '+979123456789', 'premium', ''],
  ['FI', '+80012345678', 'special', ''],
  // A range that nobody was given is abroad all the same; the first country of a shared code stands for it.
  ['FI', '+44900123456', 'international', 'GB'],
  ['FI', '+99999999999', 'unknown', ''],
  ['FI', '+49', 'unknown', ''],
  ['FI', '00000000000000', 'unknown', ''],
  // Åland is a part of the Finnish plan; Kazakhstan and Jamaica are abroad in theirs.
  ['FI', '018 12345', 'national', ''],
  ['RU', '87012345678', 'international', 'KZ'],
  ['KZ', '84957654321', 'international', 'RU'],
  ['US', '8765551234', 'international', 'JM'],
  ['US', '18765551234', 'international', 'JM'],
  ['CA', '18002345678', 'special', ''],
  ['GB', '01534 456789', 'national', ''],
  ['FI', '3725123456', 'international', 'EE'],
  ['BR', '00358401234567', 'international', 'FI'],
  ['BR', '0015358401234567', 'international', 'FI'],
  ['US', '911', 'emergency', ''],
  ['US', '411', 'special', ''],
  ['RU', '103', 'emergency', ''],
  ['PL', '103', 'special', ''],
  ['FI', '*31#0401234567', 'unknown', ''],
  ['FI', '', 'unknown', ''],
  ['FI', '+', 'unknown', ''],
  ['FI', '9'.repeat(64), 'unknown', ''],
  ['FI', '+358112', 'unknown', ''],
  ['AQ', '112', 'emergency', ''],
])('in %s, %s is %s %s', (country, number, expected, where) => {
  expect(destinationOf(country)(number)).toEqual({ class: expected, country: where })
})

test.each([
  ['+358401234567', 'international', 'FI'],
  ['00358401234567', 'international', 'FI'],
  ['+4490123456789', 'international', 'GB'],
  ['+449012345678', 'premium', ''],
  ['+881612345678', 'satellite', ''],
  ['0401234567', 'unknown', ''],
  ['011358401234567', 'unknown', ''],
  ['118', 'unknown', ''],
  ['112', 'emergency', ''],
  ['000', 'emergency', ''],
])('without a country, %s is %s %s', (number, expected, where) => {
  expect(destinationOf(null)(number)).toEqual({ class: expected, country: where })
})

test('emergency numbers are short, and none is a number that somebody could have', () => {
  const countries = [null, 'FI', 'US', 'GB', 'DE', 'FR', 'AU', 'JP', 'BR', 'IN', 'ZA', 'PK', 'TH', 'OM']
  for (const country of countries) {
    const numbers = [...emergencyNumbersOf(country)]
    expect(numbers.length).toBeGreaterThan(0)
    for (const number of numbers) {
      expect([country, number]).toEqual([country, expect.stringMatching(/^\d{2,5}$/)])
      expect([number, destinationOf(country)(number).class]).toEqual([number, 'emergency'])
      expect([
        number,
        country !== null && parsePhoneNumberFromString(number, country as CountryCode)?.isValid(),
      ]).toEqual([number, false])
    }
  }
})

test('whatever was dialed has a class of the list, and a country only abroad', () => {
  const classifiers = [null, 'FI', 'US', 'RU', 'BR', 'AQ', ''].map(destinationOf)
  const dialed = fc.oneof(
    fc.string({ maxLength: 80 }),
    fc.stringMatching(/^[+*#]?[0-9 ()./-]{0,70}$/),
    fc.stringMatching(/^(\+|00|011|810|0|)[0-9]{0,18}$/),
  )
  fc.assert(
    fc.property(dialed, (number) => {
      for (const classify of classifiers) {
        const found = classify(number)
        expect(DESTINATION_CLASSES).toContain(found.class)
        expect(found.country).toMatch(found.class === 'international' ? /^([A-Z]{2})?$/ : /^$/)
        expect(classify(number)).toEqual(found)
      }
    }),
    { numRuns: 2_000 },
  )
})
