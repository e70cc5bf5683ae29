// One call with its legs, in one read of the database.

import type { Database } from 'better-sqlite3'
import {
  CALL_DETAIL_COLUMNS,
  type CallDetailRow,
  callDetail,
  LEG_ENTRY_COLUMNS,
  type LegEntryRow,
} from '../../query/rowToApi.ts'
import type { CallDetail } from '../../query/schema.ts'

// Bounds the legs of one call: long queue calls can have thousands.
const MAX_LEGS = 2000

/** Returns the call of a row id or channel id, its legs in the order in which they started; null if there is no such call. */
export function callDetailReader(db: Database): (call: number | string) => CallDetail | null {
  const byRow = db.prepare<[number], CallDetailRow>(`SELECT ${CALL_DETAIL_COLUMNS} FROM calls WHERE id = ?`)
  // An application that chooses its channel ids can use one again.
  const byChannel = db.prepare<[string], CallDetailRow>(
    `SELECT ${CALL_DETAIL_COLUMNS} FROM calls INDEXED BY calls_by_channel WHERE channel_id = ? ORDER BY id DESC LIMIT 1`,
  )
  const legs = db.prepare<[number, number], LegEntryRow>(
    `SELECT ${LEG_ENTRY_COLUMNS} FROM legs INDEXED BY legs_by_call WHERE call_id = ? ORDER BY id LIMIT ?`,
  )
  return db.transaction((call: number | string) => {
    const row = typeof call === 'number' ? byRow.get(call) : byChannel.get(call)
    if (row === undefined) {
      return null
    }
    return callDetail(row, legs.all(row.id, MAX_LEGS))
  })
}
