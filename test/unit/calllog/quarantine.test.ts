// A database that is damaged at the start is renamed completely and logged; no other file is renamed.

import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, test, vi } from 'vitest'
import { checkIntegrity } from '../../../src/calllog/file/integrity.ts'
import { type LockedDatabase, openDatabase } from '../../../src/calllog/file/open.ts'
import { quarantine } from '../../../src/calllog/file/quarantine.ts'
import { readSavedState } from '../../../src/calllog/writer/savedState.ts'
import { ended, freshPath, openLog, query } from './samples.ts'
import { unprivileged } from './unprivileged.ts'
import { writeCalls } from './written.ts'

const PAGE = 4096

function overwrite(path: string, from: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+')
  writeSync(file, bytes, 0, bytes.length, from)
  closeSync(file)
}

function noise(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => (index * 151 + 7) % 256))
}

function opened<T>(path: string, use: (database: LockedDatabase) => T): T {
  const database = openDatabase(path)
  try {
    return use(database)
  } finally {
    database.db.close()
    database.lock.close()
  }
}

function pageOf(path: string, name: string): number {
  return Number(query(path, `SELECT rootpage AS p FROM sqlite_schema WHERE name = '${name}'`)[0]?.['p']) - 1
}

describe('is renamed unchanged', () => {
  const damages: readonly (readonly [string, (path: string) => void])[] = [
    ['cut short', (path) => truncateSync(path, 2 * PAGE)],
    ['with random bytes as its header', (path) => overwrite(path, 0, noise(100))],
    ['with another magic number', (path) => overwrite(path, 0, noise(16))],
    ['with a blank first page', (path) => overwrite(path, 0, Buffer.alloc(PAGE))],
    [
      'with nothing but our mark in its first page',
      (path) => {
        overwrite(path, 0, noise(16))
        overwrite(path, 100, noise(PAGE - 100))
      },
    ],
    ['with random bytes in its schema', (path) => overwrite(path, 100, noise(PAGE - 100))],
    ['with random bytes in a table', (path) => overwrite(path, pageOf(path, 'calls') * PAGE, noise(PAGE))],
    [
      'with a blank page of an index',
      (path) => overwrite(path, pageOf(path, 'legs_by_operator') * PAGE, Buffer.alloc(PAGE)),
    ],
    ['with random bytes in the middle', (path) => overwrite(path, 40 * PAGE, noise(PAGE))],
  ]

  test.each(damages)('a database %s', (_, damage) => {
    const path = freshPath()
    writeCalls(path, 300)
    damage(path)
    const before = readFileSync(path)
    const aside = opened(path, (database) => {
      expect(readSavedState(database.db, Date.now())).toMatchObject({ ended: 0, totals: [], open: [] })
      return database.quarantined
    })
    expect(aside?.damage).toMatch(/./)
    expect(basename(aside?.file ?? '')).toMatch(/^calls\.db\.corrupt-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/)
    expect(readFileSync(aside?.file ?? '').equals(before)).toBe(true)
    expect(opened(path, (database) => database.quarantined)).toBeNull()
  })

  test('with its write-ahead log, to an unused name', () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 23, 13, 45) })
    const path = freshPath()
    const write = (): void => {
      for (const suffix of ['', '-wal', '-shm', '-lock']) {
        writeFileSync(`${path}${suffix}`, suffix)
      }
    }
    write()
    const target = `${path}.corrupt-2026-11-23T13-45-00Z`
    expect(quarantine(path, 'torn')).toEqual({ file: target, damage: 'torn' })
    expect(readdirSync(dirname(path)).map((name) => name.replace('calls.db', ''))).toEqual([
      '-lock',
      '.corrupt-2026-11-23T13-45-00Z',
      '.corrupt-2026-11-23T13-45-00Z-shm',
      '.corrupt-2026-11-23T13-45-00Z-wal',
    ])
    expect(readFileSync(`${target}-wal`, 'utf8')).toBe('-wal')
    write()
    expect(quarantine(path, 'torn').file).toBe(`${target}-2`)
    vi.useRealTimers()
  })

  test('and logged, with the command that recovers it; a new file is created', async () => {
    const path = freshPath()
    writeCalls(path, 300)
    truncateSync(path, 2 * PAGE)
    const log = await openLog(path)
    const file = `${path}${readdirSync(dirname(path))
      .find((name) => /Z$/.test(name))
      ?.replace('calls.db', '')}`
    expect(log.lines).toEqual([
      expect.objectContaining({
        level: 50,
        damage: 'database disk image is malformed',
        setAside: file,
        recover: `sqlite3 '${file}' .recover | sqlite3 recovered.db`,
        msg: 'the call log is damaged: it was renamed and a new one created; totals and counters start at zero',
      }),
    ])
    expect(log).toMatchObject({ totals: [], restored: { at: 0, calls: [] } })
    log.callLog.append([ended()], [])
    await log.callLog.flush()
    expect(query(path, 'SELECT count(*) AS n FROM calls')).toEqual([{ n: 1 }])
  })
})

