// The reader of the central call log: every query of it is compared with that of the call log of each exporter, which has the same rows.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { DESTINATION_CLASSES } from '../../../src/call/event.ts'
import { DISPOSITIONS } from '../../../src/call/fact.ts'
import { MISSED_CALLER_STATES } from '../../../src/callback/missedCaller.ts'
import { openCallQueries } from '../../../src/calllog/reader/client.ts'
import { initCentral } from '../../../src/central/init.ts'
import {
  type CentralQueriesOptions,
  type OpenCentralQueries,
  openCentralQueries,
} from '../../../src/central/reader/client.ts'
import { FLEET_CSV_HEADER, FLEET_MISSED_CALLER_HEADER } from '../../../src/query/callCsv.ts'
import { FLEET_SHAPES } from '../../../src/query/fleetSchema.ts'
import type { CallFilter, CallQueries, MissedCallerFilter, PageRequest } from '../../../src/query/query.ts'
import { SERIES_BY, type SeriesBy } from '../../../src/query/seriesRequest.ts'
import { lawRuns } from '../../unit/call/lawRuns.ts'
import { parseCsv } from '../../unit/http/csv.ts'
import { type Central, makeCentral } from './central.ts'
import { type Source, ship } from './centralLogs.ts'
import { makeOffice, OFFICE_START } from './officeLog.ts'
import { type Postgres, startPostgres } from './postgres.ts'

const RUNS = lawRuns(25)
const HOUR = 3_600_000
const DAY = 24 * HOUR

const log = pino({ level: 'silent' })
const folder = mkdtempSync(join(tmpdir(), 'central-reader-'))

const SOURCES: readonly (Source & { readonly seed: number })[] = [
  { site: 'Oulu', logId: '6f1b0c52-5a1d-4f0e-9d53-2f6a5f4c1a01', seed: 0, path: join(folder, 'oulu.db') },
  { site: 'Turku', logId: '0d2f3c0a-7a11-4a53-9f5d-5f0c2a9e8f0e', seed: 1, path: join(folder, 'turku.db') },
]

let postgres: Postgres
let central: Central
let queries: OpenCentralQueries
let own: ReadonlyMap<string, CallQueries & { readonly close: () => Promise<void> }>

beforeAll(async () => {
  postgres = await startPostgres()
  central = await makeCentral(postgres)
  for (const source of SOURCES) {
    makeOffice(source.path, source.seed)
    await ship(source, central.writer)
  }
  // Now there are rows of three weeks: each day gets its partition.
  await initCentral(central.owner)
  expect(Number(await postgres.sql('SELECT count(*) FROM calls_default', 'calls'))).toBe(0)
  queries = open()
  own = new Map(SOURCES.map(({ site, path }) => [site, openCallQueries({ path }, { log })]))
})

afterAll(async () => {
  try {
    await queries.close()
    await Promise.all([...own.values()].map((each) => each.close()))
  } finally {
    await postgres.remove()
    rmSync(folder, { recursive: true, force: true })
  }
})

function open(options: Partial<CentralQueriesOptions> = {}): OpenCentralQueries {
  return openCentralQueries({ address: central.reader, ...options }, { log, now: () => OFFICE_START + 20 * DAY })
}

/** All rows of all pages. */
async function allPages<
  Page extends { readonly next: string | null },
  Row,
  Request extends PageRequest<unknown, string>,
>(
  read: (request: Request) => Promise<Page>,
  request: Request,
  rowsOf: (page: Page) => readonly Row[],
): Promise<readonly Row[]> {
  const found: Row[] = []
  let cursor: string | undefined
  for (let pages = 0; pages < 5_000; pages += 1) {
    const page = await read({ ...request, ...(cursor !== undefined && { cursor }) })
    expect(rowsOf(page).length).toBeLessThanOrEqual(request.limit)
    found.push(...rowsOf(page))
    if (page.next === null) {
      return found
    }
    cursor = page.next
  }
  throw new Error('the pages do not end')
}

function rowsOf<Row>({ calls }: { readonly calls: readonly Row[] }): readonly Row[] {
  return calls
}

