// The file is lost while calls are active: deleted, replaced, emptied, damaged. The log continues in another file, reports which
// calls are missing there, and keeps its totals and open calls.

import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { fileIdentity } from '../../../src/calllog/file/identity.ts'
import { PATIENCE } from '../patience.ts'
import { ended, freshPath, openLog, query, sampleLeg, started, T0, type TestLog } from './samples.ts'
import { writeCalls } from './written.ts'

const ONE = [{ name: 'ended', labels: {}, value: 1 }]
const QUICK = { flushMs: 1, fileCheckMs: 20 }
const AGAIN = 'the call log is written again'
const CANNOT = 'the call log cannot be written; calls wait in memory'
const ANOTHER =
  'the call log is another file now: rows of ended calls are not in it; totals, counters and open calls continue'
const ASIDE = 'the call log is damaged: it was renamed and a new one created; totals and counters continue'

/** A log with the ended calls 1 to 3, and an open call with an ended leg. */
async function runningLog(path: string, options = QUICK): Promise<TestLog> {
  const log = await openLog(path, options)
  append(log, 1, 3)
  const leg = sampleLeg({ callId: 'open', endedAt: T0, result: 'busy' })
  log.callLog.append([started({ channelId: 'open' }), { type: 'LegEnded', at: T0, leg }], [])
  await log.callLog.flush()
  return log
}

function append(log: TestLog, from: number, to: number): void {
  for (let id = from; id <= to; id += 1) {
    log.callLog.append([ended({ channelId: `${id}` }, T0 + id)], ONE)
  }
}

function remove(path: string, ...suffixes: readonly string[]): void {
  for (const suffix of suffixes) {
    rmSync(`${path}${suffix}`)
  }
}

async function said(log: TestLog, ...messages: readonly string[]): Promise<void> {
  await vi.waitFor(() => expect(log.lines.map(({ msg }) => msg)).toEqual(messages), PATIENCE)
}

function channels(path: string): unknown[] {
  return query(path, 'SELECT channel_id AS c FROM calls ORDER BY id').map(({ c }) => c)
}

async function goesOn(log: TestLog, path: string, kept: readonly string[]): Promise<void> {
  append(log, 4, 5)
  log.callLog.append([ended({ channelId: 'open' }, T0 + 9)], ONE)
  await log.callLog.flush()
  expect(log.callLog.status()).toEqual({ rows: 6, pending: 0, dropped: 0, writable: true })
  expect(channels(path)).toEqual([...kept, 'open', '4', '5'])
  expect(query(path, 'SELECT result FROM legs')).toEqual([{ result: 'busy' }])
  expect(query(path, 'SELECT value FROM totals')).toEqual([{ value: 6 }])
}

