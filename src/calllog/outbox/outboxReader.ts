// Reads the outbox, from a read-only connection: what waits for a sink, with the rows that it speaks of.
//
// Used by the shipping thread. Never reads from a file that is no longer at the path: `isCurrent` says so.

import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { OutboxEvent, OutboxItem, Parcel, SinkName, SqlRow } from '../../shipping/sink.ts'
import { orNull, parseInstant } from '../../time/format.ts'
import { inspectSchema, MIGRATIONS, schemaVersion } from '../file/migrations.ts'
import { MISSED_CALLER_COLUMNS } from '../writer/missedCallerRows.ts'
import { readLogId } from '../writer/outbox.ts'
import { CALL_COLUMNS, LEG_COLUMNS } from '../writer/recordToRow.ts'

// A recovery by the writer takes less time.
const BUSY_TIMEOUT_MS = 500

/** What waits for one sink. */
export interface Waiting {
  readonly rows: number
  /** When the oldest entry was put there, epoch ms; null without entries. */
  readonly since: number | null
}

/** An open file. */
export interface OutboxReader {
  /** False once another file, or none, is at the path. */
  isCurrent(): boolean
  readonly logId: string
  /** How many entries wait; stops counting at `most`. */
  count(sink: SinkName, most: number): number
  waiting(sink: SinkName): Waiting
  /** The oldest entries, at most so many; an empty parcel if there are none. */
  parcel(sink: SinkName, most: number): Parcel
  close(): void
}

interface Entry {
  readonly id: number
  readonly event: OutboxEvent
  readonly row_id: number
}

/** Opens the call log at `path`. Throws SQLite's errors, and an error if it is no call log of this version. */
export function openOutboxReader(path: string): OutboxReader {
  const identity = identityOf(path)
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
  try {
    if (inspectSchema(db, MIGRATIONS) !== 'known' || schemaVersion(db) !== MIGRATIONS.length) {
      throw new Error('the file is not a call log of this version')
    }
    return { isCurrent: () => identityOf(path) === identity, close: () => db.close(), ...queries(db) }
  } catch (error) {
    db.close()
    throw error
  }
}

function queries(db: Database.Database): Pick<OutboxReader, 'logId' | 'count' | 'waiting' | 'parcel'> {
  const logId = readLogId(db)
  const site = db.prepare<[], string>("SELECT value FROM identity WHERE name = 'site'").pluck()
  const count = db
    .prepare<[string, number], number>('SELECT count(*) FROM (SELECT 1 FROM outbox WHERE sink = ? LIMIT ?)')
    .pluck()
  const oldest = db.prepare<[string], string>('SELECT at FROM outbox WHERE sink = ? ORDER BY id LIMIT 1').pluck()
  const entries = db.prepare<[string, number], Entry>(
    'SELECT id, event, row_id FROM outbox WHERE sink = ? ORDER BY id LIMIT ?',
  )
  const call = db.prepare<[number], SqlRow>(
    `SELECT ${[...CALL_COLUMNS, 'returned_by', 'returned_after'].join(', ')} FROM calls WHERE id = ?`,
  )
  const legs = db.prepare<[number], SqlRow>(
    `SELECT ${[...LEG_COLUMNS, 'call_start_time'].join(', ')} FROM legs INDEXED BY legs_by_call WHERE call_id = ? ORDER BY id`,
  )
  const caller = db.prepare<[number], SqlRow>(
    `SELECT ${MISSED_CALLER_COLUMNS.join(', ')} FROM missed_callers WHERE id = ?`,
  )
  const item = ({ id, event, row_id: rowId }: Entry): OutboxItem => {
    const isOfCaller = CALLER_EVENTS.includes(event)
    const row = (isOfCaller ? caller : call).get(rowId) ?? null
    return { outboxId: id, event, rowId, row, legs: isOfCaller || row === null ? [] : legs.all(rowId) }
  }
  const parcel = db.transaction((sink: SinkName, most: number): Parcel => {
    return { logId, site: site.get() ?? '', items: entries.all(sink, most).map(item) }
  })
  return {
    logId,
    count: (sink, most) => count.get(sink, most) ?? 0,
    waiting: (sink) => ({
      rows: count.get(sink, -1) ?? 0,
      since: parseInstant(orNull(oldest.get(sink) ?? null, String)),
    }),
    parcel,
  }
}

const CALLER_EVENTS: readonly OutboxEvent[] = ['missed_caller', 'missed_caller_opened', 'missed_caller_closed']

function identityOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? 'none' : `${found.dev}:${found.ino}`
}
