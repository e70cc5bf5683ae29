// Writes what was changed at the PBX over HTTP to the table `actions`: a row for each action, of which only the outcome changes later.

import type { Database } from 'better-sqlite3'
import type { Action } from '../../control/action.ts'
import { formatInstant } from '../../time/format.ts'

/** Writes the row of an action, or its outcome if it has a row. Throws SQLite's errors. */
export function noteAction(db: Database, action: Action): void {
  const { id, at, who, action: kind, channelId, phone, number, numberKind, outcome, detail } = action
  const put = db.prepare(
    `INSERT INTO actions (id, at, who, action, channel_id, phone, number, number_kind, outcome, detail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, detail = excluded.detail`,
  )
  put.run(id, formatInstant(at), who, kind, channelId, phone, number, numberKind, outcome, detail)
}