describe('is refused and not renamed', () => {
  function refused(path: string, reason: string): void {
    const before = readFileSync(path)
    expect(() => openDatabase(path)).toThrow(expect.objectContaining({ reason }))
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(dirname(path)).filter((name) => name.includes('corrupt'))).toEqual([])
  }

  test('a text file, even one with the SQL of the tables, where a call log was before', () => {
    const path = freshPath()
    writeCalls(path, 3)
    const schema = query(path, 'SELECT sql FROM sqlite_schema').map(({ sql }) => `${sql};\n`)
    writeFileSync(path, schema.join(''))
    refused(path, 'not_a_database')
    writeFileSync(path, 'These are my notes. '.repeat(500))
    refused(path, 'not_a_database')
  })

  test('a file of zeros without a lock file', () => {
    const path = freshPath()
    writeFileSync(path, Buffer.alloc(3 * PAGE))
    refused(path, 'not_a_database')
  })

  test('the damaged database of another program', () => {
    const path = freshPath()
    const db = new Database(path)
    db.exec('CREATE TABLE notes (text); CREATE INDEX by_text ON notes (text)')
    db.exec("INSERT INTO notes SELECT hex(randomblob(100)) FROM json_each('[1,2,3,4,5,6,7,8,9]')")
    db.close()
    truncateSync(path, PAGE)
    refused(path, 'corrupt')
    expect(existsSync(`${path}-lock`)).toBe(false)
  })

  test('a damaged database that another instance has open', async () => {
    const path = freshPath()
    await openLog(path)
    overwrite(path, 0, noise(100))
    refused(path, 'in_use')
  })

  // Needs a folder with the sticky bit and two users.
  test.runIf(process.getuid?.() === 0)('one that cannot be renamed, in a sentence that says so', () => {
    const path = freshPath()
    writeCalls(path, 3)
    overwrite(path, 0, noise(100))
    chmodSync(path, 0o666)
    rmSync(`${path}-lock`)
    chmodSync(dirname(path), 0o1777)
    expect(() => unprivileged(() => openDatabase(path))).toThrow(
      /^DB_PATH .*calls.db": the database is damaged \(file is not a database; it could not be renamed: EPERM.*\) and was left as it is; move the file away/,
    )
    chmodSync(dirname(path), 0o700)
  })
})

describe('a file too large for a full check', () => {
  test.each(['totals', 'counters', 'sqlite_sequence', 'calls', 'calls_by_start', 'legs'])(
    'is checked where a start depends on it: %s',
    (name) => {
      const path = freshPath()
      writeCalls(path, 300)
      overwrite(path, pageOf(path, name) * PAGE, noise(PAGE))
      const db = new Database(path)
      expect(() => checkIntegrity(db, 0)).toThrow()
      db.close()
    },
  )

  test('is not read completely', () => {
    const path = freshPath()
    writeCalls(path, 300)
    overwrite(path, pageOf(path, 'legs_by_operator') * PAGE, noise(PAGE))
    const db = new Database(path)
    expect(() => checkIntegrity(db)).toThrow(expect.objectContaining({ code: 'SQLITE_CORRUPT' }))
    expect(() => checkIntegrity(db, 0)).not.toThrow()
    db.close()
  })
})
