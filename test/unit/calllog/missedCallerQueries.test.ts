// The list of missed callers as the API reads it: filters, order, pages, CSV.

import fc from 'fast-check'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { MISSED_CALLER_STATES, type MissedCaller } from '../../../src/callback/missedCaller.ts'
import { openDatabase } from '../../../src/calllog/file/open.ts'
import { openCallQueries } from '../../../src/calllog/reader/client.ts'
import { missedCallersReader } from '../../../src/calllog/reader/missedCallerPage.ts'
import type { MissedCallerFilter } from '../../../src/query/query.ts'
import { missedCallerEntry } from '../../../src/query/serialize.ts'
import { lawRuns } from '../call/lawRuns.ts'
import { missedCaller } from '../callback/office.ts'
import { freshPath, T0 } from './samples.ts'
import { writeMissedCallers } from './written.ts'

const RUNS = lawRuns(50)
const MINUTE = 60_000

function known(id: number): MissedCaller {
  const state = MISSED_CALLER_STATES[id % 4] ?? 'waiting'
  const firstMissAt = T0 + (id % 7) * MINUTE
  return missedCaller(id, {
    state,
    name: id % 3 === 0 ? 'Ääkkönen' : '',
    firstMissAt,
    lastMissAt: firstMissAt,
    queue: ['sales', 'support', null][id % 3] ?? null,
    closedAt: state === 'waiting' ? null : firstMissAt + (id % 2 === 0 ? MINUTE : 90_500),
    closedBy: state === 'waiting' || state === 'expired' ? null : `c${id}`,
  })
}

const ALL = Array.from({ length: 60 }, (_, index) => known(index + 1))

function written(callers: readonly MissedCaller[]): string {
  const path = freshPath()
  writeMissedCallers(path, callers)
  return path
}

function matches(caller: MissedCaller, { from, to, closedFrom, closedTo, state, queue }: MissedCallerFilter): boolean {
  return (
    (from === undefined || caller.firstMissAt >= from) &&
    (to === undefined || caller.firstMissAt < to) &&
    (closedFrom === undefined || (caller.closedAt !== null && caller.closedAt >= closedFrom)) &&
    (closedTo === undefined || (caller.closedAt !== null && caller.closedAt < closedTo)) &&
    (state === undefined || state.includes(caller.state)) &&
    (queue === undefined || caller.queue === queue)
  )
}

const anyTime = fc.integer({ min: -1, max: 8 }).map((minutes) => T0 + minutes * MINUTE)
const anyFilter = fc.record(
  {
    from: anyTime,
    to: anyTime,
    closedFrom: anyTime,
    closedTo: anyTime,
    state: fc.uniqueArray(fc.constantFrom(...MISSED_CALLER_STATES), { minLength: 1 }),
    queue: fc.constantFrom('sales', 'support', 'nobody'),
  },
  { requiredKeys: [] },
)

test('the pages together are the callers that the filter describes, in order, however few rows one page scans', () => {
  const { db, lock } = openDatabase(written(ALL))
  onTestFinished(() => {
    db.close()
    lock.close()
  })
  fc.assert(
    fc.property(
      anyFilter,
      fc.constantFrom('newest', 'oldest'),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 70 }),
      (filter, order, limit, scanLimit) => {
        const read = missedCallersReader(db, scanLimit)
        const found: number[] = []
        let cursor: string | null = null
        do {
          const page = read({ filter, order, limit, ...(cursor !== null && { cursor }) })
          expect(page.waiting).toBe(15)
          expect(page.missed_callers.length).toBeLessThanOrEqual(limit)
          found.push(...page.missed_callers.map(({ id }) => id))
          cursor = page.next
        } while (cursor !== null)
        const expected = ALL.filter((caller) => matches(caller, filter))
          .toSorted((one, other) => one.firstMissAt - other.firstMissAt || one.id - other.id)
          .map(({ id }) => id)
        expect(found).toEqual(order === 'oldest' ? expected : expected.toReversed())
      },
    ),
    { numRuns: RUNS },
  )
})

test('an entry is what the live feed sends, and a search finds a number in any notation, a name and a queue', async () => {
  const queries = openCallQueries({ path: written(ALL) }, { log: pino({ level: 'silent' }) })
  onTestFinished(queries.close)
  const find = async (text: string) => {
    const { missed_callers: found } = await queries.missedCallers({ filter: { text }, order: 'oldest', limit: 500 })
    return found
  }
  expect(await find('040 123 4017')).toEqual([missedCallerEntry(known(17), 17)])
  expect((await find('+358401234004')).map(({ id }) => id)).toEqual([4])
  expect(await find('ääk')).toHaveLength(20)
  expect(await find('sales')).toHaveLength(20)
  const asked = { filter: { text: '4017' }, order: 'newest', limit: 1 } as const
  const local = await queries.missedCallersCsv({ ...asked, tz: 'Asia/Kathmandu' })
  expect(local.text).toMatch(/T\d\d:\d\d:\d\d\+05:45,/)
  const { text } = await queries.missedCallersCsv(asked)
  expect(text.trim().split(',').slice(0, 4)).toEqual(['17', '+358401234017', '', 'returned'])
})

test('of those who were closed in a period, the few are sorted, and of many a page is the same', () => {
  const many = Array.from({ length: 10_050 }, (_, index) => ({ ...known(4 * index + 1), id: index + 1 }))
  const { db, lock } = openDatabase(written(many))
  onTestFinished(() => {
    db.close()
    lock.close()
  })
  const read = missedCallersReader(db, 1_000_000)
  for (const closedFrom of [T0, T0 + 6 * MINUTE]) {
    const expected = many.filter((caller) => matches(caller, { closedFrom }))
    const last = Math.max(...expected.map(({ firstMissAt }) => firstMissAt))
    const { missed_callers: shown } = read({ filter: { closedFrom }, order: 'newest', limit: 500 })
    const newest = expected.filter(({ firstMissAt }) => firstMissAt === last).map(({ id }) => id)
    expect(shown.map(({ id }) => id)).toEqual(newest.toReversed().slice(0, 500))
  }
})

test('a page of those who wait reads no others, and needs no sort', () => {
  const { db, lock } = openDatabase(written(ALL))
  onTestFinished(() => {
    db.close()
    lock.close()
  })
  const plan = db.prepare<[], { readonly detail: string }>(
    `EXPLAIN QUERY PLAN SELECT * FROM missed_callers INDEXED BY missed_callers_waiting
     WHERE state = 'waiting' AND first_miss_time >= '' AND (first_miss_time, id) < ('~', 0)
     ORDER BY first_miss_time DESC, id DESC LIMIT 5`,
  )
  expect(plan.all().map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^SEARCH missed_callers USING INDEX missed_callers_waiting/),
  ])
})