function restOf([, start, log, id]: readonly [number, string, string, number]): readonly [string, string, number] {
  return [start, log, id]
}

/** What an exporter tells, as the fleet tells it. */
function ofSite<Entry extends object>(entry: Entry, { site, logId }: Source): object {
  const id = (row: unknown) => (row === null ? null : `${logId}.${String(row)}`)
  const changed = ['id', 'returned_by', 'closed_by_call'].filter((name) => name in entry)
  return { ...entry, ...Object.fromEntries(changed.map((name) => [name, id(Reflect.get(entry, name))])), site }
}

function ownOf(source: Source): CallQueries {
  const found = own.get(source.site)
  if (found === undefined) {
    throw new Error(source.site)
  }
  return found
}

/** The rows of all exporters in the order of the list: by start, then by log, then by row. */
async function expected<Row extends { readonly id: number }>(
  sites: readonly string[] | undefined,
  order: 'newest' | 'oldest',
  read: (own: CallQueries) => Promise<readonly Row[]>,
  start: (row: Row) => string,
): Promise<readonly object[]> {
  const all: { readonly key: readonly [string, string, number]; readonly entry: object }[] = []
  for (const source of SOURCES.filter(({ site }) => sites?.includes(site) ?? true)) {
    for (const row of await read(ownOf(source))) {
      all.push({ key: [start(row), source.logId, row.id], entry: ofSite(row, source) })
    }
  }
  all.sort((one, other) => compare(one.key, other.key) * (order === 'oldest' ? 1 : -1))
  return all.map(({ entry }) => entry)
}

function compare(one: readonly [string, string, number], other: readonly [string, string, number]): number {
  for (const [index, part] of one.entries()) {
    const against = other[index] ?? 0
    if (part !== against) {
      return part < against ? -1 : 1
    }
  }
  return 0
}

const FIELDS = {
  from: fc.integer({ min: 0, max: 21 * 24 }).map((hours) => OFFICE_START + hours * HOUR),
  to: fc.integer({ min: 0, max: 21 * 24 }).map((hours) => OFFICE_START + hours * HOUR + 1),
  direction: fc.uniqueArray(fc.constantFrom('inbound', 'outbound', 'internal', 'transit'), { minLength: 1 }),
  disposition: fc.uniqueArray(fc.constantFrom(...DISPOSITIONS), { minLength: 1, maxLength: 3 }),
  missed: fc.boolean(),
  caller: fc.constantFrom('101', '+358401234567', '', '%', "o'neil", 'nobody'),
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
  sipCallId: fc.constantFrom('dialog-3@pc33.example.com', 'dialog-14@pc33.example.com', ''),
  minDuration: fc.constantFrom(0, 0.001, 60, 599, 10_000),
  maxDuration: fc.constantFrom(0, 60, 599.5),
  text: fc.constantFrom(
    '1',
    '103',
    '67',
    '4567',
    '*97',
    '040 123 4567',
    '+358 40 123 4567',
    '00358401234567',
    '+358 40',
    '5550100',
    '%',
    "O'",
    'ALI',
    'sup',
    '=1',
    'trunk-a',
    'nobody',
  ),
} satisfies Record<keyof CallFilter, fc.Arbitrary<unknown>>

const anySites: fc.Arbitrary<readonly string[] | undefined> = fc.option(
  fc.constantFrom(['Oulu'], ['Turku'], ['Oulu', 'Turku'], ['nowhere']),
  { nil: undefined },
)
const anyOrder = fc.constantFrom('newest' as const, 'oldest' as const)

const withSites = (site: readonly string[] | undefined) => (site === undefined ? {} : { site })

async function samePages(
  filter: CallFilter,
  site: readonly string[] | undefined,
  {
    order,
    limit,
    asked,
  }: { readonly order: 'newest' | 'oldest'; readonly limit: number; readonly asked: OpenCentralQueries },
): Promise<number> {
  const found = await allPages(
    asked.page,
    { filter: { ...filter, ...withSites(site) }, order, limit },
    ({ calls }) => calls,
  )
  const wanted = await expected(
    site,
    order,
    (one) => allPages(one.page, { filter, order, limit: 500 }, ({ calls }) => calls),
    ({ start_time }) => start_time,
  )
  expect(found).toEqual(wanted)
  return found.length
}

