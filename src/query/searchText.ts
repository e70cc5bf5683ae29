// What a search text asks for: a number, in any notation, or a part of a name.
//
// Numbers are found by how they end: `050 771 9170` finds 0507719170, +358507719170 and, with a digit for an outside line, 90507719170;
// `+358 50 771 9170` finds them too; `101` finds the extension, and `9170` the numbers of which somebody knows the last digits. An index can
// have numbers by their last digits, and none has all their parts. Any other text is searched in numbers and in names. Calls that were
// offered to an endpoint are found by its whole name, unless that is as long as a whole number.

/** Calls that were offered to the endpoint of this name are found, too; null for a whole number, which is the name of none. */
type OfferedTo = string | null

/** A number that ends with one of `endings`. */
export interface NumberText {
  readonly kind: 'number'
  readonly endings: readonly string[]
  /** All of them end with it. */
  readonly common: string
  readonly endpoint: OfferedTo
}

/** A number contains `text`, or a name contains one of the others: `lower` has small letters for the capitals A to Z only. */
export interface NameText {
  readonly kind: 'name'
  readonly text: string
  readonly lower: string
  readonly capitals: string
  readonly endpoint: OfferedTo
}

/** The columns of `calls` that a text is searched in. */
export const SEARCHED_NUMBERS = ['caller', 'callee'] as const
export const SEARCHED_NAMES = ['caller_name', 'queue', 'trunk', 'answered_by'] as const

/** From so many digits on, the stored number may have a 0 or a country code where the search text has none, or the other way round. */
const WHOLE_NUMBER_DIGITS = 7

/** Digits of the shortest and the longest country code. */
const COUNTRY_CODE_DIGITS = [1, 2, 3] as const

/** Characters of the JSON in `answered_by` that are not part of a name. */
const JSON_CHARACTERS = /["[\],\\]/

/** `*97`, `*21#`, and a masked number: `*******567`. */
const FEATURE_CODE = /^(?=.*[*#])(?=.*\d)[\d*#]+$/

/** What a text asks for. */
export function searchText(text: string): NumberText | NameText {
  const written = text.trim()
  if (FEATURE_CODE.test(written)) {
    const endpoint = written.length >= WHOLE_NUMBER_DIGITS ? null : written
    return { kind: 'number', endings: [written], common: written, endpoint }
  }
  const digits = digitsOf(written)
  if (digits === null) {
    return nameText(text, written)
  }
  if (digits.length >= WHOLE_NUMBER_DIGITS) {
    return wholeNumber(digits.replace(/^0{1,2}/, ''), /^(\+|00)/.test(written))
  }
  // A plus sign is where a number begins, and these are too few digits for the whole of it.
  return written.startsWith('+')
    ? nameText(`+${digits}`, written)
    : { kind: 'number', endings: [digits], common: digits, endpoint: written }
}

function nameText(text: string, endpoint: string): NameText {
  return {
    kind: 'name',
    text,
    lower: text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
    capitals: capitalsOf(text),
    endpoint,
  }
}

// With a country code, the stored number may have a 0 in its place.
function wholeNumber(significant: string, isInternational: boolean): NumberText {
  const nationals = (isInternational ? COUNTRY_CODE_DIGITS : [])
    .map((length) => `0${significant.slice(length)}`)
    .filter((number) => number.length >= WHOLE_NUMBER_DIGITS)
  const common = nationals.at(-1)?.slice(1) ?? significant
  return { kind: 'number', endings: [significant, ...nationals], common, endpoint: null }
}

/** Whether a column of names can contain the text as a part of a name. */
export function isSearchedFor(text: string, column: string): boolean {
  return column !== 'answered_by' || !JSON_CHARACTERS.test(text)
}

// Null if the text contains anything but digits and the usual separators of a number.
function digitsOf(text: string): string | null {
  if (!/^\+?[\d\s().\-/]+$/.test(text)) {
    return null
  }
  const digits = text.replace(/\D/g, '')
  return digits === '' ? null : digits
}

function capitalsOf(text: string): string {
  return text.toLowerCase().replace(/(?<=^|\s)\S/gu, (letter) => letter.toUpperCase())
}
