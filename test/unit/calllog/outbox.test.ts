// What ends is in the outbox, in the transaction that ends it, once for each sink that wants it; what was delivered is removed once.

import Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { CallRecord } from '../../../src/call/fact.ts'
import type { MissedCaller } from '../../../src/callback/missedCaller.ts'
import { MIGRATIONS, migrate, restoreIndexes } from '../../../src/calllog/file/migrations.ts'
import { openDatabase } from '../../../src/calllog/file/open.ts'
import { giveNewLogId } from '../../../src/calllog/outbox/newLogId.ts'
import { openOutboxReader } from '../../../src/calllog/outbox/outboxReader.ts'
import { backFillStep, prepareOutbox } from '../../../src/calllog/writer/backFill.ts'
import { batchWriter } from '../../../src/calllog/writer/batch.ts'
import { readLogId, type SinkEvents, settle } from '../../../src/calllog/writer/outbox.ts'
import type { Batch } from '../../../src/calllog/writer/protocol.ts'
import { LACKED_FOR_MS, prune } from '../../../src/calllog/writer/retention.ts'
import type { Choice } from '../../../src/shipping/sink.ts'
import { CLOSED, missedCaller } from '../callback/office.ts'
import { endedCall, freshPath, sampleCall, sampleLeg, T0 } from './samples.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const POSTGRES: SinkEvents = { sink: 'postgres', events: ['call', 'missed_caller'], backFill: 'db-1' }
const WEBHOOK: SinkEvents = {
  sink: 'webhook',
  events: ['answered', 'missed', 'ended', 'missed_caller_opened', 'missed_caller_closed'],
  backFill: null,
}
const BOTH = [POSTGRES, WEBHOOK]

interface Store {
  readonly db: Database.Database
  readonly path: string
  write(rows: Partial<Batch>): void
  /** `sink event row` of each entry, in order. */
  entries(): readonly string[]
}

function store(sinks: readonly SinkEvents[] = BOTH, path = freshPath()): Store {
  const { db, lock } = openDatabase(path)
  onTestFinished(() => {
    db.close()
    lock.close()
  })
  return { path, ...storeOf(db, sinks) }
}

function storeOf(db: Database.Database, sinks: readonly SinkEvents[]): Omit<Store, 'path'> {
  prepareOutbox(db, sinks, { site: 'berlin', now: 0 })
  const write = batchWriter(db, sinks)
  return {
    db,
    write: (rows) =>
      void write({
        ...{ calls: [], legs: [], deletedCallIds: [], totals: [] },
        ...{ ended: 0, dropped: 0, number: 1, at: T0, aheadMs: 0 },
        ...rows,
      }),
    entries: () =>
      db.prepare<[], string>("SELECT sink || ' ' || event || ' ' || row_id FROM outbox ORDER BY id").pluck().all(),
  }
}

function call(id: number, changes: Partial<CallRecord> = {}) {
  const record = endedCall({ channelId: `${id}`, ...changes })
  return { id, ended: true, createdAt: T0, updatedAt: T0, node: null, call: record }
}

const open = (id: number) => ({ ...call(id), ended: false, call: sampleCall({ channelId: `${id}` }) })

function caller(id: number, changes: Partial<MissedCaller> = {}): Pick<Batch, 'missedCallers'> {
  const callers = [{ caller: missedCaller(id, changes), closedByCall: null }]
  return { missedCallers: { callers, deletedIds: [], numberSecret: null } }
}

