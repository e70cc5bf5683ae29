// Puts the calls of before into the outbox of a sink that is new, oldest first, while little else waits there.
//
// How far it has come is kept in the file. Another receiver, or a start without the sink in between, begins again with the first row:
// a receiver refuses what it has.

import type { Database } from 'better-sqlite3'
import { formatInstant } from '../../time/format.ts'
import type { SinkEvents } from './outbox.ts'

/** So many are put at a time, and only while fewer wait. */
const ENTRIES = 500

/**
 * What is put, in this order. In `back_fill`, the column with the name of the event has the id that was put last, and the one with
 * `last_` before that name the last id to put.
 */
const PARTS = [
  { event: 'call', table: 'calls', condition: 'end_time IS NOT NULL' },
  { event: 'missed_caller', table: 'missed_callers', condition: 'true' },
] as const

type Part = (typeof PARTS)[number]['event']

type Position = Readonly<Record<Part | `last_${Part}`, number>>

/** How many entries were removed because their sink is not configured any more. */
export type Removed = Readonly<Record<string, number>>

/** Adapts an opened file to the sinks that are configured now, and to the site, unless it is null. `now`: our clock, epoch ms. */
export function prepareOutbox(
  db: Database,
  sinks: readonly SinkEvents[],
  { site, now }: { readonly site: string | null; readonly now: number },
): Removed {
  const setSite = db.prepare<[string]>(
    `INSERT INTO identity (name, value) VALUES ('site', ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
  )
  const known = db.prepare<[], string>('SELECT sink FROM back_fill UNION SELECT DISTINCT sink FROM outbox').pluck()
  const forget = db.prepare<[string]>('DELETE FROM back_fill WHERE sink = ?')
  const empty = db.prepare<[string]>('DELETE FROM outbox WHERE sink = ?')
  const target = db.prepare<[string], string>('SELECT target FROM back_fill WHERE sink = ?').pluck()
  const begin = db.prepare<[string, string]>(
    `INSERT OR REPLACE INTO back_fill (sink, target, call, last_call, missed_caller, last_missed_caller)
     VALUES (?, ?, 0, (SELECT coalesce(max(id), 0) FROM calls), 0, (SELECT coalesce(max(id), 0) FROM missed_callers))`,
  )
  const prepare = db.transaction((): Removed => {
    if (site !== null) {
      setSite.run(site)
    }
    const removed: Record<string, number> = {}
    for (const name of known.all().filter((one) => !sinks.some(({ sink }) => sink === one))) {
      forget.run(name)
      const { changes } = empty.run(name)
      if (changes > 0) {
        removed[name] = changes
      }
    }
    if (sinks.length > 0) {
      raiseIds(db, now)
    }
    for (const { sink, backFill } of sinks) {
      if (backFill !== null && target.get(sink) !== backFill) {
        empty.run(sink)
        begin.run(sink, backFill)
      }
    }
    return removed
  })
  return prepare.immediate()
}

/**
 * Entries are numbered from here on: milliseconds, of which more pass than entries are put. The number is the version of a missed caller's
 * state, and an older copy of the file, which may be put in the place of this one, has lower ones than were delivered.
 */
function raiseIds(db: Database, now: number): void {
  const raised = db.prepare<[number]>("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'outbox'").run(now)
  if (raised.changes === 0) {
    db.prepare<[number]>("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', ?)").run(now)
  }
}

/** Puts the next entries. Returns true when there is nothing left to put. */
export function backFillStep(db: Database, sinks: readonly SinkEvents[], now: number): boolean {
  const step = db.transaction(() =>
    sinks.filter(({ backFill }) => backFill !== null).every(({ sink }) => fill(db, sink, formatInstant(now))),
  )
  return step.immediate()
}

function fill(db: Database, sink: string, at: string): boolean {
  const position = db.prepare<[string], Position>('SELECT * FROM back_fill WHERE sink = ?').get(sink)
  if (position === undefined) {
    return true
  }
  const part = PARTS.find(({ event }) => position[event] < position[`last_${event}`])
  if (part === undefined) {
    return true
  }
  const waiting = db
    .prepare<[string, number], number>('SELECT count(*) FROM (SELECT 1 FROM outbox WHERE sink = ? LIMIT ?)')
    .pluck()
  if ((waiting.get(sink, ENTRIES) ?? 0) >= ENTRIES) {
    return false
  }
  const { event, table, condition } = part
  const last = position[`last_${event}`]
  const ids = db
    .prepare<[number, number, number], number>(
      `SELECT id FROM ${table} WHERE id > ? AND id <= ? AND ${condition} ORDER BY id LIMIT ?`,
    )
    .pluck()
    .all(position[event], last, ENTRIES)
  put(db, { sink, event, ids, at })
  db.prepare<[number, string]>(`UPDATE back_fill SET ${event} = ? WHERE sink = ?`).run(reached(ids, last), sink)
  return false
}

function reached(ids: readonly number[], last: number): number {
  return ids.length < ENTRIES ? last : (ids.at(-1) ?? last)
}

interface Entries {
  readonly sink: string
  readonly event: string
  readonly ids: readonly number[]
  readonly at: string
}

function put(db: Database, { sink, event, ids, at }: Entries): void {
  const insert = db.prepare<[string, string, number, string, string, string, number]>(
    `INSERT INTO outbox (sink, event, row_id, at) SELECT ?, ?, ?, ?
     WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE sink = ? AND event = ? AND row_id = ?)`,
  )
  for (const id of ids) {
    insert.run(sink, event, id, at, sink, event, id)
  }
}