describe('a page of calls', () => {
  test.each(Object.keys(FIELDS))('%s alone finds what the exporters find', async (field) => {
    const arbitrary = FIELDS[field as keyof CallFilter] as fc.Arbitrary<unknown>
    let found = 0
    for (const value of new Set(fc.sample(arbitrary, { numRuns: 3, seed: 1 }))) {
      found += await samePages({ [field]: value }, undefined, { order: 'newest', limit: 500, asked: queries })
    }
    expect(found).toBeGreaterThan(0)
  })

  test('so do all filters together, for any sites, page length and scan limit', async () => {
    const limited = new Map([37, 700, 1_000_000].map((scanLimit) => [scanLimit, open({ scanLimit })]))
    onTestFinished(async () => void (await Promise.all([...limited.values()].map((each) => each.close()))))
    await fc.assert(
      fc.asyncProperty(
        fc.record(FIELDS),
        fc.subarray(Object.keys(FIELDS), { maxLength: 4 }),
        anySites,
        anyOrder,
        fc.integer({ min: 40, max: 500 }),
        fc.constantFrom(...limited.keys()),
        async (all, fields, sites, order, limit, scanLimit) => {
          const filter: CallFilter = Object.fromEntries(Object.entries(all).filter(([field]) => fields.includes(field)))
          await samePages(filter, sites, { order, limit, asked: limited.get(scanLimit) ?? queries })
        },
      ),
      { numRuns: RUNS },
    )
  })

  test('has the longest calls first if asked, and is refused if there are more to look at than a page may', async () => {
    const filters = [
      {},
      { queue: 'sales', site: ['Turku'] },
      { text: '67', direction: ['inbound'] },
      { operator: '101' },
    ]
    for (const filter of filters as readonly (CallFilter & { readonly site?: readonly string[] })[]) {
      const { site, ...own } = filter
      const wanted: { readonly key: readonly [number, string, string, number]; readonly entry: object }[] = []
      for (const source of SOURCES.filter((one) => site?.includes(one.site) ?? true)) {
        for (const row of await allPages(ownOf(source).page, { filter: own, order: 'longest', limit: 500 }, rowsOf)) {
          wanted.push({ key: [row.duration, row.start_time, source.logId, row.id], entry: ofSite(row, source) })
        }
      }
      wanted.sort((one, other) => other.key[0] - one.key[0] || -compare(restOf(one.key), restOf(other.key)))
      const found = await allPages(queries.page, { filter, order: 'longest', limit: 300 }, ({ calls }) => calls)
      expect(found).toEqual(wanted.map(({ entry }) => entry))
    }
    const short = open({ scanLimit: 100 })
    onTestFinished(short.close)
    await expect(short.page({ filter: {}, order: 'longest', limit: 5 })).rejects.toMatchObject({ reason: 'refused' })
    const to = OFFICE_START + DAY / 4
    expect((await short.page({ filter: { to }, order: 'longest', limit: 5 })).calls).toHaveLength(5)
    expect((await queries.page({ filter: { to }, order: 'longest', limit: 5, total: true })).total?.more).toBe(false)
  })

  test('has the number of all calls that the filter finds if asked', async () => {
    for (const filter of [
      {},
      { caller: '101' },
      { number: '102' },
      { text: '67' },
      { name: 'nobody' },
      { site: ['Oulu'] },
    ]) {
      const request = { filter, order: 'newest', limit: 500 } as const
      const all = await allPages(queries.page, request, ({ calls }) => calls)
      for (const order of ['newest', 'oldest'] as const) {
        for (const limit of [1, 500]) {
          const { total } = await queries.page({ ...request, order, limit, total: true })
          expect([filter, limit, total]).toEqual([filter, limit, { count: all.length, more: false }])
        }
      }
      expect((await queries.page(request)).total).toBeNull()
    }
    const short = open({ scanLimit: 100 })
    onTestFinished(short.close)
    const { total } = await short.page({ filter: { text: '67' }, order: 'newest', limit: 1, total: true })
    expect(total?.more).toBe(true)
  })

  test('a text finds the same numbers, with any of their last digits and in any notation', async () => {
    const numbers = ['+358401234567', '0401234567', '+358407654321', '5550100', '101', '*97', '100_']
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...numbers),
        fc.integer({ min: 1, max: 13 }),
        fc.constantFrom('', '0', '00', '9', '+', '+358', '00358', '+372 '),
        fc.constantFrom('', ' ', '-'),
        anySites,
        anyOrder,
        async (number, length, prefix, separator, sites, order) => {
          const text = `${prefix}${[...number.slice(-length)].join(separator)}`
          await samePages({ text }, sites, { order, limit: 500, asked: queries })
        },
      ),
      // The extension 101 with separators is the name of no endpoint.
      { numRuns: RUNS, examples: [['101', 3, '', ' ', undefined, 'newest']] },
    )
  })

  test('is short if the scan ended early, and its cursor continues', async () => {
    const short = open({ scanLimit: 100 })
    onTestFinished(short.close)
    const request = { filter: { text: 'nobody' }, order: 'newest', limit: 50 } as const
    const page = await short.page(request)
    expect(page.calls).toEqual([])
    expect(page.next).not.toBeNull()
    expect(await allPages(short.page, request, ({ calls }) => calls)).toEqual([])
  })

  test('a cursor does not extend the requested period, and another cursor is refused', async () => {
    const { next } = await queries.page({ filter: {}, order: 'newest', limit: 1 })
    const cursor = next ?? ''
    const filter = { to: OFFICE_START + 2 * DAY }
    const page = await queries.page({ filter, order: 'newest', limit: 500, cursor })
    expect(page).toEqual(await queries.page({ filter, order: 'newest', limit: 500 }))
    const ofExporter = await ownOf(SOURCES[0] as Source).page({ filter: {}, order: 'newest', limit: 1 })
    for (const wrong of [
      { order: 'oldest', cursor },
      { order: 'newest', cursor: ofExporter.next ?? '' },
    ] as const) {
      await expect(queries.page({ filter, limit: 5, ...wrong })).rejects.toMatchObject({
        name: 'QueryFailure',
        reason: 'unreadable',
      })
    }
    expect((await queries.page({ filter, order: 'newest', limit: 5 })).calls).toHaveLength(5)
  })

  test('has the shape that the API describes, and is the same as CSV', async () => {
    const request = { filter: { disposition: ['busy'] }, order: 'newest', limit: 500 } as const
    const page = await queries.page(request)
    expect(FLEET_SHAPES['CallPage']?.safeParse(page).error).toBeUndefined()
    expect(page.calls.some(({ returned_by, returned_after }) => returned_by !== null && returned_after !== null)).toBe(
      true,
    )
    const { text, next } = await queries.csv(request)
    expect(next).toBe(page.next)
    const [header, ...rows] = parseCsv(`${FLEET_CSV_HEADER}${text}`)
    const column = (name: string) => rows.map((row) => row[header?.indexOf(name) ?? -1])
    expect(column('id')).toEqual(page.calls.map(({ id }) => id))
    expect(column('site')).toEqual(page.calls.map(({ site }) => site))
    const local = await queries.csv({ ...request, tz: 'Asia/Kathmandu' })
    expect(local.text.match(/T\d\d:\d\d:\d\d\+05:45,/g)?.length).toBeGreaterThanOrEqual(page.calls.length)
  })
})

