// Missed callers in the call log: written with the call by which they changed, restored at a start, whatever happens to the file.

import { existsSync, rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { MissedCaller, MissedCallerFact } from '../../../src/callback/missedCaller.ts'
import { prune } from '../../../src/calllog/writer/retention.ts'
import { spillFileOf } from '../../../src/calllog/writer/spill.ts'
import { missedCaller as anyMissedCaller } from '../callback/office.ts'
import { PATIENCE } from '../patience.ts'
import { ended, freshPath, openLog, query, sampleCall, sampleLeg, started, T0, type TestLog } from './samples.ts'

const ROWS = 'SELECT id, number, state, attempts, closed_by, closed_by_call, waited FROM missed_callers ORDER BY id'
const CALLS = 'SELECT channel_id AS c, missed_caller, returned_by, returned_after FROM calls ORDER BY id'

function missedCaller(id: number, changes: Partial<MissedCaller> = {}): MissedCaller {
  return anyMissedCaller(id, { number: `040${id}`, firstMissAt: T0 + 1000, lastMissAt: T0 + 1000, ...changes })
}

const MISSED = { direction: 'inbound', answeredAt: null, disposition: 'no_answer', missed: true } as const

function miss(log: TestLog, channelId: string, caller: MissedCaller, endedAt = T0 + 1000): void {
  const type = caller.attempts === 1 ? 'MissedCallerOpened' : 'MissedCallerChanged'
  const fact: MissedCallerFact = { type, at: endedAt, caller, missedCall: channelId }
  log.callLog.append([started({ channelId, ...MISSED }), ended({ channelId, ...MISSED, endedAt }, endedAt)], [], [fact])
}

function close(log: TestLog, caller: MissedCaller): void {
  const fact: MissedCallerFact = { type: 'MissedCallerClosed', at: caller.closedAt ?? T0, caller, displaced: false }
  const channelId = caller.closedBy ?? ''
  const answered = sampleCall({ channelId, direction: 'outbound', answeredAt: T0 + 2100 })
  log.callLog.append(
    [started({ channelId, direction: 'outbound' }), { type: 'CallAnswered', at: T0, call: answered }],
    [{ name: 'closed', labels: {}, value: 1 }],
    [fact],
  )
}

function returned(id: number, by: string): MissedCaller {
  return missedCaller(id, { state: 'returned', closedAt: T0 + 61_000, closedBy: by, closedByPhone: '101' })
}

test('are written with the missed call, and the call that closes them is noted in both tables', async () => {
  const path = freshPath()
  const log = await openLog(path)
  miss(log, 'a', missedCaller(1))
  miss(log, 'b', missedCaller(1, { attempts: 2, lastMissAt: T0 + 3000 }), T0 + 3000)
  miss(log, 'c', missedCaller(2))
  close(log, { ...returned(1, 'back'), attempts: 2 })
  await log.callLog.flush()
  expect(query(path, ROWS)).toEqual([
    { id: 1, number: '0401', state: 'returned', attempts: 2, closed_by: 'back', closed_by_call: 4, waited: 60 },
    { id: 2, number: '0402', state: 'waiting', attempts: 1, closed_by: null, closed_by_call: null, waited: null },
  ])
  expect(query(path, CALLS)).toEqual([
    { c: 'a', missed_caller: 1, returned_by: 4, returned_after: 60 },
    { c: 'b', missed_caller: 1, returned_by: 4, returned_after: 58 },
    { c: 'c', missed_caller: 2, returned_by: null, returned_after: null },
    { c: 'back', missed_caller: null, returned_by: null, returned_after: null },
  ])
})

test('a missed call whose row was written while it rang is one of the missed caller, and is called back', async () => {
  const path = freshPath()
  const log = await openLog(path)
  log.callLog.append([started({ channelId: 'a', ...MISSED })], [])
  await log.callLog.flush()
  const opened: MissedCallerFact = {
    type: 'MissedCallerOpened',
    at: T0 + 1000,
    caller: missedCaller(1),
    missedCall: 'a',
  }
  log.callLog.append([ended({ channelId: 'a', ...MISSED, endedAt: T0 + 1000 }, T0 + 1000)], [], [opened])
  await log.callLog.flush()
  expect(query(path, CALLS)).toEqual([{ c: 'a', missed_caller: 1, returned_by: null, returned_after: null }])
  close(log, returned(1, 'back'))
  await log.callLog.flush()
  expect(query(path, CALLS)[0]).toEqual({ c: 'a', missed_caller: 1, returned_by: 2, returned_after: 60 })
})

test('a missed call that is written after a later one, and ended before it, is the first miss', async () => {
  const path = freshPath()
  const log = await openLog(path)
  miss(log, 'b', missedCaller(1, { firstMissAt: T0 + 3000, lastMissAt: T0 + 3000 }), T0 + 3000)
  await log.callLog.flush()
  miss(log, 'a', missedCaller(1, { attempts: 2, lastMissAt: T0 + 3000 }))
  await log.callLog.flush()
  const [first] = query(path, 'SELECT first_miss_time < last_miss_time AS isBefore, attempts FROM missed_callers')
  expect(first).toEqual({ isBefore: 1, attempts: 2 })
})

test('a later write of the closing call changes nothing of them', async () => {
  const path = freshPath()
  const log = await openLog(path)
  miss(log, 'a', missedCaller(1))
  close(log, returned(1, 'back'))
  log.callLog.append([ended({ channelId: 'back' })], [])
  await log.callLog.flush()
  expect(query(path, CALLS)[0]).toEqual({ c: 'a', missed_caller: 1, returned_by: 2, returned_after: 60 })
})

test('a call that is answered and ends in one step closes too', async () => {
  const path = freshPath()
  const log = await openLog(path)
  miss(log, 'a', missedCaller(1))
  const fact = { type: 'MissedCallerClosed', at: T0, caller: returned(1, 'back'), displaced: false } as const
  log.callLog.append([started({ channelId: 'back' }), ended({ channelId: 'back' })], [], [fact])
  await log.callLog.flush()
  expect(query(path, ROWS)).toMatchObject([{ closed_by: 'back', closed_by_call: 2 }])
})

test('who waits is restored at the next start, with the calls that are open and those that were answered meanwhile', async () => {
  const path = freshPath()
  const first = await openLog(path)
  miss(first, 'a', missedCaller(1, { queue: 'sales', tries: 2 }))
  miss(first, 'b', missedCaller(2))
  miss(first, 'c', missedCaller(3, { tries: 1, untriedSince: null }))
  close(first, returned(2, 'back'))
  const trunk = { endpoint: 'trunk-a', endpointRole: 'trunk', dialed: '0409@trunk-a' } as const
  first.callLog.append(
    [
      started({ channelId: 'open', direction: 'inbound', caller: '0407' }),
      started({ channelId: 'before', direction: 'inbound', caller: '0406' }),
      ended({ channelId: 'before', direction: 'inbound', caller: '0406' }),
      started({ channelId: 'out', direction: 'outbound' }),
      { type: 'LegStarted', at: T0, leg: sampleLeg({ ...trunk, callId: 'out', id: 'out-leg' }) },
    ],
    [],
  )
  await first.callLog.close()

  const second = await openLog(path)
  const { lastId, waiting, calls, legs } = second.missedCallers
  expect([lastId, waiting]).toEqual([
    3,
    [missedCaller(1, { queue: 'sales', tries: 2 }), missedCaller(3, { tries: 1, untriedSince: null })],
  ])
  expect(calls.map(({ channelId, callerRole, endedAt }) => [channelId, callerRole, endedAt === null])).toEqual([
    ['back', 'phone', true],
    ['open', 'trunk', true],
    ['out', 'phone', true],
    ['before', 'trunk', false],
  ])
  expect(legs).toEqual([
    {
      id: '1772600767.2',
      callId: 'out',
      endpointRole: 'trunk',
      role: 'callee',
      dialed: '0409@trunk-a',
      answeredAt: null,
    },
  ])
  expect(second.restored.calls.flatMap((call) => call.legs)).toMatchObject([{ dialed: '0409@trunk-a' }])
  expect(second.numberSecret).toBe(first.numberSecret)
  expect(second.numberSecret).toMatch(/^[0-9a-f]{64}$/)
})

test('two logs have two secrets', async () => {
  const [one, other] = [await openLog(freshPath()), await openLog(freshPath())]
  expect(one.numberSecret).not.toBe(other.numberSecret)
})

test('a deleted file gets those who wait again, and the secret of their keys', async () => {
  const path = freshPath()
  const log = await openLog(path, { flushMs: 1, fileCheckMs: 20 })
  miss(log, 'a', missedCaller(1))
  miss(log, 'b', missedCaller(2))
  close(log, returned(2, 'back'))
  await log.callLog.flush()
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(`${path}${suffix}`)
  }
  miss(log, 'c', missedCaller(3))
  await vi.waitFor(() => expect(log.lines.map(({ msg }) => msg)).toContain('the call log is written again'), PATIENCE)
  await log.callLog.flush()
  expect(query(path, ROWS)).toMatchObject([
    { id: 1, state: 'waiting' },
    { id: 3, state: 'waiting' },
  ])
  expect(query(path, "SELECT value FROM secrets WHERE name = 'number_key'")).toEqual([{ value: log.numberSecret }])
})

