// A failing disk: no record is lost or duplicated, each problem is logged once, and rows + pending is always right.

import type { Worker } from 'node:worker_threads'
import { Worker as NodeWorker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { PATIENCE } from '../patience.ts'
import { ended, freshPath, openLog, query, sampleLeg, started, T0, type TestLog } from './samples.ts'

const ONE = [{ name: 'ended', labels: {}, value: 1 }]

function append(log: TestLog, from: number, to: number): void {
  for (let id = from; id <= to; id += 1) {
    log.callLog.append([ended({ channelId: `${id}`, callerName: 'x'.repeat(1000) })], ONE)
  }
}

async function failed(log: TestLog, times: number): Promise<void> {
  await vi.waitFor(() => expect(log.errors.length).toBeGreaterThanOrEqual(times), PATIENCE)
}

function lockedBy(path: string): Database.Database {
  const other = new Database(path)
  onTestFinished(() => void other.close())
  other.exec('BEGIN IMMEDIATE')
  return other
}

function messages(log: TestLog): unknown[] {
  return log.lines.map(({ msg }) => msg)
}

describe('a locked database', () => {
  test('delays writing; then every record is written once and in order', async () => {
    const path = freshPath()
    const log = await openLog(path, { flushMs: 1 })
    append(log, 1, 3)
    await log.callLog.flush()
    const other = lockedBy(path)
    append(log, 4, 6)
    await failed(log, 2)
    append(log, 7, 9)
    expect(log.callLog.status()).toEqual({ rows: 3, pending: 6, dropped: 0, writable: false })
    expect(new Set(log.errors)).toEqual(new Set(['locked']))
    other.exec('ROLLBACK')
    await log.callLog.flush()
    expect(log.callLog.status()).toEqual({ rows: 9, pending: 0, dropped: 0, writable: true })
    expect(query(path, 'SELECT channel_id AS c FROM calls ORDER BY id').map(({ c }) => c)).toEqual([...'123456789'])
    expect(query(path, 'SELECT value FROM totals')).toEqual([{ value: 9 }])
    expect(messages(log)).toEqual([
      'the call log cannot be written; calls wait in memory',
      'the call log is written again',
    ])
  })

  test('beyond maxPendingCalls drops and counts the oldest calls and leaves no incomplete rows', async () => {
    const path = freshPath()
    const log = await openLog(path, { flushMs: 1, maxPendingCalls: 3 })
    log.callLog.append(
      [started({ channelId: 'begun' }), { type: 'LegStarted', at: T0, leg: sampleLeg({ callId: 'begun' }) }],
      [],
    )
    await log.callLog.flush()
    const other = lockedBy(path)
    append(log, 1, 1)
    await failed(log, 1)
    log.callLog.append([ended({ channelId: 'begun' })], ONE)
    append(log, 2, 5)
    expect(log.callLog.status()).toEqual({ rows: 0, pending: 6, dropped: 3, writable: false })
    expect(log.errors.filter((reason) => reason === 'dropped')).toHaveLength(3)
    other.exec('ROLLBACK')
    await log.callLog.flush()
    expect(log.callLog.status()).toEqual({ rows: 6, pending: 0, dropped: 3, writable: true })
    expect(query(path, 'SELECT channel_id AS c FROM calls ORDER BY id').map(({ c }) => c)).toEqual(['1', '4', '5'])
    expect(query(path, 'SELECT * FROM legs')).toEqual([])
    expect(query(path, 'SELECT value FROM totals')).toEqual([{ value: 6 }])
    await log.callLog.close()
    expect((await openLog(path)).callLog.status()).toMatchObject({ rows: 6, dropped: 3 })
  })
})

test('a full disk delays writing; when it has space again, every record is written once', async () => {
  const path = freshPath()
  const log = await openLog(path, { flushMs: 1, maxPages: 100 })
  let last = 0
  while (log.callLog.status().writable) {
    append(log, last + 1, last + 20)
    last += 20
    await vi.waitFor(
      () => expect(log.callLog.status().pending === 0 || !log.callLog.status().writable).toBe(true),
      PATIENCE,
    )
  }
  const { rows, pending } = log.callLog.status()
  expect(rows).toBeGreaterThan(0)
  expect(pending).toBe(20)
  expect(rows + pending).toBe(last)
  await failed(log, 2)
  expect(new Set(log.errors)).toEqual(new Set(['full']))
  expect(query(path, 'SELECT count(*) AS n FROM calls')).toEqual([{ n: rows }])
  const other = new Database(path)
  other.exec('DELETE FROM calls WHERE id <= 60')
  other.close()
  await log.callLog.flush()
  expect(log.callLog.status()).toEqual({ rows: last, pending: 0, dropped: 0, writable: true })
  const unique = 'SELECT count(*) AS n, count(DISTINCT channel_id) AS d FROM calls'
  expect(query(path, unique)).toEqual([{ n: last - 60, d: last - 60 }])
  expect(query(path, 'SELECT value FROM totals')).toEqual([{ value: last }])
})

test('a record that the tables refuse does not stop the log', async () => {
  const path = freshPath()
  const log = await openLog(path)
  log.callLog.append(
    [
      ended({ channelId: 'a' }),
      ended({ channelId: 'b', startedAt: Number.NaN }),
      ended({ channelId: 'c', cause: 16.5 }),
    ],
    ONE,
  )
  append(log, 1, 1)
  await log.callLog.flush()
  expect(query(path, 'SELECT channel_id AS c FROM calls ORDER BY id').map(({ c }) => c)).toEqual(['a', '1'])
  expect(log.callLog.status()).toEqual({ rows: 4, pending: 0, dropped: 2, writable: true })
  expect(log.errors).toEqual(['other', 'other'])
  expect(log.lines.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^call b: Invalid time value/),
    expect.stringMatching(/^call c: cannot store REAL value/),
  ])
})

