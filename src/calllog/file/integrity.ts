// Checks a database for damage, quickly enough for a start; recognises a call log among files that SQLite cannot read.
//
// A full check reads the whole file: about 1 ms per megabyte if the system has it in memory, many times that if not. So only a
// file of up to 64 MiB (100,000 calls) is checked completely. Of a larger one, only what a start needs is checked: the totals,
// the counters, and the end of each table, where the next row goes; writer/savedState.ts then reads the open rows. Damage in
// another place is found by the first write or read of that page, and handled in the same way.

import { closeSync, openSync, readSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { APPLICATION_ID } from './migrations.ts'

const FULL_CHECK_BYTES = 64 * 1024 * 1024
const SMALL_TABLES = ['totals', 'counters', 'sqlite_sequence'] as const

/** Throws an SQLITE_CORRUPT error if it finds damage. */
export function checkIntegrity(db: Database.Database, fullCheckBytes = FULL_CHECK_BYTES): void {
  if (statSync(db.name).size <= fullCheckBytes) {
    quickCheck(db, 1)
    return
  }
  for (const table of SMALL_TABLES) {
    quickCheck(db, table)
  }
  db.prepare('SELECT * FROM calls ORDER BY id DESC LIMIT 1').get()
  db.prepare('SELECT * FROM calls ORDER BY start_time DESC LIMIT 1').get()
  db.prepare('SELECT * FROM legs ORDER BY id DESC LIMIT 1').get()
}

function quickCheck(db: Database.Database, scope: string | number): void {
  const result = db.pragma(`quick_check(${scope})`, { simple: true })
  if (result !== 'ok') {
    throw new Database.SqliteError(String(result), 'SQLITE_CORRUPT')
  }
}

const HEAD_BYTES = 64 * 1024
const PAGE_BYTES = 4096
const APPLICATION_ID_OFFSET = 68
// The first page contains them as plain text, between NUL bytes, which a text file does not have.
const SCHEMA_TEXTS = ['CREATE TABLE calls (', 'CREATE TABLE legs (', 'calls_by_disposition'] as const

/**
 * True if a file that SQLite rejects as damaged, or as not a database, is a call log. Evidence is our application id in its
 * header; the text of our schema; or, if the first page is all zero (as after a power failure), our lock file beside it. The
 * file must not be open.
 */
export function isOurDatabase(file: string): boolean {
  const head = readHead(file)
  const marked = head.length >= APPLICATION_ID_OFFSET + 4 && head.readUInt32BE(APPLICATION_ID_OFFSET) === APPLICATION_ID
  const isBlank = head.length > 0 && head.subarray(0, PAGE_BYTES).every((byte) => byte === 0)
  return (
    marked ||
    (head.includes(0) && SCHEMA_TEXTS.every((text) => head.includes(text))) ||
    (isBlank && statSync(`${file}-lock`, { throwIfNoEntry: false }) !== undefined)
  )
}

function readHead(file: string): Buffer {
  const descriptor = openSync(file, 'r')
  try {
    const head = Buffer.alloc(HEAD_BYTES)
    return head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0))
  } finally {
    closeSync(descriptor)
  }
}
