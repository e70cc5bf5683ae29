// Which notations of a phone number are the same number.
//
// Uses the smallest metadata of libphonenumber-js: it knows the lengths and prefixes of all countries, which is all that the E.164 form
// needs. A number that belongs to no country is compared by its last digits.

import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** Numbers of different notations have at least so many last digits in common; shorter numbers are compared as a whole. */
const COMPARED_DIGITS = 9

/** So many digits are left of a masked number. */
const COMPARED_END = 3

/** Numbers of at least so many digits have that many last digits in common in all notations: at most prefixes differ. */
const WHOLE_DIGITS = 8
const WHOLE_END = 6

const ZERO = '0'.charCodeAt(0)

/** Longer than any number with its extension. */
const MAX_LENGTH = 64

/** Returns a text that is equal for all notations of a number; null if the text is no number (`anonymous`). */
export type KeyOfNumber = (number: string) => string | null

/** Whether this is the ISO 3166 code of a country with phone numbers. */
export function isCountry(code: string): code is CountryCode {
  return isSupportedCountry(code)
}

/** With a country, by the E.164 form, in which national numbers are those of this country; without, by the last nine digits. */
export function numberMatcher(country: string | null): KeyOfNumber {
  const defaultCountry = country !== null && isCountry(country) ? country : null
  return (text) => {
    if (!isNumber(text)) {
      return null
    }
    const digits = text.replace(/\D/g, '')
    const number = defaultCountry === null ? null : internationalOf(text, digits, defaultCountry)
    return number ?? digits.slice(-COMPARED_DIGITS)
  }
}

/** The same function, without computing the results of the latest `most` numbers again: who calls again writes the number as before. */
export function remembering<Result extends object | string | null>(
  of: (text: string) => Result,
  most: number,
): (text: string) => Result {
  const known = new Map<string, Result>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) {
      return found
    }
    const result = of(text)
    const [oldest] = known.size < most ? [] : known.keys()
    if (oldest !== undefined) {
      known.delete(oldest)
    }
    known.set(text, result)
    return result
  }
}

/** Whether the text can be a number: digits and the usual separators of a number. */
export function isNumber(text: string): boolean {
  return text.length <= MAX_LENGTH && /^\s*\+?[\d\s().\-/]+$/.test(text) && /\d/.test(text)
}

/**
 * The last three digits of a number, masked or not, as a whole number; null without digits. Numbers that are the same end alike, so that
 * others need not be compared.
 */
export function endOf(number: string): number | null {
  return lastDigits(number, COMPARED_END, 1)
}

/** More of the last digits, if the number has enough of them; null of a short or masked one. Long numbers that are the same have the same. */
export function longEndOf(number: string): number | null {
  return lastDigits(number, WHOLE_END, WHOLE_DIGITS)
}

/** The last `most` digits; null of a text with fewer than `least`. Every call asks this: no part of the text is copied. */
function lastDigits(text: string, most: number, least: number): number | null {
  let value = 0
  let scale = 1
  let found = 0
  for (let index = text.length - 1; index >= 0 && found < Math.max(most, least); index -= 1) {
    const digit = text.charCodeAt(index) - ZERO
    if (digit >= 0 && digit <= 9) {
      value += found < most ? digit * scale : 0
      scale *= 10
      found += 1
    }
  }
  return found < least ? null : value
}

/** False if the two cannot be the same number; much faster than to derive their keys. */
export function mayBeSame(one: string, other: string): boolean {
  if (one === other) {
    return true
  }
  const [long, otherLong] = [longEndOf(one), longEndOf(other)]
  return long === null || otherLong === null ? endOf(one) === endOf(other) : long === otherLong
}

/**
 * The number in the dial string of a leg: `0401234567@trunk-a`, `trunk-a/sip:0401234567@host` and `g1/0401234567` contain one;
 * a string that is only an endpoint's name is returned as it is.
 */
export function dialedNumber(dialString: string): string {
  const written = dialString.slice(dialString.lastIndexOf('/') + 1).replace(/^sips?:/, '')
  return written.split(/[@;]/)[0] ?? written
}

function internationalOf(text: string, digits: string, country: CountryCode): string | null {
  // A trunk may leave out the plus sign of a foreign number. Digits alone need not be searched for a number, which takes half the time.
  const international = `+${digits}`
  for (const written of text.trimStart().startsWith('+') ? [international] : [digits, international]) {
    const number = parsePhoneNumberFromString(written, { defaultCountry: country, extract: false })
    if (number?.isValid() === true) {
      return number.number
    }
  }
  return null
}
