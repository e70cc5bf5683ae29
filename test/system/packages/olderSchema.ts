// Rewrites a call log as an older version of the program would have written it, as far as that had room for what is in it.

import { chownSync, renameSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { MIGRATIONS, migrate } from '../../../src/calllog/file/migrations.ts'

const COUNTERS = 'SELECT name FROM counters'

/** Rewrites `file`, which nobody has open, in version `version` of the schema; returns the number of ended calls in it. */
export function rewriteInSchema(file: string, version: number): number {
  const older = `${file}-older`
  const db = new Database(older)
  migrate(db, MIGRATIONS.slice(0, version))
  const ownCounters = db.prepare<[], string>(COUNTERS).pluck().all()
  db.pragma('foreign_keys = OFF')
  db.prepare('ATTACH ? AS newer').run(file)
  for (const table of namesIn(
    db,
    "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  )) {
    const newer = namesIn(db, `SELECT name FROM pragma_table_info('${table}', 'newer')`)
    const columns = namesIn(db, `SELECT name FROM pragma_table_info('${table}', 'main')`).filter((name) =>
      newer.includes(name),
    )
    const list = columns.join(', ')
    db.exec(`DELETE FROM main.${table}; INSERT INTO main.${table} (${list}) SELECT ${list} FROM newer.${table}`)
  }
  const remove = db.prepare('DELETE FROM main.counters WHERE name = ?')
  for (const name of countersOfMigrations().filter((each) => !ownCounters.includes(each))) {
    remove.run(name)
  }
  const ended = db.prepare<[], number>("SELECT value FROM main.counters WHERE name = 'ended'").pluck().get() ?? 0
  db.close()
  const { uid, gid } = statSync(file)
  chownSync(older, uid, gid)
  renameSync(older, file)
  return ended
}

function namesIn(db: Database.Database, sql: string): readonly string[] {
  return db.prepare<[], string>(sql).pluck().all()
}

/** Counters that a migration makes: an older file does not have them yet. */
function countersOfMigrations(): readonly string[] {
  const newest = new Database(':memory:')
  migrate(newest, MIGRATIONS)
  const names = namesIn(newest, COUNTERS)
  newest.close()
  return names
}
