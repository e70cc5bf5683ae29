// Maps SQLite's error codes to closed lists of reasons.
//
// The codes are used only in this folder. Source: sqlite.org/rescode.html; better-sqlite3 puts them into `code`.

import { areFilesUsedUp } from '../../process/openFiles.ts'
import { CallLogOpenError, type OpenErrorReason, openError } from './openError.ts'

/**
 * Why a batch could not be written. `replaced`: the file was deleted or replaced while it was open. `dropped`: counted once for
 * each ended call that was dropped because too many were queued. `other`: includes a record that the tables refused, which is a
 * defect of this program.
 */
export type WriteErrorReason = (typeof WRITE_ERROR_REASONS)[number]

export const WRITE_ERROR_REASONS = [
  'locked',
  'full',
  'readonly',
  'corrupt',
  'replaced',
  'io',
  'other',
  'dropped',
] as const

/** Why one attempt to write failed. */
export type FailureReason = Exclude<WriteErrorReason, 'dropped'>

type SqliteReason = Exclude<FailureReason, 'replaced'>

/** The reason for an error that better-sqlite3 threw while writing. */
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
  // The index of the write-ahead log could not grow.
  ['SQLITE_IOERR_SHMSIZE', 'full'],
  ['SQLITE_IOERR', 'io'],
  ['SQLITE_CANTOPEN', 'io'],
]

/** The error to show for anything that was thrown while the database was opened. */
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

// ENOENT, ENOTDIR, EACCES and EPERM come from resolving the path.
const OPEN_REASON_BY_CODE: readonly (readonly [string, OpenErrorReason])[] = [
  ['SQLITE_NOTADB', 'not_a_database'],
  ['SQLITE_CANTOPEN', 'unwritable'],
  ['EACCES', 'unwritable'],
  ['EPERM', 'unwritable'],
  ['ENOENT', 'no_such_directory'],
  ['ENOTDIR', 'no_such_directory'],
]

/** The reason for a failed attempt to reopen the database while calls are active. */
export function reopenErrorReason(error: unknown): FailureReason {
  return error instanceof CallLogOpenError ? REOPEN_REASONS[error.reason] : 'other'
}

// The open file was a call log; if another kind of file is at its path now, the file was replaced.
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
 * True if SQLite refuses the content of this one record, so that a retry cannot succeed. False for rules that our tables do not
 * have (somebody's unique index, check or trigger) and for errors that are not SQLite's.
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

/** The message of an error. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