describe('identity', () => {
  test('each file has an id of its own, a UUID of version 4, and the name of its site', () => {
    const ids = Array.from({ length: 40 }, () => {
      const db = new Database(':memory:')
      migrate(db, MIGRATIONS)
      return readLogId(db)
    })
    expect(ids.filter((id) => !UUID.test(id))).toEqual([])
    expect(new Set(ids).size).toBe(40)
    const { db } = store()
    expect(db.prepare("SELECT value FROM identity WHERE name = 'site'").pluck().get()).toBe('berlin')
    prepareOutbox(db, BOTH, { site: 'munich', now: 0 })
    expect(db.prepare("SELECT value FROM identity WHERE name = 'site'").pluck().get()).toBe('munich')
    prepareOutbox(db, BOTH, { site: null, now: 0 })
    expect(db.prepare("SELECT value FROM identity WHERE name = 'site'").pluck().get()).toBe('munich')
  })

  test('a stopped log gets another one on request; what waits in its outbox stays', async () => {
    const path = freshPath()
    const { db, lock } = openDatabase(path)
    storeOf(db, BOTH).write({ calls: [call(1)] })
    await expect(giveNewLogId(path)).rejects.toMatchObject({ reason: 'in_use' })
    db.close()
    lock.close()
    const { before, logId } = await giveNewLogId(path)
    expect([before, logId].filter((id) => !UUID.test(id))).toEqual([])
    expect(before).not.toBe(logId)
    const reader = openOutboxReader(path)
    onTestFinished(() => reader.close())
    expect(reader.parcel('postgres', 9)).toMatchObject({ logId, site: 'berlin', items: [{ rowId: 1 }] })
    await expect(giveNewLogId(`${path}.none`)).rejects.toMatchObject({ name: 'CallLogOpenError' })
  })
})

describe('an ended call', () => {
  test.each<[string, Partial<CallRecord>, readonly string[]]>([
    ['answered', {}, ['postgres call 1', 'webhook answered 1']],
    ['missed', { disposition: 'no_answer', missed: true }, ['postgres call 1', 'webhook missed 1']],
    ['neither', { disposition: 'self_service' }, ['postgres call 1', 'webhook ended 1']],
    ['merged into another one', { disposition: 'merged', mergedInto: '2' }, ['postgres call 1']],
  ])('%s', (_, changes, wanted) => {
    const { write, entries } = store()
    write({ calls: [open(1)] })
    expect(entries()).toEqual([])
    write({ calls: [call(1, changes)] })
    expect(entries()).toEqual(wanted)
  })

  test('has no entry for a sink that is not configured or does not want it', () => {
    const none = store([])
    none.write({ calls: [call(1)] })
    expect(none.entries()).toEqual([])
    const some = store([{ ...WEBHOOK, events: ['missed'] }])
    some.write({ calls: [call(1), call(2, { disposition: 'busy', missed: true })] })
    expect(some.entries()).toEqual(['webhook missed 2'])
  })

  test('without sinks, no statement of the writer names the outbox', () => {
    const statements: string[] = []
    const { db } = store([])
    const spied = new Proxy(db, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key)
        if (key === 'prepare') {
          return (sql: string) => {
            statements.push(sql)
            return target.prepare(sql)
          }
        }
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const write = batchWriter(spied)
    write({
      ...{ calls: [call(1)], legs: [], deletedCallIds: [], totals: [], ...caller(1) },
      ...{ ended: 1, dropped: 0, number: 1, at: T0, aheadMs: 0 },
    })
    expect(statements.length).toBeGreaterThan(5)
    expect(statements.filter((sql) => sql.includes('outbox'))).toEqual([])
  })

  test('that is written twice has one entry, also when the first was delivered meanwhile', () => {
    const { db, write, entries } = store()
    write({ calls: [call(1)] })
    write({ calls: [call(1)] })
    expect(entries()).toEqual(['postgres call 1', 'webhook answered 1'])
    expect(settle(db, { logId: readLogId(db), delivered: [1, 2], refused: [] }, T0)).toBe(true)
    write({ calls: [call(1)] })
    expect(entries()).toEqual([])
  })

  test('is in one transaction with its entry: neither is there without the other', () => {
    const { db, write, entries } = store()
    db.exec("CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'no room'); END")
    expect(() => write({ calls: [call(1)] })).toThrow('no room')
    expect(db.prepare('SELECT count(*) FROM calls').pluck().get()).toBe(0)
    db.exec('DROP TRIGGER full')
    db.exec("CREATE TRIGGER full BEFORE INSERT ON totals BEGIN SELECT RAISE(ABORT, 'no room'); END")
    expect(() => write({ calls: [call(1)], totals: [{ name: 'n', labels: '{}', value: 1 }] })).toThrow('no room')
    expect(entries()).toEqual([])
  })
})

