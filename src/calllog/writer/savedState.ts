// Reads the state that an earlier run left: the totals, the counters, the calls without an end.
//
// Must be quick for a log of any size: it reads the small tables and the index of the open rows, never a whole table. Must not
// return a time in the future as the time at which the PBX was last seen.

import type { Database } from 'better-sqlite3'
import { formatInstant, parseInstant } from '../../time/format.ts'
import { readEarlierCallers } from './earlierCallers.ts'
import { readNumberSecret } from './missedCallerRows.ts'
import { readLogId } from './outbox.ts'
import type { OpenCall, SavedState } from './protocol.ts'
import { type OpenCallRow, type OpenLegRow, restoredCall } from './rowToRecord.ts'
import { readTotal, type StoredTotal } from './storedTotals.ts'

/** The state from which the main thread continues; `now` is the time of our clock. Throws SQLite's errors. */
export function readSavedState(db: Database, now: number): SavedState {
  const counter = db.prepare<[string], number>('SELECT value FROM counters WHERE name = ?').pluck()
  const lastId = db.prepare<[string], number>('SELECT seq FROM sqlite_sequence WHERE name = ?').pluck()
  const totals = db.prepare<[], StoredTotal>('SELECT name, labels, value FROM totals')
  const aheadMs = counter.get('ahead') ?? 0
  const at = counter.get('at') ?? 0
  return {
    number: counter.get('batch') ?? 0,
    aheadMs,
    at: at <= now - aheadMs ? at : lastChange(db, now - aheadMs),
    lastCallId: lastId.get('calls') ?? 0,
    lastLegId: lastId.get('legs') ?? 0,
    ended: counter.get('ended') ?? 0,
    dropped: counter.get('dropped') ?? 0,
    totals: totals.all().map(readTotal),
    open: readOpenCalls(db),
    missedCallers: readEarlierCallers(db),
    numberSecret: readNumberSecret(db),
    logId: readLogId(db),
  }
}

/** The latest change not after `before` among the open and the latest rows: epoch ms; 0 if there is none. */
function lastChange(db: Database, before: number): number {
  const last = db
    .prepare<[string], string | null>(
      `SELECT max(updated_at) FROM (
         SELECT updated_at FROM calls WHERE end_time IS NULL
         UNION ALL SELECT updated_at FROM (SELECT updated_at FROM calls ORDER BY id DESC LIMIT 1000)
       ) WHERE updated_at <= ?`,
    )
    .pluck()
    .get(formatInstant(before))
  return parseInstant(last ?? null) ?? 0
}

function readOpenCalls(db: Database): readonly OpenCall[] {
  const calls = db.prepare<[], OpenCallRow>(
    `SELECT id, channel_id, caller, callee, caller_name, caller_endpoint, direction, start_time, answer_time, answered_by,
       transfers, account_code, context, voice_problem, sip_call_id, recording, line, destination_class,
       destination_country
     FROM calls WHERE end_time IS NULL ORDER BY start_time, id`,
  )
  const legs = db.prepare<[number], OpenLegRow>(
    `SELECT id, call_id, channel_id, sip_call_id, endpoint, dialed, start_time, ringing_time, answer_time,
       voice_problem
     FROM legs WHERE call_id = ? AND end_time IS NULL AND channel_id IS NOT NULL ORDER BY id`,
  )
  return calls.all().map((row) => {
    const open = legs.all(row.id)
    return { id: row.id, call: restoredCall(row, open), legIds: open.map(({ id }) => id) }
  })
}
