// Every query is compared with a plain search of all calls, with a real file and a real thread.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { DESTINATION_CLASSES } from '../../../src/call/event.ts'
import { DISPOSITIONS } from '../../../src/call/fact.ts'
import { type CallQueriesOptions, type OpenCallQueries, openCallQueries } from '../../../src/calllog/reader/client.ts'
import { pageReader } from '../../../src/calllog/reader/page.ts'
import type { CallFilter, CallPageRequest, CallQueries } from '../../../src/query/query.ts'
import type { CallEntry } from '../../../src/query/schema.ts'
import { lawRuns } from '../call/lawRuns.ts'
import { byStart, type Known, makeCalls, matches, writeKnown } from './manyCalls.ts'
import { freshPath, openLog, started, T0 } from './samples.ts'

const RUNS = lawRuns(12)

const folder = mkdtempSync(join(tmpdir(), 'queries-'))
const path = join(folder, 'calls.db')
const known = makeCalls(3000)
let queries: OpenCallQueries

beforeAll(async () => {
  writeKnown(path, known)
  queries = open({ path })
})

afterAll(async () => {
  await queries.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(options: CallQueriesOptions): OpenCallQueries {
  return openCallQueries(options, { log: pino({ level: 'silent' }) })
}

function durationOf({ call }: Known): number {
  return call.endedAt === null ? 0 : call.durationMs
}

function expected(filter: CallFilter, order: CallPageRequest['order'], among = known): readonly number[] {
  const found = among.filter((one) => matches(filter, one)).sort(byStart)
  if (order === 'longest') {
    return found.sort((one, other) => durationOf(other) - durationOf(one)).map(({ id }) => id)
  }
  return (order === 'newest' ? found : found.reverse()).map(({ id }) => id)
}

/** The calls of all pages. */
async function allPages(
  asked: Pick<CallQueries, 'page'>,
  request: CallPageRequest,
  between: () => void = () => {},
): Promise<readonly CallEntry[]> {
  const found: CallEntry[] = []
  let cursor: string | undefined
  for (let pages = 0; pages < 10_000; pages += 1) {
    const page = await asked.page({ ...request, ...(cursor !== undefined && { cursor }) })
    expect(page.calls.length).toBeLessThanOrEqual(request.limit)
    found.push(...page.calls)
    if (page.next === null) {
      return found
    }
    cursor = page.next
    between()
  }
  throw new Error('the pages do not end')
}

const END = Math.max(...known.map(({ call }) => call.startedAt))

const FIELDS = {
  from: fc.integer({ min: T0, max: END }),
  to: fc.integer({ min: T0, max: END + 2 }),
  direction: fc.uniqueArray(fc.constantFrom('inbound', 'outbound', 'internal', 'transit'), { minLength: 1 }),
  disposition: fc.uniqueArray(fc.constantFrom(...DISPOSITIONS), { minLength: 1, maxLength: 4 }),
  missed: fc.boolean(),
  caller: fc.constantFrom('101', '+358401234567', '', '%', "o'neil", '=1+1', 'nobody'),
  callee: fc.constantFrom('102', '*97', '100_', 'nobody'),
  number: fc.constantFrom('102', '+358401234567', '', 'nobody'),
  name: fc.constantFrom('Alice', 'ann', 'Ann "A" Example', 'nobody'),
  answeredBy: fc.constantFrom('101', '103', 'x"101', '1', 'nobody'),
  operator: fc.constantFrom('101', '102', 'trunk-a', 'nobody', ''),
  trunk: fc.constantFrom('trunk-a', 'trunk-b', 'nobody'),
  line: fc.constantFrom('Sales', 'Support', 'nobody'),
  destination: fc.uniqueArray(fc.constantFrom(...DESTINATION_CLASSES), { minLength: 1, maxLength: 3 }),
  country: fc.constantFrom('EE', 'SE', 'XX'),
  queue: fc.constantFrom('support', 'sales', 'nobody'),
  sipCallId: fc.constantFrom(
    'dialog-3@pc33.example.com',
    'dialog-14@pc33.example.com',
    'DIALOG-3@pc33.example.com',
    '',
  ),
  minDuration: fc.constantFrom(0, 0.001, 60, 599, 10_000),
  maxDuration: fc.constantFrom(0, 60, 599.5),
  text: fc.constantFrom('1', '103', '67', '34567', '*97', '123456', '%', '_', "'", '*', '+3584', 'nobody'),
} satisfies Record<keyof CallFilter, fc.Arbitrary<unknown>>

const ORDERS = ['newest', 'oldest', 'longest'] as const

describe('a page', () => {
  test.each(Object.keys(FIELDS))('%s alone finds what looking at each call finds', async (field) => {
    const arbitrary = FIELDS[field as keyof CallFilter] as fc.Arbitrary<unknown>
    for (const value of new Set(fc.sample(arbitrary, { numRuns: 12, seed: 1 }))) {
      for (const order of ORDERS) {
        const found = await allPages(queries, { filter: { [field]: value }, order, limit: 500 })
        expect([value, found.map(({ id }) => id)]).toEqual([value, expected({ [field]: value }, order)])
      }
    }
  })

  test('so do all filters together, for any page length and scan limit', () => {
    const db = new Database(path, { readonly: true })
    onTestFinished(() => {
      db.close()
    })
    fc.assert(
      fc.property(
        fc.record(FIELDS),
        fc.subarray(Object.keys(FIELDS), { maxLength: 4 }),
        fc.constantFrom(...ORDERS),
        fc.integer({ min: 20, max: 500 }),
        fc.constantFrom(37, 700, 1_000_000),
        (all, fields, order, limit, scanLimit) => {
          const filter: CallFilter = Object.fromEntries(Object.entries(all).filter(([field]) => fields.includes(field)))
          // The longest are found only if all are looked at.
          const read = pageReader(db, order === 'longest' ? 1_000_000 : scanLimit)
          const found: number[] = []
          let next: string | null | undefined
          while (next !== null) {
            const page = read({ filter, order, limit, ...(next !== undefined && { cursor: next }) })
            found.push(...page.calls.map(({ id }) => id))
            next = page.next
          }
          expect(found).toEqual(expected(filter, order))
        },
      ),
      { numRuns: RUNS },
    )
  }, 120_000)

  test('of the longest calls is refused if there are more to look at than a page may', async () => {
    const ofQueue = known.filter(({ call }) => call.queue === 'sales')
    const before = ofQueue.map(({ call }) => call.startedAt).sort((one, other) => one - other)[100] ?? 0
    const short = open({ path, scanLimit: 100 })
    onTestFinished(() => short.close())
    const ask = (filter: CallFilter) => short.page({ filter, order: 'longest', limit: 5 })
    const problem = { name: 'QueryFailure', reason: 'refused', message: expect.stringMatching(/^order: .* 100 calls/) }
    await expect(ask({})).rejects.toMatchObject(problem)
    await expect(ask({ queue: 'sales', to: before + 1 })).rejects.toMatchObject(problem)
    const filter = { queue: 'sales', to: before }
    expect((await ask(filter)).calls.map(({ id }) => id)).toEqual(expected(filter, 'longest').slice(0, 5))
  })

  test('is short if the scan ended early, and its cursor continues', async () => {
    const short = open({ path, scanLimit: 100 })
    onTestFinished(() => short.close())
    const page = await short.page({ filter: { text: 'nobody' }, order: 'newest', limit: 50 })
    expect(page.calls).toEqual([])
    expect(page.next).not.toBeNull()
    expect(await allPages(short, { filter: { text: 'nobody' }, order: 'newest', limit: 50 })).toEqual([])
  })

  test('has the number of all calls that the filter finds if asked, at most 10,000 and of those that were looked at', async () => {
    for (const filter of [{}, { caller: '101' }, { number: '102' }, { text: '67' }, { name: 'nobody' }]) {
      for (const order of ORDERS) {
        const request = { filter, order, limit: 20 }
        const first = await queries.page({ ...request, total: true })
        const total = { count: expected(filter, order).length, more: false }
        expect([filter, first.total]).toEqual([filter, total])
        if (first.next !== null) {
          expect((await queries.page({ ...request, total: true, cursor: first.next })).total).toEqual(total)
        }
        expect((await queries.page(request)).total).toBeNull()
      }
    }
    const short = open({ path, scanLimit: 100 })
    onTestFinished(() => short.close())
    const asked = { filter: { text: '67' }, order: 'newest', limit: 1, total: true } as const
    const looked = known.toSorted(byStart).slice(0, 100)
    const found = looked.filter((one) => matches(asked.filter, one)).length
    expect(found).toBeGreaterThan(1)
    for (const limit of [1, found, found + 1]) {
      expect((await short.page({ ...asked, limit })).total).toEqual({ count: found, more: true })
    }
  })

  test('counts no further than 10,000 calls', async () => {
    const long = freshPath()
    writeKnown(long, makeCalls(10_000))
    const asked = open({ path: long })
    onTestFinished(() => asked.close())
    const total = async () => (await asked.page({ filter: {}, order: 'newest', limit: 1, total: true })).total
    expect(await total()).toEqual({ count: 10_000, more: false })
    writeKnown(long, makeCalls(1, 10_001))
    expect(await total()).toEqual({ count: 10_000, more: true })
  }, 60_000)

  test('is full if there are enough calls, and the last page has no cursor', async () => {
    const page = await queries.page({ filter: {}, order: 'newest', limit: 500 })
    expect(page.calls).toHaveLength(500)
    const last = await queries.page({ filter: { from: END }, order: 'newest', limit: 500 })
    expect(last.next).toBeNull()
  })

  test('a cursor does not extend the requested period, and a cursor of another order is refused', async () => {
    const { next } = await queries.page({ filter: {}, order: 'newest', limit: 1 })
    const filter = { to: T0 + 60_000 }
    const cursor = next ?? ''
    const page = await queries.page({ filter, order: 'newest', limit: 500, cursor })
    expect(page.calls.map(({ id }) => id)).toEqual(expected(filter, 'newest').slice(0, 500))
    await expect(queries.page({ filter, order: 'oldest', limit: 5, cursor })).rejects.toMatchObject({
      name: 'QueryFailure',
      reason: 'unreadable',
    })
    expect((await queries.page({ filter, order: 'newest', limit: 5 })).calls).toHaveLength(5)
  })

  test.each(ORDERS)(
    'while calls are added, %s first: none that was there is missing, none comes twice',
    async (order) => {
      const growing = freshPath()
      const before = makeCalls(300)
      writeKnown(growing, before)
      const asked = open({ path: growing })
      onTestFinished(() => asked.close())
      let added = 300
      const grow = (): void => {
        writeKnown(growing, makeCalls(7, added + 1))
        added += 7
      }
      const found = await allPages(asked, { filter: {}, order, limit: 20 }, () => added < 500 && grow())
      const ids = found.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids.filter((id) => id <= 300)).toEqual(expected({}, order, before))
      if (order === 'oldest') {
        expect(ids.length).toBeGreaterThan(400)
      }
    },
  )

  test('has all fields of a call', async () => {
    const path = freshPath()
    const log = await openLog(path)
    log.callLog.append([started({ caller: '<b>"\'', callerName: 'Ünï\u0000\ud800', answeredBy: ['1 0'] })], [])
    await log.callLog.flush()
    const { calls } = await (await reader(path)).page({ filter: {}, order: 'newest', limit: 1 })
    expect(calls).toEqual([
      {
        id: 1,
        channel_id: '1772600767.1',
        caller: '<b>"\'',
        caller_name: 'Ünï\ufffd\ufffd',
        callee: '102',
        direction: 'internal',
        status: 'ringing',
        disposition: null,
        missed: false,
        start_time: '2026-03-04T05:06:07.089Z',
        answer_time: null,
        end_time: null,
        duration: 0,
        ring_seconds: null,
        answer_delay: null,
        hold_seconds: 0,
        hangup_by: null,
        cause: null,
        cause_text: null,
        queue: null,
        queue_wait: null,
        answered_by: ['1 0'],
        trunk: null,
        transfers: 0,
        merged_into: null,
        offered: false,
        voice_problem: null,
        sip_call_id: null,
        recording: null,
        tried: [],
        returned_by: null,
        returned_after: null,
        line: null,
        destination_class: null,
        destination_country: null,
      },
    ])
  })
})

async function reader(path: string): Promise<OpenCallQueries> {
  const asked = open({ path })
  onTestFinished(() => asked.close())
  return asked
}

describe('a detail', () => {
  test('is the call with its legs in the order of their starts', async () => {
    const one = known.find(({ legs }) => legs.length === 3)
    const story = await queries.detail(one?.id ?? 0)
    expect(story?.channel_id).toBe(one?.call.channelId)
    const legs = [...(one?.legs ?? [])].sort((a, b) => a.startedAt - b.startedAt)
    expect(story?.legs.map(({ endpoint, start_time, result }) => [endpoint, start_time, result])).toEqual(
      legs.map(({ endpoint, startedAt, result }) => [endpoint, new Date(startedAt).toISOString(), result]),
    )
  })

  test.each([0, -1, 999_999, 2 ** 52])('is null for the row id %d', async (id) => {
    expect(await queries.detail(id)).toBeNull()
  })
})

const inPeriod = (from: number, to: number) => known.filter(({ call }) => call.startedAt >= from && call.startedAt < to)

const PERIODS = [
  [T0, END + 1],
  [T0 + 100_000, T0 + 300_000],
  [0, T0],
] as const

describe('key figures', () => {
  test.each(PERIODS)('of operators from %d to %d match their legs', async (from, to) => {
    const legs = inPeriod(from, to)
      .flatMap((one) => one.legs)
      .filter((leg) => leg.role === 'callee' && leg.endpointRole === 'phone')
    const found = await queries.operators({ from, to })
    expect(found.map(({ operator }) => operator).toSorted()).toEqual(
      [...new Set(legs.map((leg) => leg.endpoint))].sort(),
    )
    for (const one of found) {
      const own = legs.filter((leg) => leg.endpoint === one.operator)
      const count = (...results: readonly string[]) => own.filter(({ result }) => results.includes(result ?? '')).length
      expect(one).toMatchObject({
        offered: own.length,
        answered: count('answered'),
        answered_elsewhere: count('answered_elsewhere'),
        cancelled: count('cancelled'),
        missed: count('no_answer', 'busy', 'rejected', 'unreachable', 'congestion', 'invalid_number', 'failed'),
      })
      expect(one.talk_seconds).toBeCloseTo(own.reduce((sum, { talkMs }) => sum + talkMs, 0) / 1000, 3)
    }
  })

  test.each(PERIODS)('of a period from %d to %d match its calls', async (from, to) => {
    const calls = inPeriod(from, to).map(({ call }) => call)
    const stats = await queries.stats({ from, to })
    const answered = calls.filter(({ disposition }) => disposition === 'answered')
    const talk = answered.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000
    expect(stats).toMatchObject({
      from: new Date(from).toISOString(),
      calls: calls.length,
      answered: answered.length,
      missed: calls.filter(({ missed }) => missed).length,
      longest_queue_wait_seconds:
        calls.length === 0 ? null : Math.max(...calls.map(({ queueWaitMs }) => queueWaitMs ?? 0)) / 1000,
    })
    for (const one of DISPOSITIONS) {
      expect(stats.by_disposition[one]).toBe(calls.filter(({ disposition }) => disposition === one).length)
    }
    for (const one of ['inbound', 'outbound', 'internal', 'transit'] as const) {
      expect(stats.by_direction[one]).toBe(calls.filter(({ direction }) => direction === one).length)
    }
    expect(stats.talk_seconds).toBeCloseTo(talk, 3)
    expect(stats.average_answer_delay_seconds).toBe(calls.length === 0 ? null : 2)
    const offered = calls.filter((call) => call.offered)
    expect(stats.answered_share).toBe(offered.length === 0 ? null : answered.length / offered.length)
  })
})

test('an unanswered call lists each endpoint that it was offered to with the last result; an answered call lists none', async () => {
  const wanted = new Map(known.map((one) => [one.id, triedOf(one)]))
  const calls = await allPages(queries, { filter: {}, order: 'oldest', limit: 500 })
  expect(calls.filter(({ tried }) => tried.length > 1).length).toBeGreaterThan(10)
  for (const { id, tried } of calls) {
    expect([id, tried]).toEqual([id, wanted.get(id)])
  }
  const [first] = calls.filter(({ tried }) => tried.length > 1)
  expect((await queries.detail(first?.id ?? 0))?.tried).toEqual(first?.tried)
})

function triedOf({ call, legs }: Known): CallEntry['tried'] {
  if (call.answeredAt !== null) {
    return []
  }
  const offered = legs.filter(({ role }) => role === 'callee')
  const last = offered.filter(
    ({ endpoint }, index) => !offered.slice(index + 1).some((leg) => leg.endpoint === endpoint),
  )
  return last.map(({ endpoint, result }) => ({ endpoint, result }))
}
