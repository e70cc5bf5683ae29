// The values of a statement, bound by position and with their types, and how columns are selected in the form of SQLite's rows.

import type { Fields } from '../../query/fields.ts'
import { formatInstant } from '../../time/format.ts'

/** Types of values that are bound. */
export type ValueType =
  | 'text'
  | 'text[]'
  | 'uuid'
  | 'uuid[]'
  | 'bigint'
  | 'bigint[]'
  | 'double precision'
  | 'timestamptz'
  | 'date'
  | 'date[]'

/** The values of one statement. */
export interface Values {
  /** Binds a value; returns what stands for it in the SQL. */
  add(value: string | number | readonly string[], type: ValueType): string
  readonly list: readonly unknown[]
}

/** No values yet. */
export function createValues(): Values {
  const list: unknown[] = []
  return {
    list,
    add(value, type) {
      list.push(value)
      return `$${list.length}::${type}`
    },
  }
}

// Years 1 and 9999: what PostgreSQL and the form of the call log both have.
const FIRST_MS = -62_135_596_800_000
const LAST_MS = 253_402_300_799_999

/** An instant for a `timestamptz`; what is before or after every calendar date is infinite. */
export function instantText(at: number): string {
  return infinity(at) ?? `${formatInstant(at)}+00`
}

/** The UTC day of an instant for a `date`. */
export function dayText(at: number): string {
  return infinity(at) ?? new Date(at).toISOString().slice(0, 10)
}

function infinity(at: number): string | null {
  return at < FIRST_MS ? '-infinity' : at > LAST_MS ? 'infinity' : null
}

/** Selects an instant as `YYYY-MM-DD HH:MM:SS.mmm`, as the call log of an exporter has it. */
export function instantColumn(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS')`
}

/** Selects the columns of these fields from `table`, each under its name; `without`: columns that it does not have. */
export function columnsOf(fields: Fields<never>, table: string, without: readonly string[] = []): string {
  return Object.entries(fields)
    .filter(([name]) => !without.includes(name))
    .map(([name, { type }]) =>
      type.kind === 'instant' ? `${instantColumn(`${table}.${name}`)} AS ${name}` : `${table}.${name}`,
    )
    .join(', ')
}
