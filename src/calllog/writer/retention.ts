// Deletes ended calls that are older than the retention period, a few at a time, so that batches are written in between.
//
// What was done over HTTP is deleted with the calls of its time. A missed caller is deleted when it was closed that long ago; while it
// waits, it stays. What a sink still lacks is kept for longer, but not without end: a sink that is never reached would otherwise fill the
// disk. Never changes an open call, the totals or the counters. Never relies on our clock alone: a clock that is years ahead for a minute
// would otherwise empty the log.

import type { Database } from 'better-sqlite3'
import { isOfMissedCaller, OUTBOX_EVENTS, type OutboxEvent, type SinkName } from '../../shipping/sink.ts'
import { formatInstant } from '../../time/format.ts'
import { callEraser } from './batch.ts'

// A transaction of this size takes about as long as a batch.
const ROWS_PER_CHUNK = 500

/** How much longer than the retention period rows are kept that a sink lacks. */
export const LACKED_FOR_MS = 30 * 86_400_000

/** Where the next chunk begins, in the order of the calls' starts. */
export interface PrunePosition {
  readonly startTime: string
  readonly id: number
}

const FROM_THE_FIRST: PrunePosition = { startTime: '', id: 0 }

/** What one chunk did. */
export interface Pruned {
  /** Calls that it deleted. */
  readonly calls: number
  /** Entries of the outbox that were removed undelivered, by sink. */
  readonly undelivered: ReadonlyMap<SinkName, number>
  /** Null when no old calls are left. */
  readonly next: PrunePosition | null
}

/** The earlier of our clock (`now`) and the time at which the PBX was last seen. Epoch ms. */
export function knownTime(db: Database, now: number): number {
  const lastSeen = db.prepare<[], number>("SELECT value FROM counters WHERE name = 'at'").pluck().get() ?? 0
  return Math.min(now, lastSeen)
}

interface OldCall {
  readonly id: number
  readonly start_time: string
  readonly end_time: string
  /** 1: a sink lacks it. */
  readonly lacked: number
}

/** Deletes one chunk of the calls that ended before `before` (epoch ms). */
export function prune(db: Database, before: number, from: PrunePosition = FROM_THE_FIRST): Pruned {
  const [cutoff, bound] = [formatInstant(before), formatInstant(before - LACKED_FOR_MS)]
  const old = db.prepare<[string, number, string, string, number], OldCall>(
    `SELECT id, start_time, end_time, ${lacked('calls', CALL_EVENTS)} AS lacked FROM calls
     WHERE (start_time, id) > (?, ?) AND start_time < ? AND end_time < ? ORDER BY start_time, id LIMIT ?`,
  )
  const erase = callEraser(db)
  const forget = outboxEraser(db, CALL_EVENTS)
  const forgetCaller = outboxEraser(db, CALLER_EVENTS)
  const pruneCallers = missedCallerPruner(db)
  const chunk = db.transaction((): Pruned => {
    const found = old.all(from.startTime, from.id, cutoff, cutoff, ROWS_PER_CHUNK)
    const deleted = found.filter((call) => call.lacked === 0 || call.end_time < bound)
    const undelivered = new Map<SinkName, number>()
    for (const { id, lacked: isLacked } of deleted) {
      erase(id)
      if (isLacked === 1) {
        forget(id, undelivered)
      }
    }
    pruneCallers({ cutoff, bound, most: ROWS_PER_CHUNK, forget: (id) => forgetCaller(id, undelivered) })
    db.prepare<[string]>('DELETE FROM outbox_refused WHERE refused_at < ?').run(cutoff)
    db.prepare<[string]>('DELETE FROM actions WHERE at < ?').run(cutoff)
    const last = found.at(-1)
    return {
      calls: deleted.length,
      undelivered,
      next: last === undefined ? null : { startTime: last.start_time, id: last.id },
    }
  })
  return chunk.immediate()
}

const CALL_EVENTS = sqlList(OUTBOX_EVENTS.filter((event) => !isOfMissedCaller(event)))
const CALLER_EVENTS = sqlList(OUTBOX_EVENTS.filter(isOfMissedCaller))

function sqlList(events: readonly OutboxEvent[]): string {
  return events.map((event) => `'${event}'`).join(', ')
}

// Entries of the outbox, and rows that the back-fill has not reached.
function lacked(table: 'calls' | 'missed_callers', events: string): string {
  const [next, last] = table === 'calls' ? ['call', 'last_call'] : ['missed_caller', 'last_missed_caller']
  return `(EXISTS (SELECT 1 FROM outbox WHERE row_id = ${table}.id AND event IN (${events}))
    OR EXISTS (SELECT 1 FROM back_fill WHERE ${table}.id > ${next} AND ${table}.id <= ${last}))`
}

function outboxEraser(db: Database, events: string): (id: number, removed: Map<SinkName, number>) => void {
  const erase = db
    .prepare<[number], SinkName>(`DELETE FROM outbox WHERE row_id = ? AND event IN (${events}) RETURNING sink`)
    .pluck()
  return (id, removed) => {
    for (const sink of erase.all(id)) {
      removed.set(sink, (removed.get(sink) ?? 0) + 1)
    }
  }
}

interface OldCallers {
  /** As the file writes instants. */
  readonly cutoff: string
  readonly bound: string
  readonly most: number
  readonly forget: (id: number) => void
}

function missedCallerPruner(db: Database): (old: OldCallers) => void {
  const erase = db.prepare<[string, string, number], number>(
    `DELETE FROM missed_callers WHERE id IN (
       SELECT id FROM missed_callers INDEXED BY missed_callers_by_close
       WHERE closed_time < ? AND (closed_time < ? OR NOT ${lacked('missed_callers', CALLER_EVENTS)}) LIMIT ?)
     RETURNING id`,
  )
  return ({ cutoff, bound, most, forget }) => {
    for (const id of erase.pluck().all(cutoff, bound, most)) {
      forget(id)
    }
  }
}
