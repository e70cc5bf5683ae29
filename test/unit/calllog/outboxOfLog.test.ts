// The outbox of a running log: a disk that fails, a file that is replaced and a thread that ends lose no entry of a call that is written.

import { renameSync, rmSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { expect, test, vi } from 'vitest'
import type { SinkEvents } from '../../../src/calllog/writer/outbox.ts'
import { CLOSED, missedCaller } from '../callback/office.ts'
import { PATIENCE } from '../patience.ts'
import { ended, freshPath, openLog, query, started, T0 } from './samples.ts'

const SINKS: readonly SinkEvents[] = [
  { sink: 'postgres', events: ['call', 'missed_caller'], backFill: 'db' },
  { sink: 'webhook', events: ['answered', 'missed_caller_opened'], backFill: null },
]
const OPTIONS = { flushMs: 1, fileCheckMs: 20, sinks: SINKS, site: 'berlin' }

const entries = (path: string) =>
  query(path, "SELECT sink || ' ' || event || ' ' || row_id AS entry FROM outbox ORDER BY id").map(({ entry }) => entry)
const logId = (path: string) => String(query(path, "SELECT value FROM identity WHERE name = 'log_id'")[0]?.['value'])

test('calls that ended while the disk failed, and went to the spill file, are in it after the next start, once', async () => {
  const path = freshPath()
  const first = await openLog(path, { ...OPTIONS, closeMs: 300 })
  first.callLog.append([ended({ channelId: 'before' })], [])
  await first.callLog.flush()
  const other = new Database(path)
  other.exec('BEGIN IMMEDIATE')
  first.callLog.append([started({ channelId: 'a' })], [])
  first.callLog.append([ended({ channelId: 'a' }), ended({ channelId: 'b' })], [])
  expect(await first.callLog.close()).toEqual({ lost: 0 })
  other.exec('ROLLBACK')
  other.close()
  const before = ['postgres call 1', 'webhook answered 1']
  expect(entries(path)).toEqual(before)
  const after = [...before, 'postgres call 2', 'webhook answered 2', 'postgres call 3', 'webhook answered 3']
  const second = await openLog(path, OPTIONS)
  expect(entries(path)).toEqual(after)
  await second.callLog.close()
  await openLog(path, OPTIONS)
  expect(entries(path)).toEqual(after)
})

test('a file that is deleted is made again with another id; what ends then is in its outbox, and nothing opens twice', async () => {
  const path = freshPath()
  const { callLog, lines } = await openLog(path, OPTIONS)
  const opened = { type: 'MissedCallerOpened', at: T0, caller: missedCaller(1), missedCall: 'missed' } as const
  callLog.append([started({ channelId: 'open' }), ended({ channelId: 'missed', missed: true })], [], [opened])
  await callLog.flush()
  const before = logId(path)
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(`${path}${suffix}`)
  }
  await vi.waitFor(() => expect(lines.at(-1)?.['msg']).toBe('the call log is written again'), PATIENCE)
  callLog.append([ended({ channelId: 'open' })], [])
  await callLog.flush()
  expect(logId(path)).not.toBe(before)
  expect(entries(path)).toEqual(['postgres missed_caller 1', 'postgres call 1', 'webhook answered 1'])
  const second = Number(query(path, 'SELECT id FROM outbox ORDER BY id')[1]?.['id'])
  const settled = { delivered: [second], refused: [] }
  expect(await callLog.settle({ ...settled, logId: before })).toMatch('another one')
  expect(await callLog.settle({ ...settled, logId: logId(path) })).toBeNull()
  expect(entries(path)).toEqual(['postgres missed_caller 1', 'webhook answered 1'])
})

test('an older copy that is put in the place of the file continues with higher numbers, which are the versions of missed callers', async () => {
  const path = freshPath()
  const { callLog, lines } = await openLog(path, OPTIONS)
  const caller = missedCaller(1)
  const opened = { type: 'MissedCallerOpened', at: T0, caller, missedCall: 'missed' } as const
  callLog.append([ended({ channelId: 'missed', missed: true })], [], [opened])
  await callLog.flush()
  const copy = `${path}.copy`
  const file = new Database(path)
  await file.backup(copy)
  file.close()
  const changed = (attempts: number) =>
    callLog.append([], [], [{ type: 'MissedCallerChanged', at: T0, caller: { ...caller, attempts }, missedCall: null }])
  for (let attempts = 2; attempts <= 40; attempts += 1) {
    changed(attempts)
    await callLog.flush()
  }
  const newest = "SELECT max(id) AS id FROM outbox WHERE event = 'missed_caller'"
  const delivered = Number(query(path, newest)[0]?.['id'])
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(`${path}${suffix}`)
  }
  renameSync(copy, path)
  await vi.waitFor(() => expect(lines.at(-1)?.['msg']).toBe('the call log is written again'), PATIENCE)
  await callLog.flush()
  expect(query(path, 'SELECT attempts FROM missed_callers')).toEqual([{ attempts: 40 }])
  expect(Number(query(path, newest)[0]?.['id'])).toBeGreaterThan(delivered)
})

