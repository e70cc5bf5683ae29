// A client that follows the changes of a call log has a copy of it, however its pages and the changes alternate.

import Sqlite, { type Database } from 'better-sqlite3'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { MIGRATIONS, migrate } from '../../../src/calllog/file/migrations.ts'
import { changesReader } from '../../../src/calllog/reader/changes.ts'
import { pageReader } from '../../../src/calllog/reader/page.ts'
import { batchWriter, type WriteBatch } from '../../../src/calllog/writer/batch.ts'
import type { LegWrite } from '../../../src/calllog/writer/recordToRow.ts'
import { readChangeCursor, writeChangeCursor } from '../../../src/query/changeCursor.ts'
import { RefusedRequest } from '../../../src/query/refusedRequest.ts'
import type { CallEntry } from '../../../src/query/schema.ts'
import { lawRuns } from '../call/lawRuns.ts'
import { CLOSED, missedCaller } from '../callback/office.ts'
import { endedCall, sampleCall, sampleLeg, T0 } from './samples.ts'

const RUNS = lawRuns(100)
const CALLS = 12

/** Later than the clock by which the file was made. */
const START = Date.now() + 60_000

interface Log {
  readonly db: Database
  readonly write: (rows: Partial<Parameters<WriteBatch>[0]>) => void
  /** Our clock. */
  at: number
}

function openLog(): Log {
  const db = new Sqlite(':memory:')
  migrate(db, MIGRATIONS)
  onTestFinished(() => void db.close())
  const none = { calls: [], legs: [], deletedCallIds: [], totals: [] }
  const rest = { ended: 0, dropped: 0, number: 1, at: T0, aheadMs: 0 }
  const log: Log = {
    db,
    at: START,
    write: (rows) => expect(batch({ ...none, ...rest, ...rows })).toEqual([]),
  }
  const batch = batchWriter(db, [], () => log.at)
  return log
}

function call(id: number, step: number, isEnded: boolean, updatedAt = T0) {
  const changes = { channelId: `c${id}`, startedAt: T0 + (id % 5), transfers: step }
  const record = isEnded
    ? endedCall({ ...changes, disposition: 'no_answer', answeredAt: null, missed: true })
    : sampleCall(changes)
  return { id, ended: isEnded, createdAt: T0, updatedAt, node: null, missedCaller: id, call: record }
}

function leg(id: number, callId: number, step: number): LegWrite {
  const results = ['busy', 'no_answer', 'rejected'] as const
  const endpoint = `10${step % 7}`
  return {
    id,
    callId,
    leg: sampleLeg({ id: `l${id}`, callId: `c${callId}`, endpoint, result: results[step % 3] ?? null }),
  }
}

const id = fc.integer({ min: 1, max: CALLS })

type Step = readonly ['begin' | 'end' | 'leg' | 'return' | 'prune' | 'page' | 'clock', number, number]

const steps = fc.array(
  fc.oneof(
    fc.tuple(fc.constantFrom('begin' as const, 'end' as const, 'return' as const), id, id),
    fc.tuple(fc.constant('leg' as const), id, id),
    fc.tuple(fc.constant('page' as const), fc.integer({ min: 1, max: 3 }), id),
    // Also back.
    fc.tuple(fc.constant('clock' as const), fc.integer({ min: -50, max: 5_000 }), id),
    { weight: 1, arbitrary: fc.tuple(fc.constant('prune' as const), id, id) },
  ),
  { maxLength: 60 },
)

/** Applies a change; `step` makes it differ from all others. */
function change(log: Log, [kind, one, other]: Step, step: number): void {
  const exists = log.db.prepare('SELECT 1 FROM calls WHERE id = ?').get(one) !== undefined
  switch (kind) {
    case 'begin':
    case 'end':
      return log.write({ calls: [call(one, step, kind === 'end'), call(other, step, false)] })
    case 'leg':
      return exists ? log.write({ legs: [leg(other, one, step)] }) : undefined
    case 'return': {
      const caller = missedCaller(one, { ...CLOSED, closedBy: 'x' })
      const missedCallers = { callers: [{ caller, closedByCall: step }], deletedIds: [], numberSecret: null }
      return log.write({ missedCallers })
    }
    case 'prune':
      return log.write({ deletedCallIds: [one] })
    case 'clock':
      log.at += one
      return
    case 'page':
      return
  }
}

/** As a file of before changes were numbered, migrated. */
function forgetChanges({ db }: Log): void {
  db.exec(`DELETE FROM call_changes;
    UPDATE counters SET value = (SELECT coalesce(max(id), 0) FROM calls) WHERE name = 'before_changes';
    UPDATE counters SET value = (SELECT value FROM counters WHERE name = 'change') WHERE name = 'changes_from'`)
}

/** A copy, and the cursor up to which it is made. */
function follow(
  { db }: Log,
  { since = 0, scanLimit = 5 }: { readonly since?: number; readonly scanLimit?: number } = {},
) {
  const read = changesReader(db, scanLimit)
  const copy = new Map<number, CallEntry>()
  let cursor: string | undefined
  const page = (limit: number): boolean => {
    const { calls, next } = read({ updatedSince: since, limit, ...(cursor !== undefined && { cursor }) })
    expect(calls.length).toBeLessThanOrEqual(limit)
    for (const each of calls) {
      copy.set(each.id, each)
    }
    const isSame = next === cursor
    expect(isSame && calls.length > 0).toBe(false)
    cursor = next ?? undefined
    return !isSame
  }
  return { copy, page, cursor: () => cursor }
}

