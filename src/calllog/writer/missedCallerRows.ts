// Writes missed callers in the transaction of the calls by which they changed. Absolute values, like everything in a batch.
//
// A missed caller that was called back is noted in the rows of its missed calls too, so that a query of calls needs no second table.

import type { Database } from 'better-sqlite3'
import type { MissedCaller } from '../../callback/missedCaller.ts'
import { rowMaker, type SqlValue } from '../../query/fields.ts'
import { MISSED_CALLER_FIELDS } from '../../query/missedCallerFields.ts'
import type { Row } from './recordToRow.ts'

/** A missed caller to write, and the row id of the call that closed it; null if none did. */
export interface MissedCallerWrite {
  readonly caller: MissedCaller
  readonly closedByCall: number | null
}

/** What one batch changes about missed callers. */
export interface MissedCallersBatch {
  readonly callers: readonly MissedCallerWrite[]
  /** Rows that another state of the file has, and this one does not. */
  readonly deletedIds: readonly number[]
  /** For a file that was replaced: the secret that the keys were made with. Null: the file has it. */
  readonly numberSecret: string | null
}

const NUMBER_SECRET = 'number_key'

const fieldValues = rowMaker(MISSED_CALLER_FIELDS)

/** The columns of `missed_callers`. */
export const MISSED_CALLER_COLUMNS: readonly string[] = [
  'id',
  'closed_by_call',
  'number_key',
  ...Object.keys(MISSED_CALLER_FIELDS),
]

/** SQLite rewrites an index entry for each column that `SET` names. Only a missed call that ended out of order moves the first miss. */
const SELDOM_CHANGED: readonly string[] = ['id', 'number_key', 'first_miss_time']

/** The row of `missed_callers`. */
export function missedCallerRow({ caller, closedByCall }: MissedCallerWrite): Row {
  return [caller.id, closedByCall, caller.key, ...fieldValues(caller)]
}

/** Writes the row of a missed caller, and to its calls who called back; must run inside a transaction, after the calls. */
export function missedCallerWriter(db: Database): (row: Row, write: MissedCallerWrite) => void {
  const changing = MISSED_CALLER_COLUMNS.filter((column) => !SELDOM_CHANGED.includes(column))
  const put = db.prepare<[Row]>(
    `INSERT INTO missed_callers (${MISSED_CALLER_COLUMNS.join(', ')}) VALUES (${MISSED_CALLER_COLUMNS.map(() => '?').join(', ')})
     ON CONFLICT (id) DO UPDATE SET ${changing.map((column) => `${column} = excluded.${column}`).join(', ')}`,
  )
  const moveFirst = db.prepare<[SqlValue, number, SqlValue]>(
    'UPDATE missed_callers SET first_miss_time = ? WHERE id = ? AND first_miss_time <> ?',
  )
  const noteReturn = db.prepare<[number | null, SqlValue, number]>(
    `UPDATE calls INDEXED BY calls_by_missed_caller
     SET returned_by = ?, returned_after = max(0, round(unixepoch(?, 'subsec') - unixepoch(end_time, 'subsec'), 3))
     WHERE missed_caller = ?`,
  )
  return (row, { caller, closedByCall }) => {
    put.run(row)
    if (caller.attempts > 1) {
      const first = MISSED_CALLER_FIELDS.first_miss_time.sql(caller)
      moveFirst.run(first, caller.id, first)
    }
    if (caller.state === 'returned') {
      noteReturn.run(closedByCall, MISSED_CALLER_FIELDS.closed_time.sql(caller), caller.id)
    }
  }
}

/** Writes the rest of the batch; must run inside a transaction. */
export function missedCallersCleaner(db: Database): (batch: MissedCallersBatch) => void {
  const erase = db.prepare<[number]>('DELETE FROM missed_callers WHERE id = ?')
  const keep = db.prepare<[string, string]>(
    'INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  return ({ deletedIds, numberSecret }) => {
    for (const id of deletedIds) {
      erase.run(id)
    }
    if (numberSecret !== null) {
      keep.run(NUMBER_SECRET, numberSecret)
    }
  }
}

/** The secret of the file; empty if somebody deleted it. */
export function readNumberSecret(db: Database): string {
  const secret = db.prepare<[string], string>('SELECT value FROM secrets WHERE name = ?').pluck()
  return secret.get(NUMBER_SECRET) ?? ''
}
