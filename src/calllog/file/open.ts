// Opens the database file: checks that it is a call log, takes the lock that keeps a second program out, migrates the schema.
//
// Must not change or rename a file before its schema was checked: it can belong to another program.
// A damaged call log is quarantined and a new one created; the result says so.
// The lock is an SQLite lock on a small file beside the database: the system releases it when the process ends in any way, and it
// does not affect programs that only read the database. The lock file is never deleted, because that would be a race.

import Database from 'better-sqlite3'
import type { Quarantined } from '../writer/protocol.ts'
import { checkIntegrity, isOurDatabase } from './integrity.ts'
import { locate } from './locate.ts'
import { inspectSchema, MIGRATIONS, migrate, restoreIndexes, type Schema } from './migrations.ts'
import { CallLogOpenError, openError } from './openError.ts'
import { quarantine } from './quarantine.ts'
import { asOpenError, errorText, writeErrorReason } from './writeError.ts'

// How long a statement waits for another program's lock. A batch that fails is retried anyway.
const BUSY_TIMEOUT_MS = 100

// The library's default of 16 MB would fill within hours without a benefit: calls are appended, and the system caches the file.
const CACHE_KB = 4_096

// A burst enlarges the write-ahead log; SQLite truncates it to this size after a checkpoint.
const WAL_BYTES_KEPT = 64 * 1024 * 1024

/** An open database and its lock; close both. */
export interface LockedDatabase<Content = unknown> {
  readonly db: Database.Database
  readonly lock: Database.Database
  /** What `read` returned. */
  readonly content: Content
  /** The damaged file that was at the path before; usually null. */
  readonly quarantined: Quarantined | null
}

export interface OpenOptions<Content> {
  /** The largest size, in pages; 0: no limit. */
  readonly maxPages: number
  /** Reads from the open database. Damage that it finds is handled like damage that was found while opening. */
  readonly read: (db: Database.Database) => Content
}

/** Opens or creates the database at `path`; throws a `CallLogOpenError`. */
export function openDatabase(path: string): LockedDatabase
export function openDatabase<Content>(path: string, options: OpenOptions<Content>): LockedDatabase<Content>
export function openDatabase(
  path: string,
  options: OpenOptions<unknown> = { maxPages: 0, read: () => undefined },
): LockedDatabase {
  try {
    const file = locate(path)
    checkSchema(file, path)
    const lock = takeLock(file, path)
    try {
      return { lock, ...openOrReplace(file, path, options) }
    } catch (error) {
      lock.close()
      throw error
    }
  } catch (error) {
    throw asOpenError(error, path)
  }
}

function openOrReplace(file: string, path: string, options: OpenOptions<unknown>): Omit<LockedDatabase, 'lock'> {
  try {
    return { ...openAndRead(file, options), quarantined: null }
  } catch (error) {
    if (!isDamage(error)) {
      throw error
    }
    const aside = quarantineOrRefuse(file, path, errorText(error))
    try {
      return { ...openAndRead(file, options), quarantined: aside }
    } catch (next) {
      const { reason, message } = asOpenError(next, path)
      throw new CallLogOpenError(reason, `${message} (the damaged database is now ${aside.file})`)
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

function openAndRead(file: string, { maxPages, read }: OpenOptions<unknown>): Pick<LockedDatabase, 'db' | 'content'> {
  const db = new Database(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    checkIntegrity(db)
    prepare(db, maxPages)
    return { db, content: read(db) }
  } catch (error) {
    db.close()
    throw error
  }
}

/** True if SQLite's error means that the file itself is damaged. */
export function isDamage(error: unknown): boolean {
  return writeErrorReason(error) === 'corrupt'
}

// A damaged call log passes; it is quarantined later, while the lock is held.
function checkSchema(file: string, path: string): void {
  const schema = schemaOf(file)
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

function schemaOf(file: string): Schema | 'damaged' {
  const db = new Database(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    return inspectSchema(db, MIGRATIONS)
  } catch (error) {
    // isOurDatabase opens and closes the file, which must not be open in SQLite then.
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
  // After the migrations, so that the application id is in the database file and not only in its write-ahead log.
  db.pragma('journal_mode = WAL')
  // SQLite opens a read-only file without an error and even grants the write lock; only a write fails.
  db.exec("INSERT INTO counters (name, value) VALUES ('ended', 0) ON CONFLICT DO UPDATE SET value = value")
}