describe('a detail', () => {
  test('of an id and of a channel is that of the exporter', async () => {
    for (const source of SOURCES) {
      const { calls } = await queries.page({ filter: { site: [source.site] }, order: 'oldest', limit: 60 })
      for (const { id, channel_id } of calls) {
        const wanted = await ownOf(source).detail(Number(id.split('.')[1]))
        const found = await queries.detail(id)
        expect(found).toEqual(ofSite(wanted ?? {}, source))
        expect(await queries.detail(channel_id)).toEqual(found)
      }
    }
  })

  test.each([
    'nobody',
    '1',
    7,
    '6f1b0c52-5a1d-4f0e-9d53-2f6a5f4c1a01.999999',
    '6f1b0c52-5a1d-4f0e-9d53-2f6a5f4c1a01.x',
    "'",
  ])('of %j is null', async (id) => {
    expect(await queries.detail(id)).toBeNull()
  })
})

const SERIES_FILTERS = [
  {},
  { direction: ['inbound', 'internal'] },
  { queue: 'support' },
  { trunk: 'trunk-a', line: 'Sales' },
] as const

function shapeOf(by: SeriesBy) {
  const shapes: Readonly<Record<string, string>> = {
    hour: 'StatsOverTime',
    day: 'StatsOverTime',
    weekday_hour: 'StatsByWeekday',
    waiting: 'StatsByWaiting',
  }
  const shape = FLEET_SHAPES[shapes[by] ?? 'StatsByName']
  if (shape === undefined) {
    throw new Error(by)
  }
  return shape
}

