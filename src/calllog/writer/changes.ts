// Numbers the changes of calls: each transaction that writes calls has a higher number than all before it.
//
// The number is the time (our clock, epoch ms), or one more than the last number if that is higher: so an instant is the place in the order
// from which on to read, and a clock that is set back changes no order. Kept in the file, which may be an older copy.

import type { Database } from 'better-sqlite3'

/** What changes in a transaction; a call is noted again if only its legs or who called back are written. */
export interface ChangeMarks {
  call(id: number): void
  /** Notes the call that has the leg now; to be called before the leg gets another call. */
  ownerOf(leg: number): void
  /** The missed calls of a caller who was called back. */
  returned(missedCaller: number): void
  /** A call that is deleted has no change, whatever was noted before. */
  deleted(id: number): void
  /** Gives what was noted the number of this transaction; to be called last. */
  mark(): void
}

/** `now`: our clock, epoch ms. To be used inside a transaction. */
export function changeMarks(db: Database, now: () => number): ChangeMarks {
  const last = db.prepare<[], number>("SELECT value FROM counters WHERE name = 'change'").pluck()
  const keep = db.prepare<[number]>(
    "INSERT INTO counters (name, value) VALUES ('change', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  )
  const ownerNow = db.prepare<[number], number>('SELECT call_id FROM legs WHERE id = ?').pluck()
  const missed = db
    .prepare<[number], number>('SELECT id FROM calls INDEXED BY calls_by_missed_caller WHERE missed_caller = ?')
    .pluck()
  // Of a row that was refused, an entry without a call is left: readers find nothing there.
  const put = db.prepare<[number, number]>(
    `INSERT INTO call_changes (call_id, change) VALUES (?, ?)
     ON CONFLICT (call_id) DO UPDATE SET change = excluded.change`,
  )
  const noted = new Set<number>()
  return {
    call: (id) => void noted.add(id),
    ownerOf(leg) {
      const owner = ownerNow.get(leg)
      if (owner !== undefined) {
        noted.add(owner)
      }
    },
    returned(missedCaller) {
      for (const id of missed.all(missedCaller)) {
        noted.add(id)
      }
    },
    deleted: (id) => void noted.delete(id),
    mark() {
      if (noted.size === 0) {
        return
      }
      const change = Math.max((last.get() ?? 0) + 1, now())
      keep.run(change)
      for (const id of noted) {
        put.run(id, change)
      }
      noted.clear()
    },
  }
}
