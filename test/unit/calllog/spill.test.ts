// The program stops while its database cannot be written: the queue goes to a spill file, which the next start reads once.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { spillFileOf } from '../../../src/calllog/writer/spill.ts'
import { PATIENCE } from '../patience.ts'
import { ended, freshPath, openLog, query, sampleLeg, started, T0, type TestLog } from './samples.ts'

const ONE = [{ name: 'ended', labels: {}, value: 1 }]
const IN_ALL = 'SELECT (SELECT count(*) FROM calls) AS calls, (SELECT count(*) FROM legs) AS legs, value FROM totals'

function append(log: TestLog, ...channels: string[]): void {
  for (const channelId of channels) {
    log.callLog.append(
      [
        started({ channelId }),
        { type: 'LegStarted', at: T0, leg: sampleLeg({ id: `${channelId}-leg`, callId: channelId }) },
        ended({ channelId }),
      ],
      ONE,
    )
  }
}

function lockedBy(path: string): { release: () => void } {
  const other = new Database(path)
  onTestFinished(() => void other.close())
  other.exec('BEGIN IMMEDIATE')
  return { release: () => void other.exec('ROLLBACK') }
}

/** A log with one call on disk that was closed while these calls were queued. */
async function closedWhileLocked(path: string, channels: readonly string[]): Promise<TestLog> {
  const log = await openLog(path, { flushMs: 1, closeMs: 300 })
  append(log, 'before')
  await log.callLog.flush()
  const { release } = lockedBy(path)
  append(log, ...channels)
  expect(await log.callLog.close()).toEqual({ lost: 0 })
  release()
  return log
}

test('a lock that is released in time loses no call and leaves no spill file', async () => {
  const path = freshPath()
  const log = await openLog(path, { flushMs: 1, closeMs: 10_000 })
  const { release } = lockedBy(path)
  append(log, 'a', 'b')
  await vi.waitFor(() => expect(log.errors.length).toBeGreaterThan(1), PATIENCE)
  const closed = log.callLog.close()
  await vi.waitFor(() => expect(log.errors.length).toBeGreaterThan(3), PATIENCE)
  release()
  expect(await closed).toEqual({ lost: 0 })
  expect(query(path, IN_ALL)).toEqual([{ calls: 2, legs: 2, value: 2 }])
  expect(existsSync(spillFileOf(path))).toBe(false)
})

test('unwritten calls are in the log after the next start, once', async () => {
  const path = freshPath()
  const first = await closedWhileLocked(path, ['a', 'b', 'c'])
  expect(first.lines.at(-1)).toMatchObject({ level: 40, calls: 3, file: spillFileOf(path) })
  expect(query(path, IN_ALL)).toEqual([{ calls: 1, legs: 1, value: 1 }])

  const second = await openLog(path)
  expect(second.callLog.status()).toEqual({ rows: 4, pending: 0, dropped: 0, writable: true })
  expect(second.totals).toEqual([{ name: 'ended', labels: {}, value: 4 }])
  expect(second.lines[0]).toMatchObject({
    calls: 3,
    msg: 'the calls that the last run could not write are in the call log now',
  })
  append(second, 'd')
  await second.callLog.close()
  expect(query(path, IN_ALL)).toEqual([{ calls: 5, legs: 5, value: 5 }])
  expect(query(path, 'SELECT count(DISTINCT channel_id) AS n, max(id) AS last FROM calls')).toEqual([{ n: 5, last: 5 }])
  expect(existsSync(spillFileOf(path))).toBe(false)
})

test('an open call continues in its row', async () => {
  const path = freshPath()
  const log = await openLog(path, { flushMs: 1, closeMs: 200 })
  const { release } = lockedBy(path)
  log.callLog.append([started({ channelId: 'open' })], [])
  await log.callLog.close()
  release()
  expect((await openLog(path)).restored.calls.map(({ channelId }) => channelId)).toEqual(['open'])
})

test('a spill file that was read already, as after a power failure, changes nothing', async () => {
  const path = freshPath()
  await closedWhileLocked(path, ['a', 'b'])
  const spilled = readFileSync(spillFileOf(path))
  await (await openLog(path)).callLog.close()
  writeFileSync(spillFileOf(path), spilled)
  const again = await openLog(path)
  expect(again.callLog.status().rows).toBe(3)
  expect(query(path, IN_ALL)).toEqual([{ calls: 3, legs: 3, value: 3 }])
})

test('an incomplete spill file is read up to its last complete line', async () => {
  const path = freshPath()
  await closedWhileLocked(path, ['a', 'b'])
  const file = spillFileOf(path)
  writeFileSync(file, `${readFileSync(file, 'utf8')}{"number":99,"calls":[{"id"`)
  expect((await openLog(path)).callLog.status().rows).toBe(3)
})

test.each([
  ['of another call log', (path: string) => rmSync(path)],
  ['of another format', (path: string) => writeFileSync(spillFileOf(path), 'no spill\n')],
  [
    'that holds nonsense',
    (path: string) => {
      const [head] = readFileSync(spillFileOf(path), 'utf8').split('\n')
      writeFileSync(spillFileOf(path), `${head}\n{"number":77}\n`)
    },
  ],
])('a spill file %s is kept, logged, and not read', async (_, spoil) => {
  const path = freshPath()
  await closedWhileLocked(path, ['a'])
  spoil(path)
  const log = await openLog(path)
  expect(log.lines[0]).toMatchObject({ level: 50, file: expect.stringContaining('-spill.unread-') })
  expect(readdirSync(dirname(path)).filter((name) => name.includes('unread'))).toHaveLength(1)
  append(log, 'after')
  await log.callLog.flush()
})

test('calls that cannot be written to any file are counted and logged', async () => {
  const path = freshPath()
  const log = await openLog(path, { flushMs: 1, closeMs: 200 })
  const { release } = lockedBy(path)
  mkdirSync(spillFileOf(path))
  append(log, 'a', 'b')
  expect(await log.callLog.close()).toEqual({ lost: 2 })
  expect(log.lines).toContainEqual(
    expect.objectContaining({ level: 50, lost: 2, problem: expect.stringContaining('EISDIR') }),
  )
  release()
})
