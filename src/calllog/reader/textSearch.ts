// Converts a search text to an SQL condition: a part of a number, in any notation, or a part of a name.
//
// Numbers are compared by their digits: `050 771 9170` finds 0507719170 and +358507719170, and `+358 50 771 9170` finds both too.
// Any other text is searched in numbers and in the names that a list shows. Calls that were offered to an endpoint are found only by
// its whole name. Values are bound, never written into the SQL.

/** A condition on columns of a table, and its values. */
export interface TextSearch {
  readonly sql: string
  readonly columns: readonly string[]
  readonly values: Readonly<Record<string, string>>
}

const NUMBERS = ['caller', 'callee'] as const
const NAMES = ['caller_name', 'queue', 'trunk', 'answered_by'] as const
/** Characters of the JSON in `answered_by` that are not part of a name. */
const JSON_CHARACTERS = /["[\],\\]/

/** From this length on, the stored number may have a 0 or a country code where the search text has none, or the other way round. */
const WHOLE_NUMBER_DIGITS = 7

/** The columns of a table that contain numbers, and those that contain names. */
export interface SearchedColumns {
  readonly numbers: readonly string[]
  readonly names: readonly string[]
}

/** The condition for a search text in these columns. */
export function textCondition(text: string, columns: SearchedColumns): TextSearch {
  const digits = digitsOf(text)
  return digits === null ? nameSearch(text, columns) : numberSearch(text, digits, columns.numbers)
}

/** The condition for a search text in `calls`. */
export function textSearch(text: string): TextSearch {
  const { sql, columns, values } = textCondition(text, { numbers: NUMBERS, names: NAMES })
  return { sql: `(${sql} OR ${IS_OFFERED_TO})`, columns, values: { ...values, endpoint: text.trim() } }
}

// SQLite runs this subquery once per search, on an index.
const IS_OFFERED_TO = `id IN (SELECT call_id FROM legs INDEXED BY legs_by_operator
  WHERE endpoint = @endpoint AND call_start_time >= @from AND call_start_time < @to)`

function numberSearch(text: string, digits: string, numbers: readonly string[]): TextSearch {
  const international = /^\s*(\+|00)/.test(text) && digits.length >= WHOLE_NUMBER_DIGITS
  const significant = digits.length >= WHOLE_NUMBER_DIGITS ? digits.replace(/^0{1,2}/, '') : digits
  const conditions = numbers.flatMap((column) => [
    `instr(${column}, @significant)`,
    // The stored number has a 0 in place of a country code of one to three digits.
    ...(international
      ? [
          `(length(${column}) >= ${WHOLE_NUMBER_DIGITS} AND substr(${column}, 1, 1) = '0'
            AND length(@significant) - length(${column}) BETWEEN 0 AND 2
            AND substr(@significant, 1 - length(${column})) = substr(${column}, 2))`,
        ]
      : []),
  ])
  return { sql: conditions.join(' OR '), columns: numbers, values: { significant } }
}

function nameSearch(text: string, { numbers, names: all }: SearchedColumns): TextSearch {
  const inNumbers = numbers.map((column) => `instr(${column}, @text)`)
  // SQLite's lower() changes only ASCII letters. Names in other alphabets usually start with a capital letter.
  const names = all.filter((column) => column !== 'answered_by' || !JSON_CHARACTERS.test(text))
  const inNames = names.flatMap((column) => [`instr(lower(${column}), @lower)`, `instr(${column}, @capitals)`])
  return {
    sql: [...inNumbers, ...inNames].join(' OR '),
    columns: [...numbers, ...names],
    values: {
      text,
      lower: text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
      capitals: capitalsOf(text),
    },
  }
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