test('a file that is replaced by an older copy forgets who waited there and was closed since', async () => {
  const path = freshPath()
  const log = await openLog(path, { flushMs: 1, fileCheckMs: 20 })
  miss(log, 'a', missedCaller(1))
  await log.callLog.flush()
  const db = new Database(path, { readonly: true })
  await db.backup(`${path}-copy`)
  db.close()
  close(log, returned(1, 'back'))
  miss(log, 'b', missedCaller(2))
  await log.callLog.flush()
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(`${path}${suffix}`)
  }
  const copy = new Database(`${path}-copy`)
  await copy.backup(path)
  copy.close()
  await vi.waitFor(() => expect(log.lines.map(({ msg }) => msg)).not.toEqual([]), PATIENCE)
  miss(log, 'c', missedCaller(3))
  await log.callLog.flush()
  expect(query(path, ROWS)).toMatchObject([{ id: 2 }, { id: 3 }])
})

test('what a stop could not write is read from the spill file at the next start', async () => {
  const path = freshPath()
  const first = await openLog(path, { flushMs: 1, closeMs: 300 })
  miss(first, 'a', missedCaller(1))
  await first.callLog.flush()
  const other = new Database(path)
  onTestFinished(() => void other.close())
  other.exec('BEGIN IMMEDIATE')
  miss(first, 'b', missedCaller(2))
  close(first, returned(1, 'back'))
  await first.callLog.close()
  expect(existsSync(spillFileOf(path))).toBe(true)
  other.exec('ROLLBACK')

  const second = await openLog(path)
  expect(second.missedCallers.waiting).toEqual([missedCaller(2)])
  expect(query(path, ROWS)).toMatchObject([{ id: 1, state: 'returned', closed_by_call: 3 }, { id: 2 }])
  expect(query(path, CALLS)[0]).toMatchObject({ returned_by: 3, returned_after: 60 })
})

