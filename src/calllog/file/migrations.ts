// The schema of the database as a list of migrations: step n changes version n - 1 to version n.
//
// A released step never changes; a new one is appended. `user_version` holds the version. `application_id` marks the file as a
// call log, so that the program never writes to another program's database. Columns: writer/recordToRow.ts.

import Sqlite, { type Database } from 'better-sqlite3'
import { V11 } from './actionsTable.ts'
import { V12 } from './changesTable.ts'
import { V9 } from './destinationColumns.ts'
import { V4 } from './endpointIndex.ts'
import { V5 } from './missedCallersTable.ts'
import { V3 } from './offeredColumn.ts'
import { V10 } from './outboxTable.ts'
import { V2 } from './searchIndexes.ts'
import { V8 } from './sipColumns.ts'
import { V6 } from './untriedColumn.ts'
import { V7 } from './voiceColumns.ts'

/** Marks a database file as a call log of this program ("ARIX"). */
export const APPLICATION_ID = 0x41524958

const V1 = `
CREATE TABLE calls (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  channel_id TEXT NOT NULL,
  caller TEXT NOT NULL,
  callee TEXT NOT NULL,
  direction TEXT NOT NULL,
  status TEXT NOT NULL,
  start_time TEXT NOT NULL,
  answer_time TEXT,
  end_time TEXT,
  duration REAL NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  disposition TEXT,
  missed INTEGER NOT NULL,
  cause INTEGER,
  cause_text TEXT,
  cause_class TEXT,
  hangup_by TEXT,
  ring_seconds REAL,
  answer_delay REAL,
  hold_seconds REAL NOT NULL,
  queue TEXT,
  queue_wait REAL,
  answered_by TEXT NOT NULL,
  trunk TEXT,
  transfers INTEGER NOT NULL,
  caller_name TEXT NOT NULL,
  caller_endpoint TEXT NOT NULL,
  account_code TEXT NOT NULL,
  context TEXT NOT NULL,
  quality TEXT,
  merged_into TEXT,
  node TEXT
) STRICT;
CREATE INDEX calls_by_start ON calls (start_time);
CREATE INDEX calls_by_caller ON calls (caller, start_time);
CREATE INDEX calls_by_callee ON calls (callee, start_time);
CREATE INDEX calls_by_disposition ON calls (disposition, start_time);
CREATE INDEX calls_by_channel ON calls (channel_id);
CREATE INDEX calls_open ON calls (start_time) WHERE end_time IS NULL;

CREATE TABLE legs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  call_id INTEGER NOT NULL,
  channel_id TEXT,
  endpoint TEXT NOT NULL,
  endpoint_role TEXT NOT NULL,
  role TEXT NOT NULL,
  dialed TEXT NOT NULL,
  direction TEXT NOT NULL,
  start_time TEXT NOT NULL,
  alive_time TEXT,
  ringing_time TEXT,
  answer_time TEXT,
  end_time TEXT,
  talk_seconds REAL NOT NULL,
  result TEXT,
  cause INTEGER,
  quality TEXT
) STRICT;
CREATE INDEX legs_by_call ON legs (call_id);
CREATE INDEX legs_by_endpoint ON legs (endpoint, start_time);

CREATE TABLE totals (
  name TEXT NOT NULL,
  labels TEXT NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (name, labels)
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`

/** The steps, oldest first. */
export const MIGRATIONS: readonly string[] = [V1, V2, V3, V4, V5, V6, V7, V8, V9, V10, V11, V12]

/** What a database file is: `foreign` belongs to another program, `newer` was written by a newer version of this one. */
export type Schema = 'empty' | 'foreign' | 'newer' | 'known'

/** Changes nothing. Throws SQLite's error if the file is not a database. */
export function inspectSchema(db: Database, migrations: readonly string[]): Schema {
  const version = schemaVersion(db)
  const ours = db.pragma('application_id', { simple: true }) === APPLICATION_ID
  if (ours) {
    return version > migrations.length ? 'newer' : 'known'
  }
  const tables = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get()
  return tables === undefined && version === 0 ? 'empty' : 'foreign'
}

/** Migrates an empty or known database to the newest version, each step in a transaction of its own. */
export function migrate(db: Database, migrations: readonly string[]): void {
  const step = db.transaction((sql: string, version: number) => {
    db.exec(sql)
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.pragma(`user_version = ${version}`)
  })
  for (const [index, sql] of migrations.entries()) {
    if (index >= schemaVersion(db)) {
      step.immediate(sql, index + 1)
    }
  }
}

/** Recreates indexes that somebody dropped, because the searches name them. The tables must exist. */
export function restoreIndexes(db: Database, migrations: readonly string[]): void {
  const existing = new Set(indexesOf(db).map(({ name }) => name))
  for (const { name, sql } of wantedIndexes(migrations)) {
    if (!existing.has(name)) {
      db.exec(sql)
    }
  }
}

interface Index {
  readonly name: string
  readonly sql: string
}

function wantedIndexes(migrations: readonly string[]): readonly Index[] {
  const model = new Sqlite(':memory:')
  migrate(model, migrations)
  const indexes = indexesOf(model)
  model.close()
  return indexes
}

// Indexes of a key have no SQL of their own.
function indexesOf(db: Database): readonly Index[] {
  return db.prepare<[], Index>("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").all()
}

/** The version of the database; 0 for an empty one. */
export function schemaVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }))
}
