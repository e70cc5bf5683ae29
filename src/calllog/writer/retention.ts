// Deletes ended calls that are older than the retention period, a few at a time, so that batches are written in between.
//
// A missed caller is deleted when it was closed that long ago; while it waits, it stays. Never changes an open call, the totals or the counters. Never relies on our clock alone: a clock that is years ahead for a
// minute would otherwise empty the log.

import type { Database } from 'better-sqlite3'
import { formatInstant } from '../../time/format.ts'
import { callEraser } from './batch.ts'
import { missedCallerPruner } from './missedCallerRows.ts'

// A transaction of this size takes about as long as a batch.
const CALLS_PER_CHUNK = 500

/** The earlier of our clock (`now`) and the time at which the PBX was last seen. Epoch ms. */
export function knownTime(db: Database, now: number): number {
  const lastSeen = db.prepare<[], number>("SELECT value FROM counters WHERE name = 'at'").pluck().get() ?? 0
  return Math.min(now, lastSeen)
}

/** Deletes one chunk of the calls that ended before `before` (epoch ms). Returns how many; 0 if there are none left. */
export function prune(db: Database, before: number): number {
  const cutoff = formatInstant(before)
  const old = db
    .prepare<[string, string, number], number>(
      'SELECT id FROM calls WHERE start_time < ? AND end_time < ? ORDER BY start_time LIMIT ?',
    )
    .pluck()
  const erase = callEraser(db)
  const eraseMissedCallers = missedCallerPruner(db)
  const chunk = db.transaction((): number => {
    const ids = old.all(cutoff, cutoff, CALLS_PER_CHUNK)
    for (const id of ids) {
      erase(id)
    }
    eraseMissedCallers(cutoff, CALLS_PER_CHUNK)
    return ids.length
  })
  return chunk.immediate()
}
