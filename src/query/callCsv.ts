// Converts calls and missed callers to CSV (RFC 4180) that is safe in a spreadsheet.
//
// A caller can choose their name, and a spreadsheet executes a cell that begins with `=` or `@` as a formula. Such a cell gets an
// apostrophe in front. A plain number with a sign (`+358401234567`) is not changed.

import { LISTED } from './callFields.ts'
import type { FleetCallEntry, FleetMissedCallerEntry } from './fleetSchema.ts'
import { MISSED_CALLER_FIELDS } from './missedCallerFields.ts'
import type { CallEntry, MissedCallerEntry } from './schema.ts'

const NAMES = Object.keys(LISTED) as readonly (keyof typeof LISTED)[]
const MISSED_CALLER_NAMES = Object.keys(MISSED_CALLER_FIELDS) as readonly (keyof typeof MISSED_CALLER_FIELDS)[]
const BEFORE_TRIED = NAMES.indexOf('merged_into') + 1

// Also after characters that some spreadsheets treat as the end of a cell. Some accept the full-width signs too.
const FORMULA = /(?<=^|[;,\t\r\n])(?=\s*[=+\-@＝＋－＠])/g

/** The columns in order: all fields of an entry. Existing columns keep their position; new ones come last. */
export const CSV_COLUMNS: readonly (keyof CallEntry)[] = [
  'id',
  ...NAMES.slice(0, BEFORE_TRIED),
  'tried',
  ...NAMES.slice(BEFORE_TRIED),
]

/** The header row. */
export const CSV_HEADER = csvLine(CSV_COLUMNS)

/**
 * The row of a call. Items of a list are separated by spaces; an endpoint that was tried is written as `102:busy`; null is empty.
 * `written`: how an instant of the API is written (localInstant.ts).
 */
export function csvRow(call: CallEntry, written: Written = asItIs): string {
  return csvLine(CSV_COLUMNS.map((column) => (column === 'tried' ? triedOf(call) : at(column, call[column], written))))
}

/** The columns of a central call log: the site comes after those of one exporter. */
export const FLEET_CSV_COLUMNS: readonly (keyof FleetCallEntry)[] = [...CSV_COLUMNS, 'site']

/** Their header row. */
export const FLEET_CSV_HEADER = csvLine(FLEET_CSV_COLUMNS)

/** The row of a call in a central call log. */
export function fleetCsvRow(call: FleetCallEntry, written: Written = asItIs): string {
  return csvLine(
    FLEET_CSV_COLUMNS.map((column) => (column === 'tried' ? triedOf(call) : at(column, call[column], written))),
  )
}

function triedOf({ tried }: Pick<CallEntry, 'tried'>): readonly string[] {
  return tried.map(({ endpoint, result }) => `${endpoint}:${result ?? ''}`)
}

/** The columns of missed callers: all fields of an entry. */
export const MISSED_CALLER_COLUMNS: readonly (keyof MissedCallerEntry)[] = [
  'id',
  ...MISSED_CALLER_NAMES,
  'closed_by_call',
]

/** Their header row. */
export const MISSED_CALLER_HEADER = csvLine(MISSED_CALLER_COLUMNS)

/** The row of a missed caller. */
export function missedCallerRow(caller: MissedCallerEntry, written: Written = asItIs): string {
  return csvLine(MISSED_CALLER_COLUMNS.map((column) => at(column, caller[column], written)))
}

/** The columns of missed callers in a central call log. */
export const FLEET_MISSED_CALLER_COLUMNS: readonly (keyof FleetMissedCallerEntry)[] = [...MISSED_CALLER_COLUMNS, 'site']

/** Their header row. */
export const FLEET_MISSED_CALLER_HEADER = csvLine(FLEET_MISSED_CALLER_COLUMNS)

/** The row of a missed caller in a central call log. */
export function fleetMissedCallerRow(caller: FleetMissedCallerEntry, written: Written = asItIs): string {
  return csvLine(FLEET_MISSED_CALLER_COLUMNS.map((column) => at(column, caller[column], written)))
}

type Written = (iso: string) => string

function asItIs(iso: string): string {
  return iso
}

/** The names of columns that are instants. */
const INSTANT = /_(time|since)$/

function at(column: string, value: Cell, written: Written): Cell {
  return typeof value === 'string' && INSTANT.test(column) ? written(value) : value
}

type Cell = string | number | boolean | null | readonly string[]

function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

function cell(value: Cell): string {
  if (value === null) {
    return ''
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value)
  }
  return quoted(withoutFormula(typeof value === 'string' ? value : value.join(' ')))
}

function withoutFormula(text: string): string {
  return /^[+-]?\d+$/.test(text) ? text : text.replace(FORMULA, "'")
}

function quoted(text: string): string {
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
