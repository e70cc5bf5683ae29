// Which files are refused at the start and with which message; a refused file is not changed.

import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { DIRECTIONS } from '../../../src/call/event.ts'
import { DISPOSITIONS } from '../../../src/call/fact.ts'
import { isMissed, isOffered } from '../../../src/call/outcome/disposition.ts'
import { APPLICATION_ID, inspectSchema, MIGRATIONS, migrate } from '../../../src/calllog/file/migrations.ts'
import { openDatabase } from '../../../src/calllog/file/open.ts'
import { CallLogOpenError, openError } from '../../../src/calllog/file/openError.ts'
import { asOpenError, isContentError, writeErrorReason } from '../../../src/calllog/file/writeError.ts'
import { ended, freshPath, openLog, query } from './samples.ts'
import { unprivileged } from './unprivileged.ts'

function refusal(path: string): CallLogOpenError {
  try {
    const { db, lock } = openDatabase(path)
    db.close()
    lock.close()
  } catch (error) {
    if (error instanceof CallLogOpenError) {
      return error
    }
    throw error
  }
  throw new Error('not refused')
}

function make(path: string, ...statements: readonly string[]): void {
  const db = new Database(path)
  for (const sql of statements) {
    db.exec(sql)
  }
  db.close()
}

describe('is refused, in a sentence that names DB_PATH', () => {
  test('a folder that does not exist', async () => {
    const path = join(dirname(freshPath()), 'nowhere', 'calls.db')
    const { reason, message } = refusal(path)
    expect(reason).toBe('no_such_directory')
    expect(message).toBe(
      `DB_PATH ${JSON.stringify(path)}: its folder does not exist; create the folder or set DB_PATH to a file in one that exists`,
    )
    const file = freshPath()
    writeFileSync(file, '')
    expect(refusal(join(file, 'calls.db'))).toMatchObject({ reason: 'no_such_directory' })
    await expect(openLog(path)).rejects.toEqual(openError('no_such_directory', path))
  })

  test('a folder at the path of the file', async () => {
    expect(refusal(dirname(freshPath()))).toMatchObject({ reason: 'not_a_database' })
  })

  test('a file that cannot be created', async () => {
    const path = freshPath()
    mkdirSync(`${path}-lock`)
    expect(refusal(path)).toMatchObject({ reason: 'unwritable' })
  })

  test('a file, or a folder, that this user may only read', async () => {
    const path = freshPath()
    const log = await openLog(path)
    await log.callLog.close()
    const folder = dirname(path)
    chmodSync(`${path}-lock`, 0o666)
    chmodSync(path, 0o444)
    chmodSync(folder, 0o777)
    expect(() => unprivileged(() => openDatabase(path))).toThrow(openError('unwritable', path))
    chmodSync(folder, 0o555)
    const other = join(folder, 'other.db')
    expect(() => unprivileged(() => openDatabase(other))).toThrow(openError('unwritable', other))
    chmodSync(folder, 0o700)
  })

  test('a file that is not a database', async () => {
    const path = freshPath()
    writeFileSync(path, 'These are my notes, and they are long enough. '.repeat(100))
    expect(refusal(path)).toMatchObject({ reason: 'not_a_database' })
    expect(readFileSync(path, 'utf8')).toContain('my notes')
    expect(existsSync(`${path}-lock`)).toBe(false)
  })

  test('the database of another program, whatever its version', async () => {
    const plain = freshPath()
    make(plain, 'CREATE TABLE calls (id INTEGER)', 'INSERT INTO calls VALUES (1)')
    const versioned = freshPath()
    make(versioned, 'CREATE TABLE notes (text)', 'PRAGMA user_version = 1')
    for (const path of [plain, versioned]) {
      const before = readFileSync(path)
      expect(refusal(path)).toMatchObject({ reason: 'foreign_database' })
      expect(readFileSync(path)).toEqual(before)
    }
  })

  test('a database that a newer version wrote', async () => {
    const path = freshPath()
    const log = await openLog(path)
    await log.callLog.close()
    make(path, `PRAGMA user_version = ${MIGRATIONS.length + 1}`)
    const { reason, message } = refusal(path)
    expect(reason).toBe('newer_schema')
    expect(message).toMatch(/newer version of this program/)
  })

  test('a database that another instance has open, under any of its paths, until it is closed', async () => {
    const path = freshPath()
    const link = `${path}.link`
    const log = await openLog(path)
    symlinkSync(path, link)
    expect(refusal(path)).toMatchObject({ reason: 'in_use' })
    expect(refusal(link).message).toMatch(/another instance/)
    log.callLog.append([ended()], [])
    await log.callLog.close()
    const again = await openLog(link)
    expect(again.callLog.status().rows).toBe(1)
  })

  test('a database that a database browser has locked', async () => {
    const path = freshPath()
    const log = await openLog(path)
    await log.callLog.close()
    const other = new Database(path)
    other.exec('BEGIN EXCLUSIVE')
    expect(refusal(path)).toMatchObject({ reason: 'locked' })
    other.close()
    await openLog(path)
  })
})