describe('a missed caller', () => {
  test('is opened, changed and closed; the latest state takes the place of one that waits', () => {
    const { db, write, entries } = store()
    write(caller(7))
    expect(entries()).toEqual(['postgres missed_caller 7', 'webhook missed_caller_opened 7'])
    const since = db.prepare('SELECT at FROM outbox WHERE id = 1').pluck().get()
    db.exec("UPDATE outbox SET at = '2026-01-01 00:00:00.000'")
    write(caller(7, { attempts: 2 }))
    expect(entries()).toEqual(['webhook missed_caller_opened 7', 'postgres missed_caller 7'])
    expect(since).not.toBe('2026-01-01 00:00:00.000')
    expect(db.prepare("SELECT at FROM outbox WHERE sink = 'postgres'").pluck().all()).toEqual([
      '2026-01-01 00:00:00.000',
    ])
    write(caller(7, { ...CLOSED }))
    write(caller(7, { ...CLOSED }))
    expect(entries()).toEqual([
      'webhook missed_caller_opened 7',
      'webhook missed_caller_closed 7',
      'postgres missed_caller 7',
    ])
    expect(db.prepare('SELECT max(id) FROM outbox').pluck().get()).toBe(6)
  })

  test('that opens and closes within one batch does both', () => {
    const { write, entries } = store()
    write(caller(7, { ...CLOSED }))
    expect(entries()).toEqual([
      'postgres missed_caller 7',
      'webhook missed_caller_opened 7',
      'webhook missed_caller_closed 7',
    ])
  })

  test('that is written into a new file has a state there, and nothing happened to it', () => {
    const { write, entries } = store()
    write({ ...caller(7), restores: true })
    expect(entries()).toEqual(['postgres missed_caller 7'])
  })
})

describe('what the sinks are given', () => {
  test('rows with all their columns, and the legs of calls, oldest first', () => {
    const { db, path, write } = store()
    write({ ...caller(7), calls: [call(1)], legs: [{ id: 5, callId: 1, leg: sampleLeg({ callId: '1' }) }] })
    const reader = openOutboxReader(path)
    onTestFinished(() => reader.close())
    const { items } = reader.parcel('postgres', 500)
    expect(items).toMatchObject([
      { outboxId: 1, event: 'call', rowId: 1, row: { id: 1, channel_id: '1', returned_by: null }, legs: [{ id: 5 }] },
      { outboxId: 3, event: 'missed_caller', rowId: 7, row: { id: 7, state: 'waiting' }, legs: [] },
    ])
    const columns = (table: string) => db.pragma(`table_info(${table})`) as readonly { readonly name: string }[]
    for (const [table, row] of [
      ['calls', items[0]?.row],
      ['legs', items[0]?.legs[0]],
      ['missed_callers', items[1]?.row],
    ] as const) {
      expect(Object.keys(row ?? {}).toSorted()).toEqual(
        columns(table)
          .map(({ name }) => name)
          .toSorted(),
      )
    }
    expect(reader.parcel('postgres', 1).items).toHaveLength(1)
    expect([reader.count('postgres', 500), reader.count('postgres', 1), reader.waiting('webhook').rows]).toEqual([
      2, 1, 2,
    ])
  })

  test('newer ones in place of those that the sink holds back, of which a bounded number is looked at', () => {
    const { db, path, write } = store([WEBHOOK])
    write({
      calls: Array.from({ length: 700 }, (_, index) => call(index + 1, { disposition: 'no_answer', missed: true })),
    })
    write(caller(7))
    write({ calls: [call(701), call(702)] })
    write(caller(7, CLOSED))
    const reader = openOutboxReader(path)
    onTestFinished(() => reader.close())
    const choice: Choice = { isHeldBack: ({ event, rowId }) => event === 'missed' || rowId === 7, newest: 0 }
    expect(reader.parcel('webhook', 500).items.at(-1)).toMatchObject({ event: 'missed', rowId: 500 })
    expect(reader.count('webhook', 500, choice)).toBe(2)
    const { items, leftOut } = reader.parcel('webhook', 500, choice)
    expect(items).toMatchObject([
      { event: 'answered', rowId: 701 },
      { event: 'answered', rowId: 702, legs: [] },
    ])
    expect(leftOut).toHaveLength(702)
    expect(reader.parcel('webhook', 1, choice)).toMatchObject({ items: [{ rowId: 701 }], leftOut: { length: 701 } })
    // The latest ends, but nothing of a missed caller, which might overtake.
    const down = reader.parcel('webhook', 10, { isHeldBack: () => false, newest: 4 })
    expect(down.items.map(({ rowId }) => rowId)).toEqual([1, 2, 3, 4, 5, 6, 701, 702])
    expect(reader.parcel('webhook', 704, { isHeldBack: () => false, newest: 4 }).items).toHaveLength(702)
    db.exec(
      "WITH n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 10000) INSERT INTO outbox (sink, event, row_id, at) SELECT 'webhook', 'missed', 1, '' FROM n",
    )
    write({ calls: [call(703)] })
    expect(reader.count('webhook', 500, { isHeldBack: ({ rowId }) => rowId !== 703, newest: 0 })).toBe(0)
  })

  test('nothing without the index of the legs, and the error says what to do', () => {
    const { db, path, write } = store()
    write({ calls: [call(1)] })
    const reader = openOutboxReader(path)
    onTestFinished(() => reader.close())
    db.exec('DROP INDEX legs_by_call')
    const sentence = 'no such index: legs_by_call; the program makes it again when it is restarted'
    expect(() => reader.parcel('postgres', 500)).toThrow(sentence)
    expect(() => openOutboxReader(path)).toThrow(sentence)
    restoreIndexes(db, MIGRATIONS)
    expect(reader.parcel('postgres', 500).items).toMatchObject([{ rowId: 1 }])
  })

  test('null for a row that is gone', () => {
    const { db, path, write } = store()
    write({ calls: [call(1)] })
    db.exec('DELETE FROM calls')
    const reader = openOutboxReader(path)
    onTestFinished(() => reader.close())
    expect(reader.parcel('postgres', 500).items).toMatchObject([{ rowId: 1, row: null, legs: [] }])
  })
})

