// Reads the calls of a page by their rows, each with the endpoints that it was offered to.

import type { Database } from 'better-sqlite3'
import { CALL_ENTRY_COLUMNS, type CallEntryRow, callEntry, readAttempts } from '../../query/rowToApi.ts'
import type { CallEntry } from '../../query/schema.ts'

/** The longest page. */
export const MAX_LIMIT = 500

// A long queue call has thousands of attempts; a list shows the endpoints of the latest.
const MAX_ATTEMPTS = 100
// Read in the same statement as the call: a second statement for each call would cost more than the page.
const ATTEMPTS = `CASE WHEN answer_time IS NULL THEN (SELECT json_group_array(json_array(endpoint, result)) FROM (
  SELECT endpoint, result FROM legs INDEXED BY legs_by_call
  WHERE call_id = calls.id AND role = 'callee' ORDER BY legs.id DESC LIMIT ${MAX_ATTEMPTS})) END AS attempts`

interface ListedRow extends CallEntryRow {
  readonly attempts: string | null
}

/** So many calls at most, whatever is asked for. */
export function limitOf(asked: number): number {
  return Math.min(Math.max(1, Math.floor(asked)), MAX_LIMIT)
}

/** Reads the calls of these rows. */
export function entriesReader(db: Database): (ids: readonly number[]) => readonly CallEntry[] {
  const row = db.prepare<[number], ListedRow>(`SELECT ${CALL_ENTRY_COLUMNS}, ${ATTEMPTS} FROM calls WHERE id = ?`)
  return (ids) =>
    ids
      .map((id) => row.get(id))
      .filter((found) => found !== undefined)
      .map((call) => callEntry(call, readAttempts(call.attempts)))
}
