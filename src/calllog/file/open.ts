// Opens the database file: checks that it is ours to write, takes the lock that keeps a second program out, migrates.
//
// Must never harm a file that is not ours: nothing is written, and nothing renamed, before its schema was looked at.
// A damaged call log is quarantined and a new one created; the result says so.
// The lock is SQLite's own, held on a small file beside the database: the system drops it with the process, however that
// ends, and programs that only read the database are not in its way. The file itself stays; to remove it would race.

import Database from 'better-sqlite3'
import { now } from '../../time/clock.ts'
import type { Quarantined, SavedState, SpillRead } from '../writer/protocol.ts'
import { readSavedState } from '../writer/savedState.ts'
import { readSpill } from '../writer/spill.ts'
import { checkIntegrity, isOurDatabase } from './integrity.ts'
import { locate } from './locate.ts'
import { inspectSchema, MIGRATIONS, migrate, restoreIndexes, type Schema } from './migrations.ts'
import { CallLogOpenError, openError } from './openError.ts'
import { quarantine } from './quarantine.ts'
import { asOpenError, errorText, writeErrorReason } from './writeError.ts'

// How long one statement waits for another program's lock; the batch is tried again in any case.
const BUSY_TIMEOUT_MS = 100

// The library's 16 MB would fill within the first hours and bring nothing: calls are appended, and the system caches the file.
const CACHE_KB = 4_096

// A burst makes the write-ahead log long; it is cut back to this when it was copied into the database.
const WAL_BYTES_KEPT = 64 * 1024 * 1024

/** An open database and the lock that goes with it; close both. */
export interface LockedDatabase {
  readonly db: Database.Database
  readonly lock: Database.Database
  /** What it holds for a start. */
  readonly saved: SavedState
  /** The damaged file that was there before it; mostly null. */
  readonly quarantined: Quarantined | null
  /** What an earlier run had left beside it; mostly null. */
  readonly spill: SpillRead | null
}

/** Opens or makes the database at `path`; throws a `CallLogOpenError`. `maxPages` 0: no bound. */
export function openDatabase(path: string, maxPages = 0): LockedDatabase {
  try {
    const file = locate(path)
    checkSchema(file, path)
    const lock = takeLock(file, path)
    try {
      return { lock, ...openOrReplace(file, path, maxPages) }
    } catch (error) {
      lock.close()
      throw error
    }
  } catch (error) {
    throw asOpenError(error, path)
  }
}

function openOrReplace(file: string, path: string, maxPages: number): Omit<LockedDatabase, 'lock'> {
  try {
    return { ...openSound(file, maxPages), quarantined: null }
  } catch (error) {
    if (!isDamage(error)) {
      throw error
    }
    const aside = quarantineOrRefuse(file, path, errorText(error))
    try {
      return { ...openSound(file, maxPages), quarantined: aside }
    } catch (next) {
      const { reason, message } = asOpenError(next, path)
      throw new CallLogOpenError(reason, `${message} (the damaged database that was there is now ${aside.file})`)
    }
  }
}

function quarantineOrRefuse(file: string, path: string, damage: string): Quarantined {
  try {
    return quarantine(file, damage)
  } catch (error) {
    throw openError('corrupt', path, `${damage}; it could not be renamed: ${errorText(error)}`)
  }
}

function openSound(file: string, maxPages: number): Pick<LockedDatabase, 'db' | 'saved' | 'spill'> {
  const db = new Database(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    checkIntegrity(db)
    prepare(db, maxPages)
    const spill = readSpill(db)
    return { db, spill, saved: readSavedState(db, now()) }
  } catch (error) {
    db.close()
    throw error
  }
}

/** True when SQLite's error says that the file itself is damaged. */
export function isDamage(error: unknown): boolean {
  return writeErrorReason(error) === 'corrupt'
}

// A damaged call log is accepted here; it is quarantined later, under the lock.
function checkSchema(file: string, path: string): void {
  const schema = lookAt(file)
  switch (schema) {
    case 'foreign': {
      throw openError('foreign_database', path)
    }
    case 'newer': {
      throw openError('newer_schema', path)
    }
    case 'empty':
    case 'known':
    case 'damaged': {
      return
    }
  }
}

function lookAt(file: string): Schema | 'damaged' {
  const db = new Database(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    return inspectSchema(db, MIGRATIONS)
  } catch (error) {
    // It must not be open while it is read.
    db.close()
    if (isDamage(error) && isOurDatabase(file)) {
      return 'damaged'
    }
    throw error
  } finally {
    db.close()
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
  db.pragma('synchronous = FULL')
  db.pragma(`journal_size_limit = ${WAL_BYTES_KEPT}`)
  db.pragma(`cache_size = -${CACHE_KB}`)
  if (maxPages > 0) {
    db.pragma(`max_page_count = ${maxPages}`)
  }
  migrate(db, MIGRATIONS)
  restoreIndexes(db, MIGRATIONS)
  // After the first migration, so that a new file bears our mark itself, not its write-ahead log alone.
  db.pragma('journal_mode = WAL')
  // A read-only file opens without an error and even grants the write lock; only a write fails.
  db.exec("INSERT INTO counters (name, value) VALUES ('ended', 0) ON CONFLICT DO UPDATE SET value = value")
}