describe('deleted', () => {
  test('is noticed while nothing is written, and created again', async () => {
    const path = freshPath()
    const log = await runningLog(path)
    const firstId = log.callLog.logId()
    remove(path, '', '-wal', '-shm', '-lock')
    await said(log, CANNOT, ANOTHER, AGAIN)
    // Which missing file it reports depends on the time of the check.
    expect(log.lines).toMatchObject([
      {
        level: 50,
        reason: 'replaced',
        detail: expect.stringMatching(/^the database file is missing$|-lock is missing/),
      },
      { level: 50, calls: 3, path },
      { level: 30 },
    ])
    expect(log.errors).toEqual(['replaced'])
    expect(log.callLog.logId()).not.toBe(firstId)
    expect(query(path, "SELECT value FROM identity WHERE name = 'log_id'")).toEqual([{ value: log.callLog.logId() }])
    expect(query(path, 'SELECT channel_id AS c, status FROM calls')).toEqual([{ c: 'open', status: 'ringing' }])
    expect(query(path, 'SELECT value FROM totals')).toEqual([{ value: 3 }])
    await goesOn(log, path, [])
    await log.callLog.close()
    const again = await openLog(path)
    expect(again.totals).toEqual([{ ...ONE[0], value: 6 }])
    expect(again.callLog.status()).toMatchObject({ rows: 6, pending: 0 })
  })

  test('is noticed by the next write, which is repeated in the new file', async () => {
    const path = freshPath()
    const log = await runningLog(path, { flushMs: 1, fileCheckMs: 60_000 })
    remove(path, '')
    append(log, 4, 4)
    await log.callLog.flush()
    await said(log, CANNOT, ANOTHER, AGAIN)
    expect(channels(path)).toEqual(['open', '4'])
    expect(query(path, 'SELECT value FROM totals')).toEqual([{ value: 4 }])
  })

  test('just before the stop, is created again with the last-seen time', async () => {
    const path = freshPath()
    const log = await runningLog(path, { flushMs: 1, fileCheckMs: 60_000 })
    remove(path, '')
    log.callLog.noteLastSeen(T0 + 100)
    await log.callLog.close()
    const again = await openLog(path)
    expect(again.totals).toEqual([{ ...ONE[0], value: 3 }])
    expect(again.restored).toMatchObject({ at: T0 + 100, calls: [{ channelId: 'open' }] })
  })

  test('with its folder, delays writing until the folder exists', async () => {
    const path = freshPath()
    const log = await runningLog(path)
    rmSync(dirname(path), { recursive: true })
    append(log, 4, 4)
    await vi.waitFor(() => expect(log.errors).toContain('io'), PATIENCE)
    expect(log.callLog.status()).toMatchObject({ rows: 3, pending: 1, writable: false })
    mkdirSync(dirname(path))
    await log.callLog.flush()
    expect(channels(path)).toEqual(['open', '4'])
  })

  test.each(['-wal', '-lock'])('only %s: the database is reopened, and nothing is missing', async (suffix) => {
    const path = freshPath()
    const log = await runningLog(path)
    remove(path, suffix)
    await said(log, CANNOT, 'the call log was reopened; nothing is missing in it', AGAIN)
    expect(statSync(`${path}${suffix}`).isFile()).toBe(true)
    await goesOn(log, path, ['1', '2', '3'])
  })
})

test('a moved file contains all batches that were written to it', async () => {
  const path = freshPath()
  const log = await runningLog(path)
  renameSync(path, `${path}.old`)
  await said(log, CANNOT, ANOTHER, AGAIN)
  expect(channels(`${path}.old`)).toEqual(['1', '2', '3', 'open'])
  await goesOn(log, path, [])
})

test('an emptied file is quarantined with its write-ahead log, and a new one is created', async () => {
  const path = freshPath()
  const log = await runningLog(path)
  // SQLite applies nothing of a write-ahead log that is much smaller than the file was.
  const db = new Database(path)
  for (let frame = 0; frame < 60; frame += 1) {
    db.exec("UPDATE counters SET value = value + 1 WHERE name = 'ahead'")
  }
  db.close()
  truncateSync(path, 0)
  await said(log, CANNOT, ASIDE, ANOTHER, AGAIN)
  await goesOn(log, path, [])
})