test('an empty file becomes a call log', async () => {
  const path = freshPath()
  writeFileSync(path, '')
  await openLog(path)
  expect(query(path, 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
  expect(statSync(path).size).toBeGreaterThan(0)
})

describe('migrations', () => {
  const steps = [...MIGRATIONS, "ALTER TABLE calls ADD COLUMN extra TEXT NOT NULL DEFAULT 'none'"]

  test('bring an empty database to the newest version, in order', () => {
    const db = new Database(':memory:')
    expect(inspectSchema(db, steps)).toBe('empty')
    migrate(db, steps)
    expect(db.pragma('user_version', { simple: true })).toBe(steps.length)
    expect(db.pragma('application_id', { simple: true })).toBe(APPLICATION_ID)
    expect(inspectSchema(db, steps)).toBe('known')
    expect(inspectSchema(db, MIGRATIONS)).toBe('newer')
    db.close()
  })

  test('give the rows of an older file the value of `offered` that the core gives', () => {
    const db = new Database(':memory:')
    migrate(db, MIGRATIONS.slice(0, 2))
    const put =
      db.prepare(`INSERT INTO calls (channel_id, caller, callee, direction, status, start_time, duration, created_at,
      updated_at, disposition, missed, hold_seconds, answered_by, transfers, caller_name, caller_endpoint, account_code, context)
      VALUES (?, '', '', ?, '', '', 0, '', '', ?, ?, 0, '[]', 0, '', '', '', '')`)
    const wanted = new Map<string, number>()
    for (const direction of DIRECTIONS) {
      for (const disposition of [null, ...DISPOSITIONS]) {
        for (const wasTried of [false, true]) {
          const name = `${direction} ${disposition} ${wasTried}`
          const isKnown = disposition !== null
          put.run(name, direction, disposition, isKnown && isMissed(disposition, direction, wasTried) ? 1 : 0)
          wanted.set(name, isKnown && isOffered(disposition, direction, wasTried) ? 1 : 0)
        }
      }
    }
    migrate(db, MIGRATIONS)
    const rows = db.prepare<[], [string, number]>('SELECT channel_id, offered FROM calls').raw().all()
    expect(new Map(rows)).toEqual(wanted)
    expect(rows.filter(([, offered]) => offered === 1).length).toBeGreaterThan(20)
    db.close()
  })

  test('bring an older file to the newest version and keep its rows', async () => {
    const path = freshPath()
    const log = await openLog(path)
    log.callLog.append([ended()], [])
    await log.callLog.close()
    const db = new Database(path)
    migrate(db, steps)
    migrate(db, steps)
    expect(db.prepare('SELECT caller, extra FROM calls').all()).toEqual([{ caller: '101', extra: 'none' }])
    expect(db.pragma('user_version', { simple: true })).toBe(steps.length)
    db.close()
  })

  test('drop the index of version 3 that no query uses', () => {
    const db = new Database(':memory:')
    migrate(db, MIGRATIONS.slice(0, 3))
    const indexes = () =>
      db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").pluck().all()
    const before = indexes()
    migrate(db, MIGRATIONS.slice(0, 4))
    expect(indexes()).toEqual(before.filter((name) => name !== 'legs_by_endpoint'))
    expect(before).toContain('legs_by_endpoint')
    db.close()
  })

  test('bring a file of version 4 to missed callers: its calls stay, and belong to none', () => {
    const db = new Database(':memory:')
    migrate(db, MIGRATIONS.slice(0, 4))
    const columns = db.prepare<[], string>("SELECT name FROM pragma_table_info('calls')").pluck().all()
    const values = columns.map((name) => (/time|_at$/.test(name) ? "'2026-03-04 05:06:07.089'" : '1'))
    db.exec(`INSERT INTO calls (${columns.join(', ')}) VALUES (${values.join(', ')})`)
    const before = db.prepare<[], object>('SELECT * FROM calls').all()
    migrate(db, MIGRATIONS.slice(0, 5))
    const none = { missed_caller: null, returned_by: null, returned_after: null }
    expect(db.prepare('SELECT * FROM calls').all()).toEqual(before.map((row) => ({ ...row, ...none })))
    expect(db.prepare('SELECT count(*) FROM missed_callers').pluck().get()).toBe(0)
    expect(db.prepare("SELECT length(value) FROM secrets WHERE name = 'number_key'").pluck().get()).toBe(64)
    db.close()
  })

  test('bring a file of version 5 to those whom nobody has tried: as far as it knows', () => {
    const db = new Database(':memory:')
    migrate(db, MIGRATIONS.slice(0, 5))
    const insert = db.prepare<[string, number]>(
      `INSERT INTO missed_callers (number, name, state, first_miss_time, last_miss_time, attempts, tries, called, number_key)
       VALUES ('0401234567', '', ?, '2026-03-04 05:06:07.089', '2026-03-04 06:06:07.089', 2, ?, '5550100', 'key')`,
    )
    insert.run('waiting', 0)
    insert.run('waiting', 1)
    insert.run('expired', 0)
    migrate(db, MIGRATIONS)
    expect(db.prepare('SELECT untried_since FROM missed_callers ORDER BY id').pluck().all()).toEqual([
      '2026-03-04 05:06:07.089',
      null,
      null,
    ])
    db.close()
  })

  test('bring a file of version 7 to SIP Call-IDs, recordings, lines and destinations: its calls stay, and have none', () => {
    const db = new Database(':memory:')
    migrate(db, MIGRATIONS.slice(0, 7))
    const columns = db.prepare<[], string>("SELECT name FROM pragma_table_info('calls')").pluck().all()
    db.exec(`INSERT INTO calls (${columns.join(', ')}) VALUES (${columns.map(() => '1').join(', ')})`)
    const before = db.prepare<[], object>('SELECT * FROM calls').all()
    migrate(db, MIGRATIONS)
    const none = { sip_call_id: null, recording: null, line: null, destination_class: null, destination_country: null }
    expect(db.prepare('SELECT * FROM calls').all()).toEqual(before.map((row) => ({ ...row, ...none })))
    expect(db.prepare<[], string>("SELECT name FROM pragma_table_info('legs')").pluck().all()).toContain('sip_call_id')
    db.close()
  })

  test('a failing migration leaves the previous version', () => {
    const db = new Database(':memory:')
    expect(() => migrate(db, [...MIGRATIONS, 'CREATE TABLE half (id); BROKEN'])).toThrow()
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length)
    expect(db.prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").all()).toEqual([])
    db.close()
  })
})

describe('codes', () => {
  const sqlite = (code: string): Error => new Database.SqliteError('words', code)

  test.each([
    ['SQLITE_BUSY_SNAPSHOT', 'locked'],
    ['SQLITE_LOCKED', 'locked'],
    ['SQLITE_FULL', 'full'],
    ['SQLITE_READONLY_DBMOVED', 'readonly'],
    ['SQLITE_CORRUPT_INDEX', 'corrupt'],
    ['SQLITE_NOTADB', 'corrupt'],
    ['SQLITE_IOERR_FSYNC', 'io'],
    ['SQLITE_IOERR_SHMSIZE', 'full'],
    ['SQLITE_CANTOPEN', 'io'],
    ['SQLITE_ERROR', 'other'],
  ])('%s while writing is %s', (code, reason) => {
    expect(writeErrorReason(sqlite(code))).toBe(reason)
    expect(isContentError(sqlite(code))).toBe(false)
  })

  test('a refused record is distinguished from a failing disk', () => {
    expect(isContentError(sqlite('SQLITE_CONSTRAINT_NOTNULL'))).toBe(true)
    expect(isContentError(sqlite('SQLITE_CONSTRAINT_DATATYPE'))).toBe(true)
    expect(isContentError(new RangeError('Missing named parameter "note"'))).toBe(false)
    for (const rule of ['UNIQUE', 'CHECK', 'TRIGGER', 'FOREIGNKEY']) {
      expect(isContentError(sqlite(`SQLITE_CONSTRAINT_${rule}`))).toBe(false)
    }
  })

  test('at the start, an error without a remedy is reported with its own message', () => {
    expect(asOpenError(sqlite('SQLITE_IOERR'), 'x.db')).toMatchObject({ reason: 'other' })
    expect(asOpenError(sqlite('SQLITE_IOERR'), 'x.db').message).toContain('(words)')
    expect(asOpenError(sqlite('SQLITE_READONLY'), 'x.db')).toMatchObject({ reason: 'unwritable' })
    expect(asOpenError(sqlite('SQLITE_FULL'), 'x.db')).toEqual(openError('full', 'x.db'))
    expect(asOpenError(sqlite('SQLITE_IOERR_SHMSIZE'), 'x.db')).toEqual(openError('full', 'x.db'))
  })
})