test('while the disk fails, those that are closed are dropped with the calls, and those who wait are kept', async () => {
  const path = freshPath()
  const log = await openLog(path, { flushMs: 1, maxPendingCalls: 100 })
  miss(log, 'on disk', missedCaller(1))
  await log.callLog.flush()
  const other = new Database(path)
  onTestFinished(() => void other.close())
  other.exec('BEGIN IMMEDIATE')
  close(log, returned(1, 'back'))
  for (let id = 2; id <= 3000; id += 1) {
    miss(log, `${id}`, missedCaller(id))
    if (id % 2 === 0) {
      close(log, returned(id, `back-${id}`))
      log.callLog.append([ended({ channelId: `back-${id}` })], [])
    }
  }
  other.exec('ROLLBACK')
  await log.callLog.flush()
  const counts = 'SELECT state, count(*) AS n FROM missed_callers GROUP BY state ORDER BY state'
  const [closed, waiting] = query(path, counts)
  expect(waiting).toEqual({ state: 'waiting', n: 1499 })
  expect(Number(closed?.['n'])).toBeLessThan(1000)
  expect(query(path, "SELECT count(*) AS n FROM missed_callers WHERE id = 1 AND state = 'waiting'")).toEqual([{ n: 0 }])
})

test('retention deletes those that were closed that long ago, and nobody who waits', async () => {
  const path = freshPath()
  const log = await openLog(path)
  miss(log, 'a', missedCaller(1))
  miss(log, 'b', missedCaller(2))
  close(log, returned(2, 'back'))
  miss(log, 'c', missedCaller(3))
  close(log, { ...returned(3, 'later'), closedAt: T0 + 86_400_000 })
  await log.callLog.close()
  const db = new Database(path)
  prune(db, T0 + 80_000_000)
  expect(db.prepare('SELECT id FROM missed_callers ORDER BY id').pluck().all()).toEqual([1, 3])
  db.close()
})

test('a record that SQLite refuses is left out, and the call is written all the same', async () => {
  const path = freshPath()
  const log = await openLog(path)
  miss(log, 'a', missedCaller(1, { tries: 0.5 }))
  miss(log, 'b', missedCaller(2))
  await log.callLog.flush()
  expect(query(path, ROWS)).toMatchObject([{ id: 2 }])
  expect(query(path, CALLS)).toMatchObject([{ c: 'a' }, { c: 'b' }])
})
