// Writes a batch: one transaction, all of it or nothing.
//
// A record that the tables refuse is left out and named, or it would stop the log for ever; whatever fails for any other
// reason undoes the batch and is thrown, to be tried again.

import type { Database, Statement } from 'better-sqlite3'
import type { Batch } from './message.ts'
import { callRow, legRow, type Row } from './row.ts'
import { errorText, isContentError } from './writeError.ts'

/** Writes batches to an open database. Returns what was refused, mostly nothing; throws SQLite's errors. */
export type WriteBatch = (batch: Batch) => readonly string[]

/** Prepares the statements; the tables must be there. */
export function batchWriter(db: Database): WriteBatch {
  const putCall = upsert(db, 'calls', { kept: ['id', 'created_at'] })
  // Calls are put first, so the leg's call is there.
  const putLeg = upsert(db, 'legs', {
    kept: ['id'],
    computed: { call_start_time: '(SELECT start_time FROM calls WHERE id = @call_id)' },
  })
  const erase = callEraser(db)
  const putTotals = totalsWriter(db)
  const write = db.transaction((batch: Batch): readonly string[] => {
    const refused: string[] = []
    for (const call of batch.calls) {
      attempt(() => putCall.run(callRow(call)), `call ${call.call.channelId}`, refused)
    }
    for (const leg of batch.legs) {
      attempt(() => putLeg.run(legRow(leg)), `leg ${leg.leg.id}`, refused)
    }
    for (const id of batch.forgotten) {
      erase(id)
    }
    putTotals(batch)
    return refused
  })
  return (batch) => write.immediate(batch)
}

function attempt(write: () => unknown, what: string, refused: string[]): void {
  try {
    write()
  } catch (error) {
    if (!isContentError(error)) {
      throw error
    }
    refused.push(`${what}: ${errorText(error)}`)
  }
}

interface Upsert {
  /** Columns that stay as they were first written. */
  readonly kept: readonly string[]
  /** Columns that are no part of the row that is given, with the SQL that makes them. */
  readonly computed?: Readonly<Record<string, string>>
}

function upsert(db: Database, table: 'calls' | 'legs', { kept, computed = {} }: Upsert): Statement<[Row]> {
  const columns = db
    .prepare<[string], { name: string }>('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map(({ name }) => name)
  const changed = columns.filter((column) => !kept.includes(column))
  const values = columns.map((column) => computed[column] ?? `@${column}`)
  return db.prepare<[Row]>(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})
     ON CONFLICT (id) DO UPDATE SET ${changed.map((column) => `${column} = excluded.${column}`).join(', ')}`,
  )
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
  return (batch) => {
    for (const { name, labels, value } of batch.totals) {
      total.run(name, labels, value)
    }
    counter.run('ended', batch.ended)
    counter.run('dropped', batch.dropped)
    counter.run('at', batch.at)
  }
}
