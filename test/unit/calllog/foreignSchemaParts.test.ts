// Columns, triggers, indexes and tables that another program adds to the file cost no call. One that refuses every row is
// a failure to write, not the fault of each record.

import Database from 'better-sqlite3'
import { expect, test, vi } from 'vitest'
import { openDatabase } from '../../../src/calllog/file/open.ts'
import { PATIENCE } from '../patience.ts'
import { HARMLESS, trigger } from './foreignSchemaParts.ts'
import { ended, freshPath, openLog, query, sampleLeg, started, T0, type TestLog } from './samples.ts'

const ONE = [{ name: 'ended', labels: {}, value: 1 }]

const FATAL = [
  ['a unique index', 'CREATE UNIQUE INDEX one_each ON calls (caller)', /UNIQUE/],
  ['a trigger that aborts', trigger("SELECT RAISE(ABORT, 'not here')"), /not here/],
  ['a trigger that rolls the transaction back', trigger("SELECT RAISE(ROLLBACK, 'none of it')"), /none of it/],
  ['a trigger that ignores rows without an error', trigger('SELECT RAISE(IGNORE)'), /look for a trigger/],
  ['a trigger that uses a missing table', trigger('INSERT INTO nowhere VALUES (1)'), /nowhere/],
] as const

function change(path: string, sql: string): void {
  const db = new Database(path, { timeout: 2_000 })
  db.exec(sql)
  db.close()
}

function append(log: TestLog, channelId: string): void {
  log.callLog.append(
    [
      started({ channelId }),
      { type: 'LegStarted', at: T0, leg: sampleLeg({ id: `${channelId}-leg`, callId: channelId }) },
      ended({ channelId }),
    ],
    ONE,
  )
}

async function hasAll(log: TestLog, path: string, calls: number): Promise<void> {
  expect(log.callLog.status()).toEqual({ rows: calls, pending: 0, dropped: 0, writable: true })
  const [row] = query(
    path,
    'SELECT (SELECT count(*) FROM calls) AS calls, (SELECT count(*) FROM legs) AS legs, value FROM totals',
  )
  expect(row).toEqual({ calls, legs: calls, value: calls })
}

test.each(HARMLESS)('calls are written with this addition: %s', async (sql, _undone) => {
  const path = freshPath()
  const first = await openLog(path)
  append(first, 'before')
  await first.callLog.flush()
  change(path, sql)
  append(first, 'under way')
  await first.callLog.flush()
  await hasAll(first, path, 2)
  await first.callLog.close()
  const second = await openLog(path)
  append(second, 'after')
  await second.callLog.flush()
  await hasAll(second, path, 3)
  expect(second.errors).toEqual([])
})

test.each(FATAL)('%s: calls and their totals are written after it is removed', async (_, sql, words) => {
  const path = freshPath()
  const log = await openLog(path, { flushMs: 1 })
  append(log, 'before')
  await log.callLog.flush()
  change(path, sql)
  append(log, 'first')
  append(log, 'second')
  await vi.waitFor(() => expect(log.errors.length).toBeGreaterThan(1), PATIENCE)
  expect(new Set(log.errors)).toEqual(new Set(['other']))
  expect(log.callLog.status()).toEqual({ rows: 1, pending: 2, dropped: 0, writable: false })
  expect(log.lines.map(({ detail }) => detail)).toEqual([expect.stringMatching(words)])
  expect(query(path, 'SELECT value FROM totals')).toEqual([{ value: 1 }])
  change(path, sql.startsWith('CREATE TRIGGER') ? 'DROP TRIGGER one_each' : 'DROP INDEX one_each')
  await log.callLog.flush()
  await hasAll(log, path, 3)
})

test('several refused records in a row fail the batch', async () => {
  const path = freshPath()
  // They cannot be written at the end of the test either.
  const log = await openLog(path, { flushMs: 1, closeMs: 200 })
  const broken = (channelId: string) => ended({ channelId, cause: 16.5 })
  log.callLog.append([...'12345'].map(broken), ONE)
  await vi.waitFor(() => expect(log.errors.length).toBeGreaterThan(1), PATIENCE)
  expect(log.callLog.status()).toEqual({ rows: 0, pending: 5, dropped: 0, writable: false })
})

test('a missing index of the program is recreated at the start; an index of another program is left alone', () => {
  const path = freshPath()
  const indexes = () => query(path, "SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name")
  const open = () => {
    const { db, lock } = openDatabase(path)
    db.close()
    lock.close()
  }
  open()
  const before = indexes()
  change(path, 'DROP INDEX calls_by_start; DROP INDEX calls_missed; DROP INDEX legs_by_operator')
  open()
  expect(indexes()).toEqual(before)
  change(path, 'CREATE INDEX mine ON calls (cause)')
  open()
  expect(indexes()).toHaveLength(before.length + 1)
})
