// The statements that add the rows of a parcel, and their parameters: an array for each column, as PostgreSQL writes arrays.
//
// The type of a column says how a value of SQLite is written: instants get their zone, everything else is as it is.

import { type SqlValue, storable } from '../../query/fields.ts'
import type { OutboxItem, Parcel, SqlRow } from '../../shipping/sink.ts'
import { CALLS, type Column, LEGS, MISSED_CALLERS, type Table } from '../schema/tables.ts'

/** Rows of one table that one statement adds. */
export interface Addition {
  readonly text: string
  readonly values: readonly string[]
  readonly rows: number
}

/** The same for all rows of a parcel. */
const OF_PARCEL: readonly string[] = ['log_id', 'site']

const ADD_CALLS = addTo(CALLS)
const ADD_LEGS = addTo(LEGS)
const ADD_MISSED_CALLERS = addTo(MISSED_CALLERS)

/** Rows of calls with `day`. */
export function callRows(items: readonly OutboxItem[]): readonly SqlRow[] {
  return items.flatMap(({ event, row }) => (event === 'call' && row !== null ? [{ ...row, day: dayOf(row) }] : []))
}

/** Adds calls, from `callRows`. */
export function addCalls(parcel: Parcel, rows: readonly SqlRow[]): Addition {
  return ADD_CALLS(parcel, rows)
}

/** Adds what follows the calls: their legs, and the states of missed callers. */
export function addOthers(parcel: Parcel, items: readonly OutboxItem[]): readonly Addition[] {
  const legs: SqlRow[] = []
  const callers: SqlRow[] = []
  for (const { event, row, legs: ofCall, outboxId } of items) {
    if (event === 'call' && row !== null) {
      const day = dayOf(row)
      legs.push(...ofCall.map((leg) => ({ ...leg, day })))
    }
    if (event === 'missed_caller' && row !== null) {
      callers.push({ ...row, version: outboxId, day: dayOfMissedCaller(row) })
    }
  }
  return [ADD_LEGS(parcel, legs), ADD_MISSED_CALLERS(parcel, callers)].filter(({ rows }) => rows > 0)
}

/** The values of a column, as PostgreSQL writes an array. */
export function arrayOf(values: readonly (SqlValue | undefined)[], type: Column['type'] = 'text'): string {
  const zone = type === 'timestamptz' ? '+00' : ''
  let written = '{'
  for (const value of values) {
    written += written.length > 1 ? ',' : ''
    if (value === null || value === undefined) {
      written += 'NULL'
    } else if (typeof value === 'number') {
      written += String(value)
    } else {
      written += `"${escaped(storable(value))}${zone}"`
    }
  }
  return `${written}}`
}

function addTo({ name, columns }: Table): (parcel: Parcel, rows: readonly SqlRow[]) => Addition {
  const own = columns.filter((column) => !OF_PARCEL.includes(column.name))
  const arrays = own.map(({ type }, index) => `$${index + 3}::${type}[]`)
  const text = `INSERT INTO ${name} (log_id, site, ${own.map((column) => column.name).join(', ')})
    SELECT $1::uuid, $2::text, added.* FROM unnest(${arrays.join(', ')}) AS added ON CONFLICT DO NOTHING`
  return ({ logId, site }, rows) => ({
    text,
    values: [
      logId,
      site,
      ...own.map((column) =>
        arrayOf(
          rows.map((row) => row[column.name]),
          column.type,
        ),
      ),
    ],
    rows: rows.length,
  })
}

function dayOf(row: SqlRow): SqlValue {
  return dateOf(row['end_time'])
}

function dayOfMissedCaller(row: SqlRow): SqlValue {
  return dateOf(row['closed_time'] ?? row['last_miss_time'])
}

/** The UTC date of an instant of SQLite; null without one, which the server refuses. */
function dateOf(instant: SqlValue | undefined): SqlValue {
  return typeof instant === 'string' ? (instant.split(' ')[0] ?? null) : null
}

function escaped(text: string): string {
  return /["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text
}
