// The tables of the central call log: their columns follow from the fields of the call log (query/callFields.ts).
//
// Each row has the columns of SQLite with the same names and values, and says which file it is from. Rows are only added. What
// SQLite writes into an ended call later (`returned_by`, `returned_after`) is not here: it follows from the missed caller.

import { CALL_FIELDS, LEG_ROW_FIELDS } from '../../calllog/writer/recordToRow.ts'
import type { Fields, FieldType } from '../../query/fields.ts'
import { MISSED_CALLER_FIELDS } from '../../query/missedCallerFields.ts'

/** Types of PostgreSQL that the engines with its protocol have too. Flags are 0 or 1, as in SQLite, so that a sum counts them. */
export type SqlType = 'uuid' | 'bigint' | 'timestamptz' | 'double precision' | 'date' | 'integer' | 'smallint' | 'text'

export interface Column {
  readonly name: string
  readonly type: SqlType
  readonly isNullable: boolean
}

export interface Table {
  readonly name: 'calls' | 'legs' | 'missed_callers'
  readonly columns: readonly Column[]
  /** Ends with `day`, by which the table is partitioned; begins with `log_id`, by which it may be distributed. */
  readonly key: readonly string[]
}

/** The type of the column in which the values of a field are. */
export const TYPE_OF_KIND: Readonly<Record<FieldType['kind'], SqlType>> = {
  text: 'text',
  names: 'text',
  oneOf: 'text',
  quality: 'text',
  flag: 'smallint',
  count: 'integer',
  integer: 'integer',
  seconds: 'double precision',
  instant: 'timestamptz',
}

/** Columns of wide types first: PostgreSQL fills the space before a value up to a multiple of its width. */
const WIDEST_FIRST: readonly SqlType[] = [
  'uuid',
  'bigint',
  'timestamptz',
  'double precision',
  'date',
  'integer',
  'smallint',
  'text',
]

/** Which file a row is from (`log_id`, `site`), its id there, and the UTC day by which it is kept. */
const FIRST: readonly Column[] = [
  required('log_id', 'uuid'),
  required('id', 'bigint'),
  required('day', 'date'),
  required('site', 'text'),
]

/** Ended calls; `day` is that of `end_time`. */
export const CALLS: Table = {
  name: 'calls',
  columns: widestFirst([
    ...FIRST,
    required('created_at', 'timestamptz'),
    required('updated_at', 'timestamptz'),
    nullable('node', 'text'),
    nullable('missed_caller', 'bigint'),
    ...columnsOf(CALL_FIELDS).map((column) => (column.name === 'end_time' ? { ...column, isNullable: false } : column)),
  ]),
  key: ['log_id', 'id', 'day'],
}

/** Legs of these calls; `day` is the day of the call. */
export const LEGS: Table = {
  name: 'legs',
  columns: widestFirst([
    ...FIRST,
    required('call_id', 'bigint'),
    required('call_start_time', 'timestamptz'),
    ...columnsOf(LEG_ROW_FIELDS),
  ]),
  key: ['log_id', 'id', 'day'],
}

/**
 * States of missed callers: a row each time that one changed; the greatest `version` is the state. `day` is that of `closed_time`, while
 * the caller waits that of `last_miss_time`.
 */
export const MISSED_CALLERS: Table = {
  name: 'missed_callers',
  columns: widestFirst([
    ...FIRST,
    required('version', 'bigint'),
    nullable('closed_by_call', 'bigint'),
    required('number_key', 'text'),
    ...columnsOf(MISSED_CALLER_FIELDS),
  ]),
  key: ['log_id', 'id', 'version', 'day'],
}

export const TABLES: readonly Table[] = [CALLS, LEGS, MISSED_CALLERS]

function columnsOf(fields: Fields<never>): readonly Column[] {
  return Object.entries(fields).map(([name, { type }]) => ({
    name,
    type: TYPE_OF_KIND[type.kind],
    isNullable: type.isNullable === true,
  }))
}

function required(name: string, type: SqlType): Column {
  return { name, type, isNullable: false }
}

function nullable(name: string, type: SqlType): Column {
  return { name, type, isNullable: true }
}

/** Columns of one type keep their order. */
function widestFirst(columns: readonly Column[]): readonly Column[] {
  return WIDEST_FIRST.flatMap((type) => columns.filter((column) => column.type === type))
}
