// One call with its legs, in one read of the database.

import type { Database } from 'better-sqlite3'
import type { CallStory } from '../query.ts'
import { CALL_STORY_COLUMNS, type CallStoryRow, callStory, LEG_ENTRY_COLUMNS, type LegEntryRow } from './entry.ts'

// A queue that rings for hours makes many.
const MAX_LEGS = 2000

/** Answers with the call of a row, its legs in the order of their begin; null when there is no such row. */
export function storyReader(db: Database): (id: number) => CallStory | null {
  const call = db.prepare<[number], CallStoryRow>(`SELECT ${CALL_STORY_COLUMNS} FROM calls WHERE id = ?`)
  const legs = db.prepare<[number, number], LegEntryRow>(
    `SELECT ${LEG_ENTRY_COLUMNS} FROM legs INDEXED BY legs_by_call WHERE call_id = ? ORDER BY id LIMIT ?`,
  )
  return db.transaction((id: number) => {
    const row = call.get(id)
    if (row === undefined) return null
    const story = callStory(row, legs.all(id, MAX_LEGS))
    return { ...story, legs: story.legs.toSorted((one, other) => (one.start_time < other.start_time ? -1 : 1)) }
  })
}