test('who is closed while the disk fails is closed in the file and told to the sinks, also if the calls lose their rows', async () => {
  const path = freshPath()
  const { callLog } = await openLog(path, { ...OPTIONS, maxPendingCalls: 100 })
  const miss = (id: number) =>
    callLog.append(
      [ended({ channelId: `missed-${id}`, missed: true })],
      [],
      [{ type: 'MissedCallerOpened', at: T0, caller: missedCaller(id), missedCall: `missed-${id}` }],
    )
  miss(1)
  await callLog.flush()
  const other = new Database(path)
  other.exec('BEGIN IMMEDIATE')
  // In the batch that the writer has, and then in those that wait.
  miss(2)
  await vi.waitFor(() => expect(callLog.status().writable).toBe(false), PATIENCE)
  for (const id of [1, 2]) {
    const caller = missedCaller(id, { ...CLOSED, closedBy: `back-${id}` })
    callLog.append(
      [started({ channelId: `back-${id}` })],
      [],
      [{ type: 'MissedCallerClosed', at: T0, caller, displaced: false }],
    )
    callLog.append([ended({ channelId: `back-${id}` })], [])
  }
  for (let id = 3; id < 2_500; id += 1) {
    miss(id)
  }
  other.exec('ROLLBACK')
  other.close()
  await callLog.flush()
  expect(callLog.status().dropped).toBeGreaterThan(1_000)
  expect(query(path, 'SELECT id, state, closed_by_call FROM missed_callers WHERE id < 3 ORDER BY id')).toEqual([
    { id: 1, state: CLOSED.state, closed_by_call: null },
    { id: 2, state: CLOSED.state, closed_by_call: null },
  ])
  expect(entries(path)).toEqual(expect.arrayContaining(['postgres missed_caller 1', 'postgres missed_caller 2']))
})

test('what cannot be removed stays, and the reason is told', async () => {
  const path = freshPath()
  const { callLog } = await openLog(path, OPTIONS)
  callLog.append([ended()], [])
  await callLog.flush()
  const other = new Database(path)
  other.exec('BEGIN IMMEDIATE')
  const settled = { logId: logId(path), delivered: [1], refused: [] }
  expect(await callLog.settle(settled)).toMatch('locked')
  other.exec('ROLLBACK')
  other.close()
  expect(await callLog.settle(settled)).toBeNull()
  await callLog.close()
  expect(await callLog.settle(settled)).not.toBeNull()
})

test('a thread that ends while it removes entries answers', async () => {
  const path = freshPath()
  let thread: Worker | undefined
  const worker = new URL('../../../src/calllog/writer/worker.ts', import.meta.url)
  const { callLog } = await openLog(path, {
    ...OPTIONS,
    spawn: (settings) => {
      thread = new Worker(worker, { workerData: settings })
      return thread
    },
  })
  const answer = callLog.settle({ logId: 'x', delivered: [], refused: [] })
  await thread?.terminate()
  expect(await answer).not.toBeUndefined()
  expect(await callLog.settle({ logId: 'x', delivered: [], refused: [] })).toBe('the call log is not open')
})

test('a start without a sink forgets what waited for it, and says so', async () => {
  const path = freshPath()
  const first = await openLog(path, OPTIONS)
  first.callLog.append([ended()], [])
  await first.callLog.close()
  const second = await openLog(path, { sinks: SINKS.slice(0, 1) })
  expect(second.lines).toMatchObject([{ level: 40, sink: 'webhook', entries: 1 }])
  expect(entries(path)).toEqual(['postgres call 1'])
})

test('calls of before reach the outbox of a new sink', async () => {
  const path = freshPath()
  const first = await openLog(path)
  first.callLog.append([ended({ channelId: 'a' }), ended({ channelId: 'b' })], [])
  await first.callLog.close()
  await openLog(path, OPTIONS)
  await vi.waitFor(() => expect(entries(path)).toEqual(['postgres call 1', 'postgres call 2']), PATIENCE)
})
