// Reads the different names in an indexed column, in order: one look-up for each, because DISTINCT would read every entry of the index.

import type { Database } from 'better-sqlite3'

const MAX_NAMES = 10_000

/** `nextSql`: the first name after the bound one, or null. */
export function namesReader(db: Database, nextSql: string): () => readonly string[] {
  const next = db.prepare<[string], string | null>(nextSql).pluck()
  return () => {
    const found: string[] = []
    for (let name = next.get(''); name != null && found.length < MAX_NAMES; name = next.get(name)) {
      found.push(name)
    }
    return found
  }
}
