// Converts a search text (query/searchText.ts) to an SQL condition. Values are bound, never written into the SQL.

import {
  isSearchedFor,
  type NameText,
  type NumberText,
  SEARCHED_NAMES,
  SEARCHED_NUMBERS,
  searchText,
} from '../../query/searchText.ts'

/** A condition on columns of a table, and its values. */
export interface TextSearch {
  readonly sql: string
  readonly columns: readonly string[]
  readonly values: Readonly<Record<string, string>>
}

/** The columns of a table that contain numbers, and those that contain names. */
export interface SearchedColumns {
  readonly numbers: readonly string[]
  readonly names: readonly string[]
}

/** The condition for a search text in these columns. */
export function textCondition(text: string, columns: SearchedColumns): TextSearch {
  const asked = searchText(text)
  return asked.kind === 'name' ? nameSearch(asked, columns) : numberSearch(asked, columns.numbers)
}

/** The condition for a search text in `calls`. */
export function textSearch(text: string): TextSearch {
  const { endpoint } = searchText(text)
  const { sql, columns, values } = textCondition(text, { numbers: SEARCHED_NUMBERS, names: SEARCHED_NAMES })
  return endpoint === null
    ? { sql: `(${sql})`, columns, values }
    : { sql: `(${sql} OR ${IS_OFFERED_TO})`, columns, values: { ...values, endpoint } }
}

// SQLite runs this subquery once per search, on an index.
const IS_OFFERED_TO = `id IN (SELECT call_id FROM legs INDEXED BY legs_by_operator
  WHERE endpoint = @endpoint AND call_start_time >= @from AND call_start_time < @to)`

function numberSearch({ endings }: NumberText, numbers: readonly string[]): TextSearch {
  const values = Object.fromEntries(endings.map((ending, index) => [`ending${index}`, ending]))
  const conditions = numbers.flatMap((column) =>
    Object.keys(values).map((name) => `substr(${column}, -length(@${name})) = @${name}`),
  )
  return { sql: conditions.join(' OR '), columns: numbers, values }
}

function nameSearch({ text, lower, capitals }: NameText, { numbers, names: all }: SearchedColumns): TextSearch {
  const inNumbers = numbers.map((column) => `instr(${column}, @text)`)
  // SQLite's lower() changes only ASCII letters. Names in other alphabets usually start with a capital letter.
  const names = all.filter((column) => isSearchedFor(text, column))
  const inNames = names.flatMap((column) => [`instr(lower(${column}), @lower)`, `instr(${column}, @capitals)`])
  return {
    sql: [...inNumbers, ...inNames].join(' OR '),
    columns: [...numbers, ...names],
    values: { text, lower, capitals },
  }
}
