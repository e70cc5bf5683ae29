// What a person types to find a call -> the condition that finds it: a part of a number, however it is written, or of a name.
//
// Numbers are compared by their digits alone: `050 771 9170` finds 0507719170 and +358507719170, and `+358 50 771 9170` finds
// both too. Anything else is looked for in numbers and in the names that a list shows. Whom a call was offered to is found by the
// whole name of the endpoint. Values are bound, never written in.

/** A condition on columns of `calls`, and what to bind to it. */
export interface TextSearch {
  readonly sql: string
  readonly columns: readonly string[]
  readonly values: Readonly<Record<string, string>>
}

const NUMBERS = ['caller', 'callee'] as const
const NAMES = ['caller_name', 'queue', 'trunk', 'answered_by'] as const
/** What belongs to the list that `answered_by` is, not to its names. */
const LIST_SIGNS = /["[\],\\]/

/** From so many digits on, a leading 0 or a country code may be missing where the call was written. */
const WHOLE_NUMBER = 7

/** The search for what was typed. */
export function textSearch(text: string): TextSearch {
  const digits = digitsOf(text)
  const { sql, columns, values } = digits === null ? nameSearch(text) : numberSearch(text, digits)
  return { sql: `(${sql} OR ${IS_OFFERED_TO})`, columns, values: { ...values, endpoint: text.trim() } }
}

// Found once for the whole search, along an index.
const IS_OFFERED_TO = `id IN (SELECT call_id FROM legs INDEXED BY legs_by_operator
  WHERE endpoint = @endpoint AND call_start_time >= @from AND call_start_time < @to)`

function numberSearch(text: string, digits: string): TextSearch {
  const international = /^\s*(\+|00)/.test(text) && digits.length >= WHOLE_NUMBER
  const significant = digits.length >= WHOLE_NUMBER ? digits.replace(/^0{1,2}/, '') : digits
  const conditions = NUMBERS.flatMap((column) => [
    `instr(${column}, @significant)`,
    // Written without the country code, of one to three digits, and with a 0 instead.
    ...(international
      ? [
          `(length(${column}) >= ${WHOLE_NUMBER} AND substr(${column}, 1, 1) = '0'
            AND length(@significant) - length(${column}) BETWEEN 0 AND 2
            AND substr(@significant, 1 - length(${column})) = substr(${column}, 2))`,
        ]
      : []),
  ])
  return { sql: conditions.join(' OR '), columns: NUMBERS, values: { significant } }
}

function nameSearch(text: string): TextSearch {
  const inNumbers = NUMBERS.map((column) => `instr(${column}, @text)`)
  // SQLite knows the case of ASCII letters only; other names mostly begin with a capital.
  const names = NAMES.filter((column) => column !== 'answered_by' || !LIST_SIGNS.test(text))
  const inNames = names.flatMap((column) => [`instr(lower(${column}), @lower)`, `instr(${column}, @capitals)`])
  return {
    sql: [...inNumbers, ...inNames].join(' OR '),
    columns: [...NUMBERS, ...names],
    values: {
      text,
      lower: text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
      capitals: capitalsOf(text),
    },
  }
}

// Null when it is more than a number and the signs that people put into one.
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