function contentOf({ db }: Log): ReadonlyMap<number, CallEntry> {
  const { calls, next } = pageReader(db, 1_000)({ filter: {}, order: 'oldest', limit: 500 })
  expect(next).toBeNull()
  return new Map(calls.map((each) => [each.id, each]))
}

test('law: after any changes between any pages, the copy is the log', () => {
  fc.assert(
    fc.property(steps, steps, fc.boolean(), fc.integer({ min: 1, max: 20 }), (before, after, isOld, scanLimit) => {
      const log = openLog()
      for (const [index, each] of before.entries()) {
        change(log, each, index)
      }
      if (isOld) {
        forgetChanges(log)
      }
      const { copy, page } = follow(log, { scanLimit })
      for (const [index, each] of after.entries()) {
        if (each[0] === 'page') {
          page(each[1])
        }
        change(log, each, before.length + index)
      }
      let pages = 0
      while (page(3)) {
        pages += 1
        expect(pages).toBeLessThan(3 * CALLS)
      }
      const content = contentOf(log)
      expect(new Map([...copy].filter(([row]) => content.has(row)).sort(([a], [b]) => a - b))).toEqual(
        new Map([...content].sort(([a], [b]) => a - b)),
      )
    }),
    { numRuns: RUNS },
  )
})

test('a leg that moves to another call changes both', () => {
  const log = openLog()
  log.write({ calls: [call(1, 0, true), call(2, 0, true), call(3, 0, true)], legs: [leg(5, 1, 0)] })
  const { copy, page } = follow(log)
  page(9)
  expect([...copy.values()].map(({ tried }) => tried.length)).toEqual([1, 0, 0])
  copy.clear()
  log.write({ legs: [leg(5, 2, 0)] })
  page(9)
  expect([...copy.values()].map(({ id: row, tried }) => [row, tried.length])).toEqual([
    [1, 0],
    [2, 1],
  ])
})

test('no change is left of a call that is deleted, also in the batch in which it loses a leg', () => {
  const log = openLog()
  log.write({ calls: [call(1, 0, false), call(2, 0, false)], legs: [leg(5, 1, 0)] })
  log.write({ legs: [leg(5, 2, 0)], deletedCallIds: [1] })
  expect(log.db.prepare('SELECT call_id FROM call_changes').pluck().all()).toEqual([2])
})

test('from an instant on: what was written then or later, in the order of the last change', () => {
  const log = openLog()
  for (const each of [1, 2, 3]) {
    log.write({ calls: [call(each, 0, false)] })
    log.at += 1_000
  }
  log.write({ calls: [call(1, 1, true)] })
  const since = (updatedSince: number) =>
    changesReader(log.db, 100)({ updatedSince, limit: 10 }).calls.map(({ id: row, transfers }) => [row, transfers])
  expect(since(START + 1_000)).toEqual([
    [2, 0],
    [3, 0],
    [1, 1],
  ])
  expect(since(START + 2_500)).toEqual([[1, 1]])
  expect(since(START + 3_001)).toEqual([])
})

test('a call of before changes were numbered counts by when it was last written; one that was called back always', () => {
  const log = openLog()
  const at = Date.now()
  log.write({ calls: [call(1, 0, true, at - 90_000), call(2, 0, true, at - 10_000), call(3, 0, true, at - 90_000)] })
  const missedCallers = {
    callers: [{ caller: missedCaller(3, CLOSED), closedByCall: 1 }],
    deletedIds: [],
    numberSecret: null,
  }
  log.write({ missedCallers })
  forgetChanges(log)
  const { copy, page } = follow(log, { since: at - 60_000 })
  while (page(1)) {
    // All of them.
  }
  expect([...copy.keys()]).toEqual([2, 3])
})

test('a clock that is set back gives no number twice', () => {
  const log = openLog()
  log.write({ calls: [call(1, 0, false)] })
  const { page, copy } = follow(log)
  page(5)
  log.at -= 3_600_000
  log.write({ calls: [call(2, 0, false)] })
  page(5)
  expect([...copy.keys()]).toEqual([1, 2])
})

test('a cursor of another call log is refused', () => {
  const log = openLog()
  const cursor = writeChangeCursor({ log: 'another', change: 5, id: 7 })
  expect(readChangeCursor(cursor)).toEqual({ log: 'another', change: 5, id: 7 })
  expect(() => changesReader(log.db, 10)({ updatedSince: 0, limit: 5, cursor })).toThrow(RefusedRequest)
})

test.each([
  ['pages', 'x', 1, 1],
  ['changes', 1, 1, 1],
  ['changes', 'x'.repeat(65), 1, 1],
  ['changes', 'x', -1, 1],
  ['changes', 'x', 1, 1.5],
  ['changes', 'x', 1, 1, 1],
])('%j is no cursor', (...parts) => {
  expect(readChangeCursor(Buffer.from(JSON.stringify(parts)).toString('base64url'))).toBeNull()
})
