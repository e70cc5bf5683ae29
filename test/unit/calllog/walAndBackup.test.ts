// A forgotten reader is logged, and a copy is complete while the log is written.

import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { backUp } from '../../../src/calllog/file/backup.ts'
import { PATIENCE } from '../patience.ts'
import { ended, freshPath, openLog, query, type TestLog } from './samples.ts'

const ONE = [{ name: 'ended', labels: {}, value: 1 }]

async function write(log: TestLog, from: number, to: number): Promise<void> {
  for (let id = from; id <= to; id += 1) {
    log.callLog.append([ended({ channelId: `${id}`, callerName: 'x'.repeat(500) })], ONE)
    if (id % 10 === 0) {
      await log.callLog.flush()
    }
  }
  await log.callLog.flush()
}

function words(log: TestLog): unknown[] {
  return log.lines.map(({ msg }) => String(msg).slice(0, 40))
}

test('a reader that keeps its transaction open is logged, and so is its end', async () => {
  const path = freshPath()
  const log = await openLog(path, { flushMs: 1, fileCheckMs: 5, walWarnBytes: 5_000_000 })
  await write(log, 1, 10)
  const reader = new Database(path, { readonly: true })
  onTestFinished(() => void reader.close())
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM calls').get()
  for (let from = 11; log.callLog.walBytes() <= 5_000_000; from += 100) {
    await write(log, from, from + 99)
  }
  expect(words(log)).toEqual(['the write-ahead log of the call log grow'])
  expect(log.lines[0]).toMatchObject({ level: 40, megabytes: expect.any(Number) })
  reader.exec('COMMIT')
  // The next write starts it again; a checkpoint of another program truncates it.
  const other = new Database(path)
  await vi.waitFor(() => {
    other.pragma('wal_checkpoint(TRUNCATE)')
    expect(words(log)).toHaveLength(2)
  }, PATIENCE)
  other.close()
  expect(words(log).at(-1)).toBe('the write-ahead log of the call log is s')
})

test('a copy made while calls are written is undamaged and consistent, and can be continued', async () => {
  const path = freshPath()
  const log = await openLog(path, { flushMs: 1 })
  await write(log, 1, 200)
  const target = `${path}.copy`
  const [{ calls }] = await Promise.all([backUp(path, target), write(log, 201, 400)])
  const [row] = query(target, 'SELECT count(*) AS calls, (SELECT value FROM totals) AS total FROM calls')
  expect(row).toEqual({ calls, total: calls })
  expect(calls).toBeGreaterThanOrEqual(200)
  expect(readdirSync(dirname(path)).filter((name) => name.includes('.copy'))).toEqual(['calls.db.copy'])

  await log.callLog.close()
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(`${path}${suffix}`, { force: true })
  }
  renameSync(target, path)
  const restored = await openLog(path)
  expect(restored.callLog.status().rows).toBe(calls)
  expect(restored.lines).toEqual([])
})

test('an existing file is not overwritten, and a file that is not a call log is not copied', async () => {
  const path = freshPath()
  await (await openLog(path)).callLog.close()
  writeFileSync(`${path}.there`, 'mine')
  await expect(backUp(path, `${path}.there`)).rejects.toThrow(/exists already/)
  await expect(backUp(`${path}.none`, `${path}.new`)).rejects.toThrow(/DB_PATH .*there is no call log/)
  await expect(backUp(`${path}.there`, `${path}.new`)).rejects.toThrow(/not an SQLite database/)
  expect(existsSync(`${path}.new`)).toBe(false)
})
