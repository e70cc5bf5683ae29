// Reads the outbox, from a read-only connection: what waits for a sink, with the rows that it speaks of.
//
// Used by the shipping thread. Never reads from a file that is no longer at the path: `isCurrent` says so.

import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import {
  type Choice,
  isOfMissedCaller,
  type OutboxEvent,
  type OutboxItem,
  type Parcel,
  type SinkName,
  type SqlRow,
} from '../../shipping/sink.ts'
import { orNull, parseInstant } from '../../time/format.ts'
import { inspectSchema, MIGRATIONS, schemaVersion } from '../file/migrations.ts'
import { errorText } from '../file/writeError.ts'
import { MISSED_CALLER_COLUMNS } from '../writer/missedCallerRows.ts'
import { readLogId } from '../writer/outbox.ts'
import { CALL_COLUMNS, LEG_COLUMNS } from '../writer/recordToRow.ts'

/** So many entries are looked at to find those that are not held back. With ten thousand held back, that takes some milliseconds. */
const MOST_LOOKED_AT = 10_000

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
  /** How many entries a parcel would have; stops counting at `most`. */
  count(sink: SinkName, most: number, choice?: Choice | null): number
  waiting(sink: SinkName): Waiting
  /** The oldest entries, or those of the choice, at most so many; an empty parcel if there are none. */
  parcel(sink: SinkName, most: number, choice?: Choice | null): Parcel
  close(): void
}

interface Entry {
  readonly id: number
  readonly event: OutboxEvent
  readonly row_id: number
}

interface Chosen {
  readonly chosen: readonly Entry[]
  readonly leftOut: readonly number[]
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
    throw withRemedy(error)
  }
}

// Somebody dropped an index while the program runs.
function withRemedy(error: unknown): unknown {
  const text = errorText(error)
  return text.startsWith('no such index')
    ? new Error(`${text}; the program makes it again when it is restarted`, { cause: error })
    : error
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
  const latest = db.prepare<[string, number], Entry>(
    'SELECT id, event, row_id FROM outbox WHERE sink = ? ORDER BY id DESC LIMIT ?',
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
    const isOfCaller = isOfMissedCaller(event)
    const row = (isOfCaller ? caller : call).get(rowId) ?? null
    return { outboxId: id, event, rowId, row, legs: isOfCaller || row === null ? [] : legs.all(rowId) }
  }
  /** The oldest that are not held back, and what was left out before the last of them. */
  const choose = (sink: SinkName, most: number, isHeldBack: Choice['isHeldBack']): Chosen => {
    const chosen: Entry[] = []
    const leftOut: number[] = []
    if (most > 0) {
      for (const entry of entries.iterate(sink, MOST_LOOKED_AT)) {
        if (isHeldBack({ outboxId: entry.id, event: entry.event, rowId: entry.row_id })) {
          leftOut.push(entry.id)
        } else if (chosen.push(entry) === most) {
          break
        }
      }
    }
    return { chosen, leftOut }
  }
  const parcel = db.transaction((sink: SinkName, most: number, choice: Choice | null = null): Parcel => {
    const common = { logId, site: site.get() ?? '' }
    if (choice === null) {
      return { ...common, items: entries.all(sink, most).map(item), leftOut: [] }
    }
    const { chosen, leftOut } = choose(sink, most - choice.newest, choice.isHeldBack)
    const last = chosen.at(-1)?.id ?? 0
    // Of missed callers, nothing overtakes what is before it.
    const newest = choice.newest === 0 ? [] : latest.all(sink, choice.newest).reverse()
    const ends = newest.filter(({ id, event }) => id > last && !isOfMissedCaller(event))
    return { ...common, items: [...chosen, ...ends].map(item), leftOut }
  })
  return {
    logId,
    count: (sink, most, choice = null) =>
      choice === null ? (count.get(sink, most) ?? 0) : choose(sink, most, choice.isHeldBack).chosen.length,
    waiting: (sink) => ({
      rows: count.get(sink, -1) ?? 0,
      since: parseInstant(orNull(oldest.get(sink) ?? null, String)),
    }),
    parcel: (...wanted) => {
      try {
        return parcel(...wanted)
      } catch (error) {
        throw withRemedy(error)
      }
    },
  }
}

function identityOf(path: string): string {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? 'none' : `${found.dev}:${found.ino}`
}
