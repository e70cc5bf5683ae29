// Old calls are deleted, a few at a time; open calls, totals and counters stay.

import Database from 'better-sqlite3'
import { expect, test, vi } from 'vitest'
import { knownTime, prune } from '../../../src/calllog/writer/retention.ts'
import { PATIENCE } from '../patience.ts'
import { ended, freshPath, openLog, query, sampleLeg, started } from './samples.ts'

const DAY = 86_400_000

test('at the start, calls beyond the retention period are deleted with their legs, and nothing else', async () => {
  const path = freshPath()
  const now = Date.now()
  const old = now - 31 * DAY
  const first = await openLog(path)
  for (let id = 0; id < 1200; id += 1) {
    const channelId = `old-${id}`
    first.callLog.append([started({ channelId, startedAt: old })], [])
    first.callLog.append([{ type: 'LegStarted', at: old, leg: sampleLeg({ callId: channelId, id: `leg-${id}` }) }], [])
    first.callLog.append(
      [ended({ channelId, startedAt: old, endedAt: old + 1 })],
      [{ name: 'n', labels: {}, value: 1 }],
    )
  }
  first.callLog.append(
    [
      started({ channelId: 'old and open', startedAt: old }),
      { type: 'LegStarted', at: old, leg: sampleLeg({ callId: 'old and open', id: 'kept' }) },
      ended({ channelId: 'began long ago', startedAt: old, endedAt: now - 1000 }),
      ended({ channelId: 'recent', startedAt: now - 29 * DAY, endedAt: now - 29 * DAY }),
    ],
    [],
  )
  first.callLog.noteLastSeen(now)
  await first.callLog.close()
  expect(query(path, 'SELECT count(*) AS n FROM calls')).toEqual([{ n: 1203 }])

  const second = await openLog(path, { retentionDays: 30 })
  const channels = () => query(path, 'SELECT channel_id AS c FROM calls ORDER BY id').map(({ c }) => c)
  await vi.waitFor(() => expect(channels()).toEqual(['old and open', 'began long ago', 'recent']), PATIENCE)
  expect(query(path, 'SELECT count(*) AS n FROM legs')).toEqual([{ n: 1 }])
  await vi.waitFor(
    () => expect(second.lines).toMatchObject([{ calls: 1200, msg: 'old calls were deleted from the call log' }]),
    PATIENCE,
  )
  expect(second.callLog.status().rows).toBe(1202)
  expect(second.totals).toEqual([{ name: 'n', labels: {}, value: 1200 }])
  second.callLog.append([started({ channelId: 'next' })], [])
  expect(second.callLog.rowId('next')).toBe(1204)
  await second.callLog.close()

  const db = new Database(path)
  db.exec('DELETE FROM calls')
  db.close()
  const third = await openLog(path, { retentionDays: 30 })
  third.callLog.append([started({ channelId: 'later' })], [])
  expect(third.callLog.rowId('later')).toBe(1205)
  expect(third.callLog.status().rows).toBe(1202)
})

test('deletes in chunks, so that transactions are short', async () => {
  const path = freshPath()
  const log = await openLog(path)
  log.callLog.append(
    Array.from({ length: 1200 }, (_, id) => ended({ channelId: `${id}` })),
    [],
  )
  await log.callLog.close()
  const db = new Database(path)
  const chunks = [1, 2, 3, 4].map(() => prune(db, Date.now()).calls)
  expect(chunks).toEqual([500, 500, 200, 0])
  db.close()
})

test('0 days keeps everything', async () => {
  const path = freshPath()
  const log = await openLog(path)
  log.callLog.append([ended({ startedAt: 1000, endedAt: 2000 })], [])
  await log.callLog.close()
  const again = await openLog(path, { retentionDays: 0 })
  again.callLog.append([ended({ channelId: 'b' })], [])
  await again.callLog.flush()
  expect(query(path, 'SELECT count(*) AS n FROM calls')).toEqual([{ n: 2 }])
})

test('a failure to delete is logged with its reason and counted, and writing continues', async () => {
  const path = freshPath()
  const first = await openLog(path)
  first.callLog.append([ended({ startedAt: 1000, endedAt: 2000 })], [])
  await first.callLog.close()
  const db = new Database(path)
  db.exec("CREATE TRIGGER stubborn BEFORE DELETE ON calls BEGIN SELECT RAISE(ABORT, 'no'); END")
  db.close()
  const log = await openLog(path, { retentionDays: 1 })
  await vi.waitFor(() => expect(log.errors).toEqual(['other']), PATIENCE)
  expect(log.lines).toMatchObject([{ reason: 'other', msg: 'old calls could not be deleted from the call log' }])
  log.callLog.append([ended({ channelId: 'b' })], [])
  await log.callLog.flush()
  expect(log.callLog.status()).toMatchObject({ rows: 2, writable: true })
})

test('a local clock that is years ahead deletes nothing, because the PBX was last seen earlier', async () => {
  const path = freshPath()
  const log = await openLog(path)
  log.callLog.append([ended({ startedAt: Date.now() - 2000, endedAt: Date.now() - 1000 })], [])
  log.callLog.noteLastSeen()
  await log.callLog.close()
  const db = new Database(path)
  expect(prune(db, knownTime(db, Date.now() + 12 * 365 * DAY) - 30 * DAY).calls).toBe(0)
  expect(prune(db, knownTime(db, Date.now()) + DAY).calls).toBe(1)
  db.exec(`UPDATE counters SET value = ${Date.now() + 12 * 365 * DAY} WHERE name = 'at'`)
  expect(knownTime(db, 1000)).toBe(1000)
  db.close()
})
