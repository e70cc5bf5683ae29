// Deletes ended calls that are older than they need to be kept, a few at a time so that writing goes on in between.
//
// Never touches an open call, the totals or the counters: what was counted stays counted. Never trusts our clock alone: one
// that is years ahead for a minute would empty the log.

import type { Database } from 'better-sqlite3'
import { formatInstant } from '../../time/format.ts'
import { callEraser } from './batch.ts'

// One short transaction: about the time of a batch.
const CALLS_A_CHUNK = 500

/** The latest time that both our clock (`now`) and the PBX, when it was last seen, agree to have come. Epoch ms. */
export function knownTime(db: Database, now: number): number {
  const seen = db.prepare<[], number>("SELECT value FROM counters WHERE name = 'at'").pluck().get() ?? 0
  return Math.min(now, seen)
}

/** Deletes one chunk of the calls that ended before `before` (epoch ms); returns how many, 0 when none is left. */
export function prune(db: Database, before: number): number {
  const cutoff = formatInstant(before)
  const old = db
    .prepare<[string, string, number], number>(
      'SELECT id FROM calls WHERE start_time < ? AND end_time < ? ORDER BY start_time LIMIT ?',
    )
    .pluck()
  const erase = callEraser(db)
  const chunk = db.transaction((): number => {
    const ids = old.all(cutoff, cutoff, CALLS_A_CHUNK)
    for (const id of ids) {
      erase(id)
    }
    return ids.length
  })
  return chunk.immediate()
}