function callsOf(series: readonly { readonly calls: number }[]): number {
  return series.reduce((sum, { calls }) => sum + calls, 0)
}

const PERIODS = [
  [OFFICE_START, OFFICE_START + 25 * DAY],
  [OFFICE_START + 2 * DAY + HOUR, OFFICE_START + 3 * DAY],
  [OFFICE_START - 3 * DAY, OFFICE_START],
] as const

describe.each(PERIODS)('from %d to %d', (from, to) => {
  test('the key figures of a site are those of its exporter, and of all sites their sums', async () => {
    const each = await Promise.all(SOURCES.map((source) => ownOf(source).stats({ from, to })))
    for (const [index, { site }] of SOURCES.entries()) {
      expect(await queries.stats({ from, to, site: [site] })).toEqual(each[index])
    }
    const all = await queries.stats({ from, to })
    expect(all.calls).toBe(each.reduce((sum, { calls }) => sum + calls, 0))
    expect(all.by_disposition.busy).toBe(each.reduce((sum, { by_disposition }) => sum + by_disposition.busy, 0))
  })

  test.each([...SERIES_BY])('series by %s', async (by) => {
    for (const filter of SERIES_FILTERS.filter((each) => by !== 'operator' || Object.keys(each).length === 0)) {
      for (const tz of ['UTC', 'Europe/Helsinki', 'Asia/Kathmandu']) {
        const request = { from, to, by, tz, ...filter }
        const all = await queries.series(request)
        expect(shapeOf(by).safeParse(all).error).toBeUndefined()
        let ownCalls = 0
        for (const source of SOURCES) {
          const wanted = await ownOf(source).series(request)
          ownCalls += callsOf(wanted.series)
          const series = wanted.series.map((entry) => ('name' in entry ? { ...entry, site: source.site } : entry))
          const found = await queries.series({ ...request, site: [source.site] })
          expect(found).toEqual({ ...wanted, series })
          const ofSite = all.series.filter((entry) => !('site' in entry) || entry.site === source.site)
          expect(ofSite).toHaveLength(series.length)
        }
        expect(callsOf(all.series)).toBe(ownCalls)
      }
    }
  })

  test('operators', async () => {
    const found = await queries.operators({ from, to })
    for (const source of SOURCES) {
      const wanted = (await ownOf(source).operators({ from, to })).map((entry) => ofSite(entry, source))
      expect(found.filter(({ site }) => site === source.site)).toEqual(wanted)
      expect(await queries.operators({ from, to, site: [source.site] })).toEqual(wanted)
    }
    expect(found.map(({ offered }) => offered)).toEqual(found.map(({ offered }) => offered).toSorted((a, b) => b - a))
  })

  test.each(['queueFigures', 'trunkFigures'] as const)('%s', async (name) => {
    const period = { from, to, within: 20 }
    const found = await queries[name](period)
    expect(found.length > 2).toBe(to > OFFICE_START)
    for (const source of SOURCES) {
      const own = await ownOf(source)[name](period)
      const wanted = own.map((one) => ({
        ...{ ...one, site: source.site },
        ...('waited' in one && { waited: expect.closeTo(one.waited, 3) }),
      }))
      expect(found.filter(({ site }) => site === source.site)).toEqual(wanted)
      expect(await queries[name]({ ...period, site: [source.site] })).toEqual(wanted)
    }
  })

  test('the busiest hours of trunks', async () => {
    const found = await queries.busiestHours({ from, to })
    for (const source of SOURCES) {
      const { trunks, ...period } = await ownOf(source).busiestHours({ from, to })
      expect(found).toMatchObject(period)
      const wanted = trunks.map((hour) => ({ ...hour, site: source.site }))
      expect(found.trunks.filter(({ site }) => site === source.site)).toEqual(wanted)
      expect(await queries.busiestHours({ from, to, site: [source.site] })).toEqual({ ...period, trunks: wanted })
    }
  })
})

