// What a search text asks for: a part of a number, in any notation, or a part of a name.
//
// Numbers are compared by their digits: `050 771 9170` finds 0507719170 and +358507719170, and `+358 50 771 9170` finds both too.
// Any other text is searched in numbers and in names. Calls that were offered to an endpoint are found only by its whole name.

/** Digits that a number contains; `international`: it may also have a 0 in place of a country code of one to three digits. */
export interface NumberText {
  readonly kind: 'number'
  readonly significant: string
  readonly international: boolean
}

/** A number contains `text`, or a name contains one of the others: `lower` has small letters for the capitals A to Z only. */
export interface NameText {
  readonly kind: 'name'
  readonly text: string
  readonly lower: string
  readonly capitals: string
}

/** The columns of `calls` that a text is searched in. */
export const SEARCHED_NUMBERS = ['caller', 'callee'] as const
export const SEARCHED_NAMES = ['caller_name', 'queue', 'trunk', 'answered_by'] as const

/** From this length on, the stored number may have a 0 or a country code where the search text has none, or the other way round. */
export const WHOLE_NUMBER_DIGITS = 7

/** Characters of the JSON in `answered_by` that are not part of a name. */
const JSON_CHARACTERS = /["[\],\\]/

/** What a text asks for. */
export function searchText(text: string): NumberText | NameText {
  const digits = digitsOf(text)
  return digits === null
    ? {
        kind: 'name',
        text,
        lower: text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
        capitals: capitalsOf(text),
      }
    : {
        kind: 'number',
        significant: digits.length >= WHOLE_NUMBER_DIGITS ? digits.replace(/^0{1,2}/, '') : digits,
        international: /^\s*(\+|00)/.test(text) && digits.length >= WHOLE_NUMBER_DIGITS,
      }
}

/** Whether a column of names can contain the text as a part of a name. */
export function isSearchedFor(text: string, column: string): boolean {
  return column !== 'answered_by' || !JSON_CHARACTERS.test(text)
}

// Null if the text contains anything but digits and the usual separators of a number.
function digitsOf(text: string): string | null {
  if (!/^\s*\+?[\d\s().\-/]+$/.test(text)) {
    return null
  }
  const digits = text.replace(/\D/g, '')
  return digits === '' ? null : digits
}

function capitalsOf(text: string): string {
  return text.toLowerCase().replace(/(?<=^|\s)\S/gu, (letter) => letter.toUpperCase())
}