describe('delivered', () => {
  test('entries are removed, refused ones are kept apart with the reason', () => {
    const { db, write, entries } = store([POSTGRES])
    write({ calls: [call(1), call(2), call(3)] })
    const refused = [{ outboxId: 2, detail: 'a text with a zero byte' }]
    expect(settle(db, { logId: readLogId(db), delivered: [1], refused }, T0)).toBe(true)
    expect(entries()).toEqual(['postgres call 3'])
    expect(db.prepare('SELECT id, event, row_id, detail FROM outbox_refused').all()).toEqual([
      { id: 2, event: 'call', row_id: 2, detail: 'a text with a zero byte' },
    ])
  })

  test('entries of another file are not touched', () => {
    const { db, write, entries } = store([POSTGRES])
    write({ calls: [call(1)] })
    expect(settle(db, { logId: 'another', delivered: [1], refused: [] }, T0)).toBe(false)
    expect(entries()).toEqual(['postgres call 1'])
  })
})

describe('back-fill', () => {
  /** A file of 1,200 ended calls, an open one and three missed callers, written without sinks. */
  function earlier(): Store {
    const before = store([])
    before.write({ calls: Array.from({ length: 1_200 }, (_, index) => call(index + 1)) })
    before.write({ calls: [open(1_201)], ...caller(1) })
    before.write(caller(2, { ...CLOSED }))
    return before
  }

  function fillAll(db: Database.Database, sinks = BOTH): number {
    let steps = 1
    for (; !backFillStep(db, sinks, T0); steps += 1) {
      db.exec("DELETE FROM outbox WHERE sink = 'postgres'")
    }
    return steps
  }

  const rows = (db: Database.Database, event: string) =>
    db.prepare<[string], number>('SELECT row_id FROM outbox WHERE event = ? ORDER BY id').pluck().all(event)

  test('oldest first, at most 500 at a time, and only while fewer wait', () => {
    const { db, write } = { ...earlier() }
    const { write: writeNow } = storeOf(db, BOTH)
    expect(backFillStep(db, BOTH, T0)).toBe(false)
    expect(rows(db, 'call')).toEqual(Array.from({ length: 500 }, (_, index) => index + 1))
    expect(backFillStep(db, BOTH, T0)).toBe(false)
    expect(rows(db, 'call')).toHaveLength(500)
    db.exec('DELETE FROM outbox')
    backFillStep(db, BOTH, T0)
    expect(rows(db, 'call').at(-1)).toBe(1_000)
    db.exec('DELETE FROM outbox')
    // The open call ends meanwhile.
    writeNow({ calls: [call(1_201)] })
    backFillStep(db, BOTH, T0)
    expect(rows(db, 'call')).toEqual([1_201, ...Array.from({ length: 200 }, (_, index) => index + 1_001)])
    backFillStep(db, BOTH, T0)
    expect(rows(db, 'missed_caller')).toEqual([1, 2])
    expect(backFillStep(db, BOTH, T0)).toBe(true)
    expect(rows(db, 'answered')).toEqual([1_201])
    expect(write).toBeDefined()
  })

  test('continues after a restart, and begins again for another database and after a start without the sink', () => {
    const { db } = earlier()
    storeOf(db, BOTH)
    backFillStep(db, BOTH, T0)
    expect(prepareOutbox(db, BOTH, { site: null, now: 0 })).toEqual({})
    db.exec('DELETE FROM outbox')
    backFillStep(db, BOTH, T0)
    expect(rows(db, 'call')[0]).toBe(501)

    const other = [{ ...POSTGRES, backFill: 'db-2' }, WEBHOOK]
    prepareOutbox(db, other, { site: null, now: 0 })
    expect(rows(db, 'call')).toEqual([])
    backFillStep(db, other, T0)
    expect(rows(db, 'call')[0]).toBe(1)

    expect(prepareOutbox(db, [WEBHOOK], { site: null, now: 0 })).toEqual({ postgres: 500 })
    expect(backFillStep(db, [WEBHOOK], T0)).toBe(true)
    expect(rows(db, 'call')).toEqual([])
    prepareOutbox(db, other, { site: null, now: 0 })
    expect(fillAll(db, other)).toBe(5)
  })

  test('of a new file there is nothing', () => {
    const { db } = store()
    expect(backFillStep(db, BOTH, T0)).toBe(true)
  })
})

