// The time at which the PBX was last seen: written from time to time although nothing happens; its failures are not counted.

import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { PATIENCE } from '../patience.ts'
import { ended, freshPath, openLog, query, started, T0, type TestLog } from './samples.ts'

const QUICK = { lastSeenMs: 20, flushMs: 5 }

function storedAt(path: string): unknown {
  return query(path, "SELECT value FROM counters WHERE name = 'at'")[0]?.['value']
}

async function written(log: TestLog, times: number): Promise<void> {
  await vi.waitFor(() => expect(log.writes).toHaveLength(times), PATIENCE)
}

test('is written soon, several in one write, and is restored by the next run', async () => {
  const path = freshPath()
  const log = await openLog(path, QUICK)
  log.callLog.append([started()], [])
  await log.callLog.flush()
  for (let ms = 0; ms < 1000; ms += 1) {
    log.callLog.noteLastSeen(T0 + ms + 0.5)
  }
  await written(log, 2)
  expect(storedAt(path)).toBe(T0 + 999)
  log.callLog.noteLastSeen(T0 + 500)
  log.callLog.noteLastSeen(Number.NaN)
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(log.writes).toHaveLength(2)
  log.callLog.noteLastSeen(T0 + 5000)
  await log.callLog.close()
  log.callLog.noteLastSeen(T0 + 6000)
  const { restored, callLog } = await openLog(path)
  expect(restored).toMatchObject({ at: T0 + 5000, calls: [{ startedAt: T0 }] })
  callLog.append([ended({}, T0 + 7000)], [])
  await callLog.close()
  expect(storedAt(path)).toBe(T0 + 7000)
})

test('is written with the next batch of records', async () => {
  const path = freshPath()
  const log = await openLog(path, QUICK)
  log.callLog.noteLastSeen(T0 + 50_000)
  log.callLog.append([ended()], [])
  await log.callLog.flush()
  expect(storedAt(path)).toBe(T0 + 50_000)
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(log.writes).toHaveLength(1)
})

test('is neither logged nor counted when it cannot be written, and is written later', async () => {
  const path = freshPath()
  const log = await openLog(path, QUICK)
  const other = new Database(path)
  onTestFinished(() => void other.close())
  other.exec('BEGIN IMMEDIATE')
  log.callLog.noteLastSeen(T0 + 1)
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect([log.errors, log.lines, log.writes, log.callLog.status().writable]).toEqual([[], [], [], true])
  other.exec('ROLLBACK')
  await vi.waitFor(() => {
    log.callLog.noteLastSeen(T0 + 2)
    expect(storedAt(path)).toBe(T0 + 2)
  }, PATIENCE)
})

test('does not delay a close when it cannot be written', async () => {
  const path = freshPath()
  const log = await openLog(path)
  const other = new Database(path)
  onTestFinished(() => void other.close())
  other.exec('BEGIN IMMEDIATE')
  log.callLog.noteLastSeen(T0)
  await log.callLog.close()
  expect([log.errors, log.lines]).toEqual([[], []])
})

describe('a time in the future is not used', () => {
  const DAY = 86_400_000
  const NOW = Date.now()

  /** A log of a file that SQL has changed. */
  async function restoredAfter(path: string, sql: string): Promise<TestLog> {
    const db = new Database(path)
    db.exec(sql)
    db.close()
    return await openLog(path)
  }

  test('in an event', async () => {
    const path = freshPath()
    const log = await openLog(path, QUICK)
    log.callLog.append([started({ startedAt: NOW + DAY }, NOW + DAY)], [])
    log.callLog.noteLastSeen()
    await log.callLog.close()
    const { restored } = await openLog(path)
    expect(restored.at).toBeGreaterThanOrEqual(NOW)
    expect(restored.at).toBeLessThanOrEqual(Date.now())
    expect(restored.calls).toMatchObject([{ startedAt: NOW + DAY }])
  })

  test('in a file: the latest change of a row that is in the past is used', async () => {
    const path = freshPath()
    const log = await openLog(path)
    log.callLog.append([started({ channelId: 'open' }, NOW - 5000)], [])
    log.callLog.append([ended({ channelId: 'old' }, NOW - 9000), ended({ channelId: 'wild' }, NOW + DAY)], [])
    await log.callLog.close()
    const poisoned = `UPDATE counters SET value = ${NOW + DAY} WHERE name = 'at'; DELETE FROM counters WHERE name = 'ahead'`
    const again = await restoredAfter(path, poisoned)
    expect(again.restored.at).toBe(NOW - 5000)
    again.callLog.noteLastSeen()
    await again.callLog.close()
    expect(storedAt(path)).toBeLessThanOrEqual(Date.now())
  })

  test('in a file without rows: there is no last-seen time', async () => {
    const path = freshPath()
    await (await openLog(path)).callLog.close()
    const { restored } = await restoredAfter(path, `UPDATE counters SET value = ${NOW + DAY} WHERE name = 'at'`)
    expect(restored).toEqual({ at: 0, calls: [] })
  })

  test('unless the PBX’s clock is ahead of ours', async () => {
    const path = freshPath()
    const log = await openLog(path, { clock: { now: Date.now, toPbx: (at) => at + DAY } })
    log.callLog.append([started()], [])
    log.callLog.noteLastSeen(NOW + DAY - 10)
    await log.callLog.close()
    const again = await openLog(path)
    expect([again.restored.at, again.aheadMs]).toEqual([NOW + DAY - 10, -DAY])
  })

  test('and a clock that is set back sets it back', async () => {
    const path = freshPath()
    let now = NOW
    const log = await openLog(path, { ...QUICK, clock: { now: () => now, toPbx: (at) => at } })
    log.callLog.noteLastSeen()
    await log.callLog.flush()
    now -= DAY
    log.callLog.noteLastSeen()
    await log.callLog.close()
    expect(storedAt(path)).toBe(NOW - DAY)
  })
})
