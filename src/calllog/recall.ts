// Reads what a former run left: the sums, the counters, the calls without an end.
//
// Must stay quick on a log of any size: it reads the small tables and the index of the open rows, never a whole table.

import type { Database } from 'better-sqlite3'
import type { OpenCall, Recall } from './message.ts'
import { type OpenCallRow, type OpenLegRow, rememberedCall } from './record.ts'
import { readTotal, type StoredTotal } from './total.ts'

/** All that the main thread needs to go on from where the log ends. Throws SQLite's errors. */
export function readRecall(db: Database): Recall {
  const counter = db.prepare<[string], number>('SELECT value FROM counters WHERE name = ?').pluck()
  const lastId = db.prepare<[string], number>('SELECT seq FROM sqlite_sequence WHERE name = ?').pluck()
  const totals = db.prepare<[], StoredTotal>('SELECT name, labels, value FROM totals')
  return {
    lastCallId: lastId.get('calls') ?? 0,
    lastLegId: lastId.get('legs') ?? 0,
    ended: counter.get('ended') ?? 0,
    dropped: counter.get('dropped') ?? 0,
    at: counter.get('at') ?? 0,
    totals: totals.all().map(readTotal),
    open: readOpenCalls(db),
  }
}

function readOpenCalls(db: Database): readonly OpenCall[] {
  const calls = db.prepare<[], OpenCallRow>(
    `SELECT id, channel_id, caller, callee, caller_name, caller_endpoint, direction, start_time, answer_time, answered_by,
       transfers, account_code, context
     FROM calls WHERE end_time IS NULL ORDER BY start_time, id`,
  )
  const legs = db.prepare<[number], OpenLegRow>(
    `SELECT id, call_id, channel_id, endpoint, start_time, ringing_time, answer_time
     FROM legs WHERE call_id = ? AND end_time IS NULL AND channel_id IS NOT NULL ORDER BY id`,
  )
  return calls.all().map((row) => {
    const open = legs.all(row.id)
    return { id: row.id, call: rememberedCall(row, open), legIds: open.map(({ id }) => id) }
  })
}