const anyTime = fc.integer({ min: -1, max: 22 }).map((days) => OFFICE_START + days * DAY)
const anyCallerFilter = fc.record(
  {
    from: anyTime,
    to: anyTime,
    closedFrom: anyTime,
    closedTo: anyTime,
    state: fc.uniqueArray(fc.constantFrom(...MISSED_CALLER_STATES), { minLength: 1 }),
    queue: fc.constantFrom('sales', 'support', 'nobody'),
    text: fc.constantFrom('4007', '12', '+358 40 123 4007', '*97', 'ääk', 'ÄÄK', 'sales', 'x'),
  },
  { requiredKeys: [] },
)

describe('missed callers', () => {
  test('are those of the exporters, for any filter, sites, order, page length and scan limit', async () => {
    const limited = new Map([7, 60, 1_000_000].map((scanLimit) => [scanLimit, open({ scanLimit })]))
    onTestFinished(async () => void (await Promise.all([...limited.values()].map((each) => each.close()))))
    await fc.assert(
      fc.asyncProperty(
        anyCallerFilter,
        anySites,
        anyOrder,
        fc.integer({ min: 3, max: 70 }),
        fc.constantFrom(...limited.keys()),
        async (filter: MissedCallerFilter, sites, order, limit, scanLimit) => {
          const asked = limited.get(scanLimit) ?? queries
          const request = { filter: { ...filter, ...withSites(sites) }, order, limit }
          const found = await allPages(asked.missedCallers, request, (page) => page.missed_callers)
          const wanted = await expected(
            sites,
            order,
            (one) => allPages(one.missedCallers, { filter, order, limit: 500 }, (page) => page.missed_callers),
            ({ first_miss_time }) => first_miss_time,
          )
          expect(found).toEqual(wanted)
          const among = SOURCES.filter(({ site }) => sites?.includes(site) ?? true)
          const first = await Promise.all(
            among.map((source) => ownOf(source).missedCallers({ filter: {}, order, limit: 1 })),
          )
          const { waiting } = await asked.missedCallers({ ...request, limit: 1 })
          expect(waiting).toBe(first.reduce((sum, page) => sum + page.waiting, 0))
        },
      ),
      { numRuns: RUNS },
    )
  })

  test('have the shape that the API describes, and are the same as CSV', async () => {
    const request = { filter: {}, order: 'newest', limit: 50 } as const
    const page = await queries.missedCallers(request)
    expect(FLEET_SHAPES['MissedCallerPage']?.safeParse(page).error).toBeUndefined()
    const { text } = await queries.missedCallersCsv(request)
    const [header, ...rows] = parseCsv(`${FLEET_MISSED_CALLER_HEADER}${text}`)
    expect(rows.map((row) => row[header?.indexOf('id') ?? -1])).toEqual(page.missed_callers.map(({ id }) => id))
  })
})

test('the sites are those that have calls, each with its latest', async () => {
  const wanted = await Promise.all(
    SOURCES.map(async (source) => {
      const { calls } = await ownOf(source).page({ filter: {}, order: 'newest', limit: 500 })
      const ended = calls.find(({ end_time }) => end_time !== null)
      const rows = await allPages(ownOf(source).page, { filter: {}, order: 'newest', limit: 500 }, (page) => page.calls)
      const latest = Math.max(...rows.filter(({ end_time }) => end_time !== null).map(({ id }) => id))
      return { site: source.site, log_id: source.logId, calls: latest, last_call_time: ended?.start_time }
    }),
  )
  expect(await queries.sites()).toEqual(wanted)
})
