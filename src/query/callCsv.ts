// Calls as CSV: RFC 4180, and harmless in a spreadsheet.
//
// Pure. A caller's name is whatever the caller likes, and a spreadsheet takes a cell that begins with `=` or `@` for a
// formula; such a cell gets an apostrophe in front. A plain number with its sign (`+358401234567`) is left as it is.

import { LISTED } from './callFields.ts'
import type { CallEntry } from './schema.ts'

const NAMES = Object.keys(LISTED) as readonly (keyof typeof LISTED)[]
const BEFORE_TRIED = NAMES.indexOf('merged_into') + 1

/** The columns, in their order: all fields of an entry. A column never changes its place, so new ones come last. */
export const CSV_COLUMNS: readonly (keyof CallEntry)[] = [
  'id',
  ...NAMES.slice(0, BEFORE_TRIED),
  'tried',
  ...NAMES.slice(BEFORE_TRIED),
]

/** The header row. */
export const CSV_HEADER = `${CSV_COLUMNS.join(',')}\r\n`

/** The row of a call. Lists have spaces between, whom it tried as `102:busy`; null is empty. */
export function csvRow(call: CallEntry): string {
  const tried = call.tried.map(({ endpoint, result }) => `${endpoint}:${result ?? ''}`)
  return `${CSV_COLUMNS.map((column) => cell(column === 'tried' ? tried : call[column])).join(',')}\r\n`
}

function cell(value: string | number | boolean | null | readonly string[]): string {
  if (value === null) {
    return ''
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value)
  }
  return quoted(harmless(typeof value === 'string' ? value : value.join(' ')))
}

// Also after what another spreadsheet takes for the end of a cell. Full-width signs are signs to some of them.
const FORMULA = /(?<=^|[;,\t\r\n])(?=\s*[=+\-@＝＋－＠])/g

function harmless(text: string): string {
  return /^[+-]?\d+$/.test(text) ? text : text.replace(FORMULA, "'")
}

function quoted(text: string): string {
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
