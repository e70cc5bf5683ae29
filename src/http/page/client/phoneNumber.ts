// What the page does with the number of a person outside: calls it, and searches for it.
//
// No I/O. A masked number, or a text that is no number, cannot be called.

const DIALABLE = /^\+?[\d ().\-/]{3,32}$/

/** All notations of a number have so many last digits in common, with or without country code and outside-line digit. */
const COMMON_DIGITS = 9

/** The `tel:` address of a number; undefined if it cannot be dialed. */
export function telUrl(number: string): string | undefined {
  return DIALABLE.test(number) && /\d/.test(number) ? `tel:${number.replace(/[^\d+]/g, '')}` : undefined
}

/** The search text that finds the calls from and to a number, in whatever notation it was dialed. */
export function searchTextOf(number: string): string {
  const digits = number.replace(/\D/g, '')
  return DIALABLE.test(number) && digits.length > COMMON_DIGITS ? digits.slice(-COMMON_DIGITS) : number
}
