// Converts calls to CSV (RFC 4180) that is safe in a spreadsheet.
//
// A caller can choose their name, and a spreadsheet executes a cell that begins with `=` or `@` as a formula. Such a cell gets an
// apostrophe in front. A plain number with a sign (`+358401234567`) is not changed.

import { LISTED } from './callFields.ts'
import type { CallEntry } from './schema.ts'

const NAMES = Object.keys(LISTED) as readonly (keyof typeof LISTED)[]
const BEFORE_TRIED = NAMES.indexOf('merged_into') + 1

/** The columns in order: all fields of an entry. Existing columns keep their position; new ones come last. */
export const CSV_COLUMNS: readonly (keyof CallEntry)[] = [
  'id',
  ...NAMES.slice(0, BEFORE_TRIED),
  'tried',
  ...NAMES.slice(BEFORE_TRIED),
]

/** The header row. */
export const CSV_HEADER = `${CSV_COLUMNS.join(',')}\r\n`

/** The row of a call. Items of a list are separated by spaces; an endpoint that was tried is written as `102:busy`; null is empty. */
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
  return quoted(withoutFormula(typeof value === 'string' ? value : value.join(' ')))
}

// Also after characters that some spreadsheets treat as the end of a cell. Some accept the full-width signs too.
const FORMULA = /(?<=^|[;,\t\r\n])(?=\s*[=+\-@＝＋－＠])/g

function withoutFormula(text: string): string {
  return /^[+-]?\d+$/.test(text) ? text : text.replace(FORMULA, "'")
}

function quoted(text: string): string {
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
