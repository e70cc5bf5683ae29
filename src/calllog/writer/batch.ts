// Writes a batch in one transaction: all of it or nothing.
//
// A record whose content SQLite refuses is left out and reported, because it would otherwise block the log permanently. Any other
// error rolls the batch back and is thrown, so that the batch is retried. So is the refusal of several records in a row: its cause
// is not a record. Columns, triggers, indexes, views and tables that others added are left alone. The writer keeps no state about
// rows, so a rollback or a lost file needs no special handling here.

import type { Database } from 'better-sqlite3'
import { now } from '../../time/clock.ts'
import { errorText, isContentError } from '../file/writeError.ts'
import { changeMarks } from './changes.ts'
import { missedCallerRow, missedCallersCleaner, missedCallerWriter } from './missedCallerRows.ts'
import { outboxWriter, type SinkEvents } from './outbox.ts'
import type { Batch, Refused } from './protocol.ts'
import { CALL_COLUMNS, callRow, LEG_COLUMNS, legRow, type Row } from './recordToRow.ts'

/** Writes batches to an open database. Returns the refused records, usually none; throws SQLite's errors. */
export type WriteBatch = (batch: Batch) => readonly Refused[]

// So many refused records without a written one in between mean that the cause is not in the records.
const REFUSALS_IN_A_ROW = 5

/** Prepares the statements; the tables must exist. `sinks`: those that get what ends; by default there is none; `clock`: ours. */
export function batchWriter(db: Database, sinks: readonly SinkEvents[] = [], clock = now): WriteBatch {
  const changes = changeMarks(db, clock)
  const putCall = rowWriter(db, 'calls', {
    columns: CALL_COLUMNS,
    kept: ['id', 'created_at'],
    // Not `missed_caller`: it changes whenever such a call ends, and its index has no entry for the others.
    indexed: ['channel_id', 'caller', 'callee', 'direction', 'start_time', 'caller_endpoint', 'trunk', 'queue'],
  })
  // Calls are written before legs, so the row of the leg's call exists.
  const putLeg = rowWriter(db, 'legs', {
    columns: [...LEG_COLUMNS, 'call_start_time'],
    kept: ['id'],
    indexed: ['call_id', 'endpoint', 'endpoint_role', 'role', 'start_time', 'call_start_time'],
    computed: { call_start_time: '(SELECT start_time FROM calls WHERE id = ?)' },
    beforePut: ([id]) => changes.ownerOf(Number(id)),
  })
  const attempt = recordByRecord(db)
  const erase = callEraser(db)
  const putCaller = missedCallerWriter(db)
  const cleanCallers = missedCallersCleaner(db)
  const putTotals = totalsWriter(db)
  const outbox = sinks.length === 0 ? null : outboxWriter(db, sinks, clock)
  const write = db.transaction((batch: Batch): readonly Refused[] => {
    const refused: Refused[] = []
    for (const call of batch.calls) {
      changes.call(call.id)
      const put = outbox === null ? putCall : (row: Row): void => outbox.call(call, () => putCall(row))
      const detail = attempt(`call ${call.call.channelId}`, () => callRow(call), put)
      if (detail !== undefined) {
        refused.push({ detail, callEnded: call.ended })
      }
    }
    for (const leg of batch.legs) {
      changes.call(leg.callId)
      const detail = attempt(`leg ${leg.leg.id}`, () => [...legRow(leg), leg.callId], putLeg)
      if (detail !== undefined) {
        refused.push({ detail, callEnded: false })
      }
    }
    for (const id of batch.deletedCallIds) {
      erase(id)
      changes.deleted(id)
    }
    for (const write of batch.missedCallers?.callers ?? []) {
      const putRow = (row: Row): void => putCaller(row, write)
      if (write.caller.state === 'returned') {
        changes.returned(write.caller.id)
      }
      const put =
        outbox === null
          ? putRow
          : (row: Row): void => outbox.missedCaller(write, () => putRow(row), batch.restores === true)
      const detail = attempt(`missed caller ${write.caller.id}`, () => missedCallerRow(write), put)
      if (detail !== undefined) {
        refused.push({ detail, callEnded: false })
      }
    }
    changes.mark()
    if (batch.missedCallers !== undefined) {
      cleanCallers(batch.missedCallers)
    }
    putTotals(batch)
    return refused
  })
  return (batch) => write.immediate(batch)
}

/** Writes one record. Returns the reason if SQLite refuses the record; throws if the cause is not the record. */
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
      // Without a row, the record itself could not be converted. If SQLite rolled the transaction back, the earlier rows are gone.
      const isRecordRefused = row === undefined || (isContentError(error) && db.inTransaction)
      refusedInARow.add(what)
      if (!isRecordRefused || refusedInARow.size >= REFUSALS_IN_A_ROW) {
        throw error
      }
      return `${what}: ${errorText(error)}`
    }
  }
}

interface Columns {
  /** In the order of the values of a row. */
  readonly columns: readonly string[]
  /** Columns that keep their first value. */
  readonly kept: readonly string[]
  /** Indexed columns that rarely change: they are written only when one of them has changed, together with the whole row. */
  readonly indexed: readonly string[]
  /** Columns whose value SQL computes from the one in the row. */
  readonly computed?: Readonly<Record<string, string>>
  /** Called before a row is inserted, or one of its indexed columns is changed. */
  readonly beforePut?: (row: Row) => void
}

// SQLite rewrites the index entries of every column that SET names, changed or not; that is most of the cost of an update.
function rowWriter(
  db: Database,
  table: 'calls' | 'legs',
  { columns, kept, indexed, computed = {}, beforePut }: Columns,
): (row: Row) => void {
  const valueFor = (column: string): string => computed[column] ?? '?'
  const changed = columns.filter((column) => !kept.includes(column))
  const passing = changed.filter((column) => !indexed.includes(column))
  const updated = [...passing, 'id', ...indexed].map((column) => columns.indexOf(column))
  const update = db.prepare<[Row]>(
    `UPDATE ${table} SET ${passing.map((column) => `${column} = ${valueFor(column)}`).join(', ')}
     WHERE id = ? AND ${indexed.map((column) => `${column} IS ${valueFor(column)}`).join(' AND ')}`,
  )
  const upsert = db.prepare<[Row]>(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(valueFor).join(', ')})
     ON CONFLICT (id) DO UPDATE SET ${changed.map((column) => `${column} = excluded.${column}`).join(', ')}`,
  )
  return (row) => {
    const isUpdated = update.run(updated.map((index) => row[index] ?? null)).changes > 0
    if (isUpdated) {
      return
    }
    beforePut?.(row)
    // A trigger can suppress a row without an error.
    if (upsert.run(row).changes === 0) {
      throw new Error(`the table ${table} took no row and gave no error; look for a trigger on it`)
    }
  }
}

/** Deletes a call and its legs by row id; must run inside a transaction. */
export function callEraser(db: Database): (id: number) => void {
  const legs = db.prepare<[number]>('DELETE FROM legs WHERE call_id = ?')
  const call = db.prepare<[number]>('DELETE FROM calls WHERE id = ?')
  const change = db.prepare<[number]>('DELETE FROM call_changes WHERE call_id = ?')
  return (id) => {
    legs.run(id)
    call.run(id)
    change.run(id)
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
  // A clock can be set back, so the last value is right, not the largest.
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
