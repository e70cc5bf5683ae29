// Opens the database file: checks that it is ours to write, takes the lock that keeps a second program out, migrates.
//
// Must never harm a file that is not ours: nothing is written before its schema was looked at.
// The lock is SQLite's own, held on a small file beside the database: the system drops it with the process, however that
// ends, and programs that only read the database are not in its way. The file itself stays; to remove it would race.

import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { openError } from './openError.ts'
import { inspectSchema, MIGRATIONS, migrate } from './schema.ts'
import { asOpenError, writeErrorReason } from './writeError.ts'

// How long one statement waits for another program's lock; the batch is tried again in any case.
const BUSY_TIMEOUT_MS = 100

// A burst makes the write-ahead log long; it is cut back to this when it was copied into the database.
const WAL_BYTES_KEPT = 64 * 1024 * 1024

/** An open database and the lock that goes with it; close both. */
export interface LockedDatabase {
  readonly db: Database.Database
  readonly lock: Database.Database
}

/** Opens or makes the database at `path`; throws a `CallLogOpenError`. `maxPages` 0: no bound. */
export function openDatabase(path: string, maxPages = 0): LockedDatabase {
  try {
    return openChecked(path, maxPages)
  } catch (error) {
    throw asOpenError(error, path)
  }
}

function openChecked(path: string, maxPages: number): LockedDatabase {
  const file = locate(path)
  const db = new Database(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    checkSchema(db, path)
    const lock = takeLock(file, path)
    try {
      prepare(db, maxPages)
      return { db, lock }
    } catch (error) {
      lock.close()
      throw error
    }
  } catch (error) {
    db.close()
    throw error
  }
}

// Two spellings of one path must meet at one lock.
function locate(path: string): string {
  const file = resolve(path)
  const folder = realpathSync(dirname(file))
  if (!statSync(folder).isDirectory()) {
    throw openError('no_such_directory', path)
  }
  const real = realpathIfThere(join(folder, basename(file)))
  if (statSync(real, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw openError('not_a_database', path)
  }
  return real
}

function realpathIfThere(file: string): string {
  return statSync(file, { throwIfNoEntry: false }) === undefined ? file : realpathSync(file)
}

function checkSchema(db: Database.Database, path: string): void {
  const schema = inspectSchema(db, MIGRATIONS)
  switch (schema) {
    case 'foreign': {
      throw openError('foreign_database', path)
    }
    case 'newer': {
      throw openError('newer_schema', path)
    }
    case 'empty':
    case 'known': {
      return
    }
  }
}

function takeLock(file: string, path: string): Database.Database {
  const lock = new Database(`${file}-lock`, { timeout: 0 })
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    throw writeErrorReason(error) === 'locked' ? openError('in_use', path) : error
  }
}

function prepare(db: Database.Database, maxPages: number): void {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma(`journal_size_limit = ${WAL_BYTES_KEPT}`)
  if (maxPages > 0) {
    db.pragma(`max_page_count = ${maxPages}`)
  }
  migrate(db, MIGRATIONS)
  // A file that may only be read opens without complaint, and even gives the lock for writing: only a write tells.
  db.exec("INSERT INTO counters (name, value) VALUES ('ended', 0) ON CONFLICT DO UPDATE SET value = value")
}
