// Writes a batch: one transaction, all of it or nothing.
//
// A record that SQLite finds unfit for its table is left out and named, or it would stop the log for ever. Whatever fails
// for any other reason undoes the batch and is thrown, to be tried again: what refuses every record is no fault of a
// record. What else is in the file (columns, triggers, indexes, views, tables of others) is left alone. Nothing is
// remembered of what was written: the file alone knows, so that a lost file and an undone batch are nothing special here.

import type { Database } from 'better-sqlite3'
import { errorText, isContentError } from '../file/writeError.ts'
import type { Batch, Refused } from './protocol.ts'
import { CALL_COLUMNS, callRow, LEG_COLUMNS, legRow, type Row } from './recordToRow.ts'

/** Writes batches to an open database. Returns what was refused, mostly nothing; throws SQLite's errors. */
export type WriteBatch = (batch: Batch) => readonly Refused[]

// One after the other, with none taken in between: then it is not the records that are at fault.
const REFUSALS_IN_A_ROW = 5

/** Prepares the statements; the tables must be there. */
export function batchWriter(db: Database): WriteBatch {
  const putCall = rowWriter(db, 'calls', {
    columns: CALL_COLUMNS,
    kept: ['id', 'created_at'],
    indexed: ['channel_id', 'caller', 'callee', 'direction', 'start_time', 'caller_endpoint', 'trunk', 'queue'],
  })
  // Calls are put first, so the leg's call is there.
  const putLeg = rowWriter(db, 'legs', {
    columns: LEG_COLUMNS,
    kept: ['id'],
    indexed: ['call_id', 'endpoint', 'endpoint_role', 'role', 'start_time', 'call_start_time'],
    computed: { call_start_time: '(SELECT start_time FROM calls WHERE id = @call_id)' },
  })
  const attempt = recordByRecord(db)
  const erase = callEraser(db)
  const putTotals = totalsWriter(db)
  const write = db.transaction((batch: Batch): readonly Refused[] => {
    const refused: Refused[] = []
    for (const call of batch.calls) {
      const detail = attempt(`call ${call.call.channelId}`, () => callRow(call), putCall)
      if (detail !== undefined) {
        refused.push({ detail, callEnded: call.ended })
      }
    }
    for (const leg of batch.legs) {
      const detail = attempt(`leg ${leg.leg.id}`, () => legRow(leg), putLeg)
      if (detail !== undefined) {
        refused.push({ detail, callEnded: false })
      }
    }
    for (const id of batch.deletedCallIds) {
      erase(id)
    }
    putTotals(batch)
    return refused
  })
  return (batch) => write.immediate(batch)
}

/** Puts one record; returns why it was refused, if it was. Throws what is no fault of the record. */
type Attempt = (what: string, make: () => Row, put: (row: Row) => void) => string | undefined

function recordByRecord(db: Database): Attempt {
  const refusedInARow = new Set<string>()
  return (what, make, put) => {
    let row: Row | undefined
    try {
      row = make()
      put(row)
      refusedInARow.clear()
      return undefined
    } catch (error) {
      // Without a row it was not made from the record. A transaction that is gone took the rows before this one with it.
      const isItsFault = row === undefined || (isContentError(error) && db.inTransaction)
      refusedInARow.add(what)
      if (!isItsFault || refusedInARow.size >= REFUSALS_IN_A_ROW) {
        throw error
      }
      return `${what}: ${errorText(error)}`
    }
  }
}

interface Columns {
  readonly columns: readonly string[]
  /** Those that stay as they were first written. */
  readonly kept: readonly string[]
  /** Those in indexes that mostly stay: written again only with the whole row, when one of them has changed. */
  readonly indexed: readonly string[]
  /** Further columns, that are no part of the row that is given, with the SQL that makes them. */
  readonly computed?: Readonly<Record<string, string>>
}

// SQLite makes an index entry anew for each column that SET names, changed or not: most of what a rewrite of a row costs.
function rowWriter(
  db: Database,
  table: 'calls' | 'legs',
  { columns: given, kept, indexed, computed = {} }: Columns,
): (row: Row) => void {
  const columns = [...given, ...Object.keys(computed)]
  const valueFor = (column: string): string => computed[column] ?? `@${column}`
  const changed = columns.filter((column) => !kept.includes(column))
  const passing = changed.filter((column) => !indexed.includes(column))
  const update = db.prepare<[Row]>(
    `UPDATE ${table} SET ${passing.map((column) => `${column} = ${valueFor(column)}`).join(', ')}
     WHERE id = @id AND ${indexed.map((column) => `${column} IS ${valueFor(column)}`).join(' AND ')}`,
  )
  const upsert = db.prepare<[Row]>(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(valueFor).join(', ')})
     ON CONFLICT (id) DO UPDATE SET ${changed.map((column) => `${column} = excluded.${column}`).join(', ')}`,
  )
  return (row) => {
    // A trigger may leave a row out without an error.
    if (update.run(row).changes === 0 && upsert.run(row).changes === 0) {
      throw new Error(`the table ${table} took no row and gave no error; look for a trigger on it`)
    }
  }
}

/** Deletes a call and its legs, by row; inside a transaction of the caller's. */
export function callEraser(db: Database): (id: number) => void {
  const legs = db.prepare<[number]>('DELETE FROM legs WHERE call_id = ?')
  const call = db.prepare<[number]>('DELETE FROM calls WHERE id = ?')
  return (id) => {
    legs.run(id)
    call.run(id)
  }
}

function totalsWriter(db: Database): (batch: Batch) => void {
  const total = db.prepare<[string, string, number]>(
    `INSERT INTO totals (name, labels, value) VALUES (?, ?, ?)
     ON CONFLICT (name, labels) DO UPDATE SET value = excluded.value`,
  )
  const counter = db.prepare<[string, number]>(
    'INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)',
  )
  // A clock can be set back: what was told last is right, not what is the latest.
  const clock = db.prepare<[string, number]>(
    'INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  return (batch) => {
    for (const { name, labels, value } of batch.totals) {
      total.run(name, labels, value)
    }
    counter.run('ended', batch.ended)
    counter.run('dropped', batch.dropped)
    counter.run('batch', batch.number)
    clock.run('at', batch.at)
    clock.run('ahead', batch.aheadMs)
  }
}
