// Checks a database for damage within the time that a start may take, and whether a file that SQLite cannot read is a call
// log.
//
// A full check reads the whole file: about 1 ms a megabyte when it is in memory, many times that when it is not. So a
// file of up to 64 MiB (100,000 calls) is checked whole; of a bigger one what a start depends on: the sums, the counters,
// the open rows (saved.ts), and the edge of each table where the next row goes. Damage elsewhere in it is met by the
// write or the read that comes to it, and then dealt with in the same way.

import { closeSync, openSync, readSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { APPLICATION_ID } from './migrations.ts'

const CHECKED_WHOLE_BYTES = 64 * 1024 * 1024
const SMALL_TABLES = ['totals', 'counters', 'sqlite_sequence'] as const

/** Throws SQLite's SQLITE_CORRUPT when the database is found to be damaged. */
export function checkIntegrity(db: Database.Database, checkedWhole = CHECKED_WHOLE_BYTES): void {
  if (statSync(db.name).size <= checkedWhole) {
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
  const said = db.pragma(`quick_check(${scope})`, { simple: true })
  if (said !== 'ok') {
    throw new Database.SqliteError(String(said), 'SQLITE_CORRUPT')
  }
}

const HEAD_BYTES = 64 * 1024
const PAGE_BYTES = 4096
const APPLICATION_ID_OFFSET = 68
// They stand in the first page as they were written, between bytes that no text has.
const SCHEMA_WORDS = ['CREATE TABLE calls (', 'CREATE TABLE legs (', 'calls_by_disposition'] as const

/**
 * True when a file that SQLite finds damaged, or no database at all, has our mark: the number in its header, the words of
 * our schema, or, its head being blank (as a power failure leaves it), our lock beside it. The file must not be open.
 */
export function isOurDatabase(file: string): boolean {
  const head = readHead(file)
  const marked = head.length >= APPLICATION_ID_OFFSET + 4 && head.readUInt32BE(APPLICATION_ID_OFFSET) === APPLICATION_ID
  const isBlank = head.length > 0 && head.subarray(0, PAGE_BYTES).every((byte) => byte === 0)
  return (
    marked ||
    (head.includes(0) && SCHEMA_WORDS.every((words) => head.includes(words))) ||
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
