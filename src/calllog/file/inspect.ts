// What is at DB_PATH, for `--doctor`: read without creating, migrating or changing a file.
//
// A database without a write-ahead log beside it is opened for writing, with all writes forbidden: SQLite leaves two empty files beside one
// that is opened for reading only.

import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { locate } from './locate.ts'
import { inspectSchema, MIGRATIONS, type Schema, schemaVersion } from './migrations.ts'
import { isDamage } from './open.ts'
import { asOpenError, writeErrorReason } from './writeError.ts'

export interface CallLogFile {
  readonly schema: 'missing' | 'damaged' | 'unreadable' | Schema
  /** Of the schema; 0 if there is none. */
  readonly version: number
  readonly newestVersion: number
  readonly bytes: number
  readonly freeBytes: number
  /** Whether this user may write the file, or create it. */
  readonly isWritable: boolean
  /** An exporter has it open. */
  readonly isInUse: boolean
  /** Null unless the schema is known. */
  readonly calls: LatestCalls | null
}

/** Of the latest calls. */
export interface LatestCalls {
  readonly count: number
  readonly inbound: number
  readonly queues: readonly string[]
}

/** To read all calls of a large file would take minutes. */
const LATEST = 10_000

/** Throws a `CallLogOpenError` if there can be no file at the path. */
export function inspectCallLog(path: string): CallLogFile {
  try {
    const file = locate(path)
    const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? null
    const { bavail, bsize } = statfsSync(dirname(file))
    return {
      ...(bytes === null ? { schema: 'missing', version: 0, calls: null } : contentOf(file)),
      newestVersion: MIGRATIONS.length,
      bytes: bytes ?? 0,
      freeBytes: bavail * bsize,
      isWritable: mayWrite(dirname(file)) && (bytes === null || mayWrite(file)),
      isInUse: isLocked(`${file}-lock`),
    }
  } catch (error) {
    throw asOpenError(error, path)
  }
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function contentOf(file: string): Pick<CallLogFile, 'schema' | 'version' | 'calls'> {
  let db: Database.Database | null = null
  try {
    db = new Database(file, { readonly: existsSync(`${file}-wal`), fileMustExist: true })
    db.pragma('query_only = ON')
    const schema = inspectSchema(db, MIGRATIONS)
    return { schema, version: schemaVersion(db), calls: schema === 'known' ? latestCalls(db) : null }
  } catch (error) {
    return { schema: isDamage(error) ? 'damaged' : 'unreadable', version: 0, calls: null }
  } finally {
    db?.close()
  }
}

function latestCalls(db: Database.Database): LatestCalls {
  const latest = `FROM (SELECT direction, queue FROM calls ORDER BY id DESC LIMIT ${LATEST})`
  const count = (where: string) => db.prepare<[], number>(`SELECT count(*) ${latest} ${where}`).pluck().get() ?? 0
  const queues = db.prepare<[], string>(`SELECT DISTINCT queue ${latest} WHERE queue IS NOT NULL`).pluck().all()
  return { count: count(''), inbound: count("WHERE direction = 'inbound'"), queues }
}

// The exporter locks this file against everybody, also against reading.
function isLocked(lockFile: string): boolean {
  if (!existsSync(lockFile)) {
    return false
  }
  const db = new Database(lockFile, { readonly: true, timeout: 0 })
  try {
    db.prepare('SELECT 1 FROM sqlite_schema').get()
    return false
  } catch (error) {
    return writeErrorReason(error) === 'locked'
  } finally {
    db.close()
  }
}
