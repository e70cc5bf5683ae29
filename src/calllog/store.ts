// Writes a batch: one transaction, all of it or nothing.
//
// A record that the tables refuse is left out and named, or it would stop the log for ever; whatever fails for any other
// reason undoes the batch and is thrown, to be tried again. Nothing is remembered of what was written: the file alone
// knows, so that a lost file and an undone batch are nothing special here.

import type { Database } from 'better-sqlite3'
import type { Batch } from './message.ts'
import { callRow, legRow, type Row } from './row.ts'
import { errorText, isContentError } from './writeError.ts'

/** Writes batches to an open database. Returns what was refused, mostly nothing; throws SQLite's errors. */
export type WriteBatch = (batch: Batch) => readonly string[]

/** Prepares the statements; the tables must be there. */
export function batchWriter(db: Database): WriteBatch {
  const putCall = rowWriter(db, 'calls', {
    kept: ['id', 'created_at'],
    steady: ['channel_id', 'caller', 'callee', 'direction', 'start_time', 'caller_endpoint', 'trunk', 'queue'],
  })
  // Calls are put first, so the leg's call is there.
  const putLeg = rowWriter(db, 'legs', {
    kept: ['id'],
    steady: ['call_id', 'endpoint', 'endpoint_role', 'role', 'start_time', 'call_start_time'],
    computed: { call_start_time: '(SELECT start_time FROM calls WHERE id = @call_id)' },
  })
  const erase = callEraser(db)
  const putTotals = totalsWriter(db)
  const write = db.transaction((batch: Batch): readonly string[] => {
    const refused: string[] = []
    for (const call of batch.calls) {
      attempt(() => putCall(callRow(call)), `call ${call.call.channelId}`, refused)
    }
    for (const leg of batch.legs) {
      attempt(() => putLeg(legRow(leg)), `leg ${leg.leg.id}`, refused)
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

interface Columns {
  /** Those that stay as they were first written. */
  readonly kept: readonly string[]
  /** Those in indexes that mostly stay: written again only with the whole row, when one of them has changed. */
  readonly steady: readonly string[]
  /** Those that are no part of the row that is given, with the SQL that makes them. */
  readonly computed?: Readonly<Record<string, string>>
}

// SQLite makes an index entry anew for each column that SET names, changed or not: most of what a rewrite of a row costs.
function rowWriter(
  db: Database,
  table: 'calls' | 'legs',
  { kept, steady, computed = {} }: Columns,
): (row: Row) => void {
  const columns = db
    .prepare<[string], { name: string }>('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map(({ name }) => name)
  const valueFor = (column: string): string => computed[column] ?? `@${column}`
  const changed = columns.filter((column) => !kept.includes(column))
  const passing = changed.filter((column) => !steady.includes(column))
  const update = db.prepare<[Row]>(
    `UPDATE ${table} SET ${passing.map((column) => `${column} = ${valueFor(column)}`).join(', ')}
     WHERE id = @id AND ${steady.map((column) => `${column} IS ${valueFor(column)}`).join(' AND ')}`,
  )
  const upsert = db.prepare<[Row]>(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(valueFor).join(', ')})
     ON CONFLICT (id) DO UPDATE SET ${changed.map((column) => `${column} = excluded.${column}`).join(', ')}`,
  )
  return (row) => {
    if (update.run(row).changes === 0) {
      upsert.run(row)
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
