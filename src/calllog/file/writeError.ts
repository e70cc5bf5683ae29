// How the disk fails us: SQLite's codes, folded into closed lists of reasons.
//
// The codes never leave this folder. Source: sqlite.org/rescode.html; better-sqlite3 puts them into `code`.

import { areFilesUsedUp } from '../../process/openFiles.ts'
import { CallLogOpenError, type OpenErrorReason, openError } from './openError.ts'

/**
 * Why a batch could not be written. `replaced`: the file was deleted, or another put in its place, while it was open.
 * `dropped`: once for each ended call that was given up because too many waited.
 * `other`: also a record that the tables refused, which is a defect of this program.
 */
export type WriteErrorReason = 'locked' | 'full' | 'readonly' | 'corrupt' | 'replaced' | 'io' | 'other' | 'dropped'

export const WRITE_ERROR_REASONS: readonly WriteErrorReason[] = [
  'locked',
  'full',
  'readonly',
  'corrupt',
  'replaced',
  'io',
  'other',
  'dropped',
]

/** Why one attempt failed. */
export type FailureReason = Exclude<WriteErrorReason, 'dropped'>

type SqliteReason = Exclude<FailureReason, 'replaced'>

/** The reason in an error that better-sqlite3 threw while writing. */
export function writeErrorReason(error: unknown): SqliteReason {
  const code = errorCode(error)
  const found = REASON_BY_CODE.find(([prefix]) => code.startsWith(prefix))
  return found === undefined ? 'other' : found[1]
}

const REASON_BY_CODE: readonly (readonly [string, SqliteReason])[] = [
  ['SQLITE_BUSY', 'locked'],
  ['SQLITE_LOCKED', 'locked'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_READONLY', 'readonly'],
  ['SQLITE_PERM', 'readonly'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'corrupt'],
  ['SQLITE_IOERR', 'io'],
  ['SQLITE_CANTOPEN', 'io'],
]

/** Whatever was thrown while the database was opened, as the error to show. */
export function asOpenError(error: unknown, path: string): CallLogOpenError {
  return error instanceof CallLogOpenError ? error : openError(openErrorReason(error), path, errorText(error))
}

function openErrorReason(error: unknown): OpenErrorReason {
  const code = errorCode(error)
  if (areFilesUsedUp(code)) {
    return 'no_descriptors'
  }
  const found = OPEN_REASON_BY_CODE.find(([prefix]) => code.startsWith(prefix))
  if (found !== undefined) {
    return found[1]
  }
  const reason = writeErrorReason(error)
  return reason === 'readonly' ? 'unwritable' : reason === 'io' ? 'other' : reason
}

// The file system's codes come from finding the folder.
const OPEN_REASON_BY_CODE: readonly (readonly [string, OpenErrorReason])[] = [
  ['SQLITE_NOTADB', 'not_a_database'],
  ['SQLITE_CANTOPEN', 'unwritable'],
  ['EACCES', 'unwritable'],
  ['EPERM', 'unwritable'],
  ['ENOENT', 'no_such_directory'],
  ['ENOTDIR', 'no_such_directory'],
]

/** The reason when it is the opening that failed, while calls run. */
export function reopenErrorReason(error: unknown): FailureReason {
  return error instanceof CallLogOpenError ? REOPEN_REASONS[error.reason] : 'other'
}

// Where a file is in the way that is not this program's to write, it was put there.
const REOPEN_REASONS: Readonly<Record<OpenErrorReason, FailureReason>> = {
  no_such_directory: 'io',
  unwritable: 'readonly',
  not_a_database: 'replaced',
  foreign_database: 'replaced',
  newer_schema: 'replaced',
  in_use: 'locked',
  locked: 'locked',
  corrupt: 'corrupt',
  full: 'full',
  no_descriptors: 'io',
  other: 'other',
}

/**
 * True when SQLite finds the content of this one record unfit for its column: to try again would fail for ever. A rule that
 * our tables do not have (a unique index, a check, a trigger of somebody else) and what is not SQLite's word is no such thing.
 */
export function isContentError(error: unknown): boolean {
  return CONTENT_CODES.includes(errorCode(error))
}

const CONTENT_CODES: readonly string[] = [
  'SQLITE_CONSTRAINT_DATATYPE',
  'SQLITE_CONSTRAINT_NOTNULL',
  'SQLITE_MISMATCH',
  'SQLITE_TOOBIG',
]

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** An error's own words. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