describe('replaced', () => {
  test('by an older copy of itself: continues in the copy, without the calls that ended since', async () => {
    const path = freshPath()
    const log = await openLog(path, { flushMs: 1, fileCheckMs: 60_000 })
    append(log, 1, 2)
    log.callLog.append([started({ channelId: '3' })], [])
    await log.callLog.flush()
    const db = new Database(path)
    db.exec(`VACUUM INTO '${path}.copy'`)
    db.close()
    append(log, 3, 3)
    const leg = sampleLeg({ callId: 'open', endedAt: T0, result: 'busy' })
    log.callLog.append([started({ channelId: 'open' }), { type: 'LegEnded', at: T0, leg }], [])
    await log.callLog.flush()
    renameSync(`${path}.copy`, path)
    await goesOn(log, path, ['1', '2'])
    expect(log.lines).toMatchObject([{ reason: 'replaced' }, { msg: ANOTHER, calls: 1 }, { msg: AGAIN }])
    expect(query(path, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  })

  test.each([
    ['another call log', (path: string) => writeCalls(path, 99)],
    ['a text file', (path: string) => writeFileSync(path, 'notes '.repeat(999))],
  ])('by %s: that file is not changed, and writing waits until it is removed', async (_, put) => {
    const path = freshPath()
    const log = await runningLog(path)
    put(`${path}.other`)
    const before = statSync(`${path}.other`).size
    renameSync(`${path}.other`, path)
    append(log, 4, 4)
    await vi.waitFor(() => expect(log.errors.length).toBeGreaterThan(1), PATIENCE)
    expect(new Set(log.errors)).toEqual(new Set(['replaced']))
    expect(log.lines.map(({ msg }) => msg)).toEqual([CANNOT])
    expect(log.callLog.status()).toMatchObject({ rows: 3, pending: 1, writable: false })
    expect(statSync(path).size).toBe(before)
    remove(path, '')
    await log.callLog.flush()
    expect(channels(path)).toEqual(['open', '4'])
  })
})

test('a stale write-ahead log is deleted, so that SQLite does not apply it to the next file', () => {
  const path = freshPath()
  const put = (...suffixes: readonly string[]): void => {
    for (const suffix of suffixes) {
      writeFileSync(`${path}.new`, 'x')
      renameSync(`${path}.new`, `${path}${suffix}`)
    }
  }
  const left = () => readdirSync(dirname(path)).map((name) => name.replace('calls.db', ''))
  put('', '-wal', '-lock')
  // As in the program, the first files stay open, so that no other file gets their inodes.
  const open = ['', '-wal', '-lock'].map((suffix) => openSync(`${path}${suffix}`, 'r'))
  onTestFinished(() => open.forEach(closeSync))
  const identity = fileIdentity(path)
  identity.removeStaleWal()
  expect([identity.check(), left()]).toEqual([undefined, ['', '-lock', '-wal']])
  put('')
  identity.removeStaleWal()
  expect([identity.check(), left()]).toEqual(['another file is at the path of the database', ['', '-lock']])
  put('-wal')
  identity.removeStaleWal()
  expect(left()).toEqual(['', '-lock', '-wal'])
})

describe('damaged', () => {
  // Another program's commit makes the writer read its pages again.
  function damage(path: string): void {
    const db = new Database(path)
    db.pragma('wal_checkpoint(TRUNCATE)')
    const pages = Number(db.pragma('page_count', { simple: true }))
    const file = openSync(path, 'r+')
    for (let page = 1; page < pages; page += 1) {
      writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096)
    }
    closeSync(file)
    db.pragma('user_version = 1')
    db.close()
  }

  test('is quarantined, logged, and replaced by a new file', async () => {
    const path = freshPath()
    const log = await runningLog(path)
    damage(path)
    append(log, 4, 4)
    await log.callLog.flush()
    await said(log, ASIDE, CANNOT, ANOTHER, AGAIN)
    const file = `${dirname(path)}/${readdirSync(dirname(path)).find((name) => /corrupt-.*Z$/.test(name))}`
    expect(log.lines[0]).toMatchObject({ level: 50, setAside: file, recover: expect.stringContaining('.recover') })
    expect(statSync(file).size).toBeGreaterThan(4096)
    expect(log.errors).toEqual(['corrupt'])
    expect(channels(path)).toEqual(['open', '4'])
    expect(query(path, 'SELECT value FROM totals')).toEqual([{ value: 4 }])
  })

  test('where only retention reads it, is quarantined too', async () => {
    const path = freshPath()
    writeCalls(path, 300)
    swapIndexes(path)
    const log = await openLog(path, { ...QUICK, retentionDays: 1 })
    await said(log, ASIDE, CANNOT, ANOTHER, AGAIN)
    expect(log.lines[2]).toMatchObject({ calls: 300 })
    expect(query(path, 'SELECT value FROM totals')).toEqual([{ value: 300 }])
  })

  // Each page is valid, but no row is where its index says: a start does not check that.
  function swapIndexes(path: string): void {
    const db = new Database(path)
    const root = (name: string): number =>
      Number(db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name))
    const [caller, callee] = [root('calls_by_caller'), root('calls_by_callee')]
    db.unsafeMode(true)
    db.pragma('writable_schema = ON')
    const move = db.prepare('UPDATE sqlite_schema SET rootpage = ? WHERE name = ?')
    move.run(callee, 'calls_by_caller')
    move.run(caller, 'calls_by_callee')
    db.close()
  }
})