test('a leg without an open call is logged and left out', async () => {
  const path = freshPath()
  const log = await openLog(path)
  log.callLog.append([{ type: 'LegStarted', at: T0, leg: sampleLeg({ callId: 'nobody' }) }, ended()], [])
  await log.callLog.flush()
  expect(query(path, 'SELECT * FROM legs')).toEqual([])
  expect(messages(log)).toEqual(['a leg of a call that is not open was not logged'])
})

test('a writer thread that ends is restarted, and no record is lost or duplicated', async () => {
  const path = freshPath()
  const workers: Worker[] = []
  const spawn = (workerData: unknown): Worker => {
    const worker = new NodeWorker(new URL('../../../src/calllog/writer/worker.ts', import.meta.url), { workerData })
    workers.push(worker)
    return worker
  }
  const log = await openLog(path, { flushMs: 1, spawn })
  append(log, 1, 2)
  await log.callLog.flush()
  append(log, 3, 500)
  const flushed = log.callLog.flush()
  await workers[0]?.terminate()
  append(log, 501, 502)
  await flushed
  await log.callLog.flush()
  expect(workers).toHaveLength(2)
  expect(log.callLog.status()).toEqual({ rows: 502, pending: 0, dropped: 0, writable: true })
  expect(query(path, 'SELECT count(*) AS n, count(DISTINCT channel_id) AS d FROM calls')).toEqual([{ n: 502, d: 502 }])
  expect(query(path, 'SELECT value FROM totals')).toEqual([{ value: 502 }])
})

test('a writer thread that ends as soon as it has opened the file is restarted', async () => {
  const path = freshPath()
  const workers: Worker[] = []
  const spawn = (workerData: unknown): Worker => {
    const worker = new NodeWorker(new URL('../../../src/calllog/writer/worker.ts', import.meta.url), { workerData })
    if (workers.push(worker) === 1) {
      // After the listener of the call log, and before anything that waits for it continues.
      worker.once('message', () =>
        queueMicrotask(() => {
          worker.emit('error', new Error('no memory'))
          worker.emit('exit', 1)
          worker.removeAllListeners('exit')
        }),
      )
    }
    return worker
  }
  const log = await openLog(path, { flushMs: 1, spawn })
  await workers[0]?.terminate()
  append(log, 1, 2)
  await log.callLog.flush()
  expect(workers).toHaveLength(2)
  expect(log.errors).toEqual(['other'])
  expect(query(path, 'SELECT value FROM totals')).toEqual([{ value: 2 }])
})
