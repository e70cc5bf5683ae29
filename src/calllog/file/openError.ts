// Why the call log cannot be opened: a closed list of reasons, each with one sentence that says what to do.
//
// The messages contain no secret and no stack. The program does not change a file that it reports here.

import { FILES_USED_UP } from '../../process/openFiles.ts'

/** Why the call log could not be opened. */
export type OpenErrorReason =
  | 'no_such_directory'
  | 'unwritable'
  | 'not_a_database'
  | 'foreign_database'
  | 'corrupt'
  | 'newer_schema'
  | 'in_use'
  | 'locked'
  | 'full'
  | 'no_descriptors'
  | 'other'

/** The call log cannot be opened; the message is one sentence that names DB_PATH and the remedy. */
export class CallLogOpenError extends Error {
  override readonly name = 'CallLogOpenError'
  readonly reason: OpenErrorReason

  constructor(reason: OpenErrorReason, message: string) {
    super(message)
    this.reason = reason
  }
}

/** The error for this reason and path. `detail`: SQLite's message, for the reasons whose sentence includes it. */
export function openError(reason: OpenErrorReason, path: string, detail = ''): CallLogOpenError {
  return new CallLogOpenError(reason, `DB_PATH ${JSON.stringify(path)}: ${REMEDIES[reason](detail)}`)
}

const REMEDIES: Readonly<Record<OpenErrorReason, (detail: string) => string>> = {
  no_such_directory: () => 'its folder does not exist; create the folder or set DB_PATH to a file in one that exists',
  unwritable: () => 'it cannot be written; let this user write the file and its folder, or set DB_PATH to another file',
  not_a_database: () => 'it is not an SQLite database and was left as it is; set DB_PATH to another file',
  foreign_database: () =>
    'it is the database of another program and was left as it is; set DB_PATH to another file, a new one is made',
  corrupt: (detail) =>
    `the database is damaged (${detail}) and was left as it is; move the file away (a new one is made) or restore a backup`,
  newer_schema: () =>
    'it was written by a newer version of this program; start that version, or set DB_PATH to another file',
  in_use: () => 'another instance of this program has it open; stop that one, or set DB_PATH to another file',
  locked: () => 'another program holds a lock on it; close that program (a database browser?) and start again',
  full: () => 'the disk is full; make room, or set DB_PATH to a file on another disk',
  no_descriptors: () => `it cannot be opened: ${FILES_USED_UP}`,
  other: (detail) => `it cannot be opened (${detail}); mend that, or set DB_PATH to another file`,
}