describe('retention', () => {
  const DAY = 86_400_000
  const ids = (db: Database.Database, table: string) =>
    db.prepare<[], number>(`SELECT id FROM ${table} ORDER BY id`).pluck().all()

  test('keeps what a sink lacks, for thirty days more; then it is deleted and counted', () => {
    const { db, write, entries } = store()
    const end = T0 + 27_222
    write({ calls: [call(1), call(2), call(3)], ...caller(7, { ...CLOSED, closedAt: end }) })
    db.exec('DELETE FROM outbox WHERE row_id = 2')
    expect(prune(db, end + DAY)).toMatchObject({ calls: 1, undelivered: new Map() })
    expect([ids(db, 'calls'), ids(db, 'missed_callers')]).toEqual([[1, 3], [7]])
    expect(prune(db, end + LACKED_FOR_MS - 1)).toMatchObject({ calls: 0 })
    const late = prune(db, end + LACKED_FOR_MS + 1)
    expect(late.calls).toBe(2)
    expect([...late.undelivered]).toEqual([
      ['postgres', 3],
      ['webhook', 4],
    ])
    expect([ids(db, 'calls'), ids(db, 'missed_callers'), entries()]).toEqual([[], [], []])
  })

  test('goes on behind a chunk of calls that are all kept', () => {
    const { db, write } = store()
    write({ calls: Array.from({ length: 700 }, (_, index) => call(index + 1)) })
    db.exec('DELETE FROM outbox WHERE row_id > 600')
    const first = prune(db, T0 + DAY)
    expect([first.calls, first.next?.id]).toEqual([0, 500])
    const second = prune(db, T0 + DAY, first.next ?? undefined)
    expect([second.calls, second.next?.id]).toEqual([100, 700])
    expect(prune(db, T0 + DAY, second.next ?? undefined).next).toBeNull()
  })

  test('keeps what the back-fill has not reached', () => {
    const before = store([])
    before.write({ calls: [call(1), call(2)] })
    storeOf(before.db, BOTH)
    expect(prune(before.db, T0 + DAY).calls).toBe(0)
    before.db.exec("UPDATE back_fill SET call = 1 WHERE sink = 'postgres'")
    expect(prune(before.db, T0 + DAY).calls).toBe(1)
    expect(ids(before.db, 'calls')).toEqual([2])
  })
})
