// The plans of the statements that the reader of the central call log sends, on 60 partitions: an index in its order, and few partitions.

import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientConfig } from '../../../src/central/connection.ts'
import { LONG_DAYS_SQL } from '../../../src/central/reader/days.ts'
import { readDetail } from '../../../src/central/reader/detail.ts'
import { readOperators, readStats } from '../../../src/central/reader/figures.ts'
import { readMissedCallers } from '../../../src/central/reader/missedCallerPage.ts'
import { readPage } from '../../../src/central/reader/page.ts'
import { readQueueFigures } from '../../../src/central/reader/queueFigures.ts'
import type { Reading } from '../../../src/central/reader/session.ts'
import { readSites } from '../../../src/central/reader/sites.ts'
import { readSeries } from '../../../src/central/reader/statsSeries.ts'
import { readTrunkFigures } from '../../../src/central/reader/trunkFigures.ts'
import { readBusiestHours } from '../../../src/central/reader/trunkHours.ts'
import type { OfSites } from '../../../src/query/fleetQuery.ts'
import type { CallFilter, MissedCallerFilter } from '../../../src/query/query.ts'
import { SERIES_BY } from '../../../src/query/seriesRequest.ts'
import { makeCentral } from './central.ts'
import { generatingSql, partitionsSql } from './generatedCalls.ts'
import { type Postgres, startPostgres } from './postgres.ts'

const DAY = 86_400_000
const END = Date.UTC(2026, 2, 4, 15)
const SPARSE = { calls: 40_000, days: 60, sites: 20, prefix: 'site', end: END }
/** One day has so many calls that reading all of them would be seen. */
const DENSE = { calls: 60_000, days: 1, sites: 20, prefix: 'dense', end: Date.UTC(2026, 2, 4) - 1000 }
const DENSE_DAY = /_20260303$/

let postgres: Postgres
let client: Client

beforeAll(async () => {
  postgres = await startPostgres({ settings: { autovacuum: 'off' } })
  const { reader } = await makeCentral(postgres)
  await postgres.sql(partitionsSql(SPARSE), 'calls')
  await postgres.sql([...generatingSql(SPARSE), ...generatingSql(DENSE)].join(';\n'), 'calls')
  client = new Client(clientConfig(reader, { applicationName: 'test' }))
  await client.connect()
})

afterAll(async () => {
  try {
    await client.end()
  } finally {
    await postgres.remove()
  }
})

interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly Plans?: readonly Node[]
}

/** A statement that was sent, and the parts of its plan that read a table. */
interface Planned {
  readonly sql: string
  readonly scans: readonly Node[]
  /** The names of the indexes that are read, those of a partition by its columns. */
  readonly indexes: readonly string[]
  /** How many rows and entries of indexes were read in the day with many calls. */
  readonly looked: number
}

/** Runs what the reader asks, and keeps the plans. */
function planning(): { readonly db: Reading; readonly plans: Planned[] } {
  const plans: Planned[] = []
  return {
    plans,
    db: {
      rows: async <Row extends object>(sql: string, values: readonly unknown[]) => {
        const { rows } = await client.query<Record<'QUERY PLAN', readonly { readonly Plan: Node }[]>>(
          `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${sql}`,
          [...values],
        )
        const nodes = rows[0]?.['QUERY PLAN'].flatMap(({ Plan }) => nodesOf(Plan)) ?? []
        plans.push({
          sql,
          scans: nodes.filter((node) => node['Relation Name'] !== undefined),
          indexes: nodes.flatMap((node) => node['Index Name'] ?? []),
          looked: nodes.map(lookedAt).reduce((sum, rows) => sum + rows, 0),
        })
        return (await client.query<Row>(sql, [...values])).rows
      },
    },
  }
}

function nodesOf(node: Node): readonly Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)]
}

function lookedAt(node: Node): number {
  const isDense = /_20260303(_|$)/.test(node['Relation Name'] ?? node['Index Name'] ?? '')
  const rows =
    (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
  return isDense ? rows * (node['Actual Loops'] ?? 0) : 0
}

/** Of which days a statement reads calls. */
const days = (plan: Planned | undefined): ReadonlySet<string> =>
  new Set(
    plan?.scans.flatMap(
      (node) => /^calls_(2026030\d|20260[12]..|2025....)$/.exec(node['Relation Name'] ?? '')?.[1] ?? [],
    ),
  )

/** Which tables of the day with many calls are read from beginning to end. A table of few rows is not worth an index. */
const wholeTables = ({ scans }: Pick<Planned, 'scans'>): readonly string[] =>
  scans
    .filter((node) => node['Node Type'] === 'Seq Scan')
    .map((node) => node['Relation Name'] ?? '')
    .filter((name) => DENSE_DAY.test(name))

const context = (db: Reading) => ({ db, long: [], scanLimit: 500_000, now: END })

type Filter = CallFilter & OfSites

/** Those of which a page is found by an index alone. */
const INDEXED: readonly Filter[] = [
  {},
  { from: END - 30 * DAY, to: END - 29 * DAY },
  { to: END - 10 * DAY },
  { caller: '+358400123456' },
  { caller: '101' },
  { callee: '+358400123456' },
  { callee: '095551007' },
  { number: '+358400123456' },
  { number: '101' },
  { disposition: ['answered'] },
  { disposition: ['busy'] },
  { missed: true },
  { queue: 'queue-3' },
  { trunk: 'PJSIP/trunk-1' },
  { operator: 'PJSIP/101' },
  { site: ['dense-0007'] },
  { operator: 'PJSIP/101', site: ['dense-0007'] },
]

/** Numbers as they are typed into the search field: looked for among the calls of no other number. */
const NUMBERS: readonly Filter[] = [
  { text: '0400500563' },
  { text: '040 050 0563' },
  { text: '+358 40 050 0563' },
  { text: '00358 (40) 050-0563' },
  { text: '0507719170' },
  { text: '*******170' },
  { text: '0400500563', site: ['dense-0007'] },
  { text: '0400500563', missed: true },
  { text: '0400500563', operator: 'PJSIP/101' },
]

/** Last digits, and extensions: those that nobody has, and those that many have. */
const ENDINGS: readonly Filter[] = [{ text: '*98' }, { text: '0*99' }, { text: '*98', missed: true }]
const USUAL_ENDINGS: readonly Filter[] = [{ text: '101' }, { text: '10 07' }, { text: '456' }]

/** Those of which calls are looked at one by one. */
const CHECKED: readonly Filter[] = [
  { text: '45' },
  { text: 'nobody' },
  { text: '101', missed: true },
  { direction: ['outbound'] },
  { disposition: ['busy', 'abandoned'] },
  { site: ['dense-0007'], disposition: ['busy'] },
  { site: ['dense-0007', 'dense-0009'], missed: true },
  { caller: '101', direction: ['inbound'] },
  { operator: 'PJSIP/101', minDuration: 200 },
  { number: '101', maxDuration: 200 },
  { answeredBy: '101' },
  { sipCallId: 'dialog@pc33.example.com', from: END - DAY / 2 },
]

const CALLERS: readonly (MissedCallerFilter & OfSites)[] = [
  {},
  { from: END - 30 * DAY, to: END - 29 * DAY },
  { state: ['returned'] },
  { site: ['dense-0007'] },
  { text: '40 0' },
]

const ORDERS = ['newest', 'oldest'] as const

describe.each(['without statistics', 'with statistics'])('%s', (name) => {
  beforeAll(async () => {
    if (name === 'with statistics') {
      await postgres.sql('ANALYZE', 'calls')
    }
  })

  test.each(INDEXED)('calls of %j are found by an index in its order, in few partitions', async (filter) => {
    for (const order of ORDERS) {
      const { db, plans } = planning()
      const { calls } = await readPage({ filter, order, limit: 50 }, context(db))
      const searches = plans.filter(({ sql }) => sql.includes('scanned.missed_caller'))
      expect(searches.length).toBeGreaterThan(0)
      for (const search of searches) {
        expect([order, wholeTables(search)]).toEqual([order, []])
      }
      const isFoundAtOnce = calls.length === 50 && searches.length === 1
      expect(searches.length).toBeLessThanOrEqual(12)
      if (isFoundAtOnce) {
        expect(days(searches[0]).size).toBeLessThanOrEqual(4)
      }
    }
  })

  test.each([...NUMBERS, ...ENDINGS])('calls of %j are found by the last digits of their numbers', async (filter) => {
    for (const order of ORDERS) {
      const { db, plans } = planning()
      await readPage({ filter, order, limit: 50 }, context(db))
      const searches = plans.filter(({ sql }) => sql.includes('scanned.missed_caller'))
      // The index of the callee has the second name of two with the same columns.
      const ofDay = searches.flatMap(({ indexes }) => indexes).filter((index) => index.startsWith('calls_20260303_'))
      expect(ofDay).toContain('calls_20260303_reverse_start_time_idx')
      expect(ofDay).toContain('calls_20260303_reverse_start_time_idx1')
      expect(searches.reduce((sum, { looked }) => sum + looked, 0)).toBeLessThan(1000)
      expect(searches.flatMap(wholeTables)).toEqual([])
    }
  })

  test.each(['0400500563', '040 050 0563', '+358 40 050 0563', '00358 (40) 050-0563'])('%s is found', async (text) => {
    const { calls } = await readPage({ filter: { text }, order: 'newest', limit: 50 }, context(planning().db))
    expect(calls.map(({ caller }) => caller)).toEqual(['+358400500563', '+358400500563'])
  })

  test.each(USUAL_ENDINGS)('calls of %j are found by an index', async (filter) => {
    for (const order of ORDERS) {
      const { db, plans } = planning()
      await readPage({ filter, order, limit: 50 }, context(db))
      expect(plans.flatMap(wholeTables)).toEqual([])
    }
  })

  test.each(CHECKED)('calls of %j are looked at in the order of an index', async (filter) => {
    for (const order of ORDERS) {
      const { db, plans } = planning()
      await readPage({ filter, order, limit: 50 }, context(db))
      const [first] = plans.filter(({ sql }) => sql.includes('scanned.missed_caller'))
      expect(
        first?.scans.filter((node) => wholeTables({ scans: [node] }).some((table) => table.startsWith('calls_'))),
      ).toEqual([])
    }
  })

  test('with each call come its attempts and who called back, by the key of each', async () => {
    const { db, plans } = planning()
    await readPage({ filter: { missed: true, to: END - 10 * DAY }, order: 'newest', limit: 500 }, context(db))
    const others = plans.filter(({ sql }) => sql.includes('WITH ORDINALITY'))
    expect(others).toHaveLength(2)
    expect(others.flatMap(wholeTables)).toEqual([])
  })

  // Without statistics, the planner takes such a day for a short one.
  test.runIf(name === 'with statistics').each(CALLERS)(
    'missed callers of %j are looked at in the order of an index',
    async (filter) => {
      for (const order of ORDERS) {
        const { db, plans } = planning()
        await readMissedCallers({ filter, order, limit: 50 }, context(db))
        const [first] = plans.filter(({ sql }) => sql.includes('newer'))
        expect([order, first === undefined ? null : wholeTables(first)]).toEqual([order, []])
      }
    },
  )

  test.runIf(name === 'with statistics')('a call, the sites and the long calls are found by indexes', async () => {
    const { db, plans } = planning()
    const { calls } = await readPage({ filter: {}, order: 'newest', limit: 1 }, context(db))
    plans.length = 0
    const [call] = calls
    expect(await readDetail(db, call?.id ?? '')).toMatchObject({ id: call?.id })
    expect(await readDetail(db, call?.channel_id ?? '')).toMatchObject({ id: call?.id })
    expect(await readSites(db)).toHaveLength(40)
    await db.rows(LONG_DAYS_SQL, [])
    expect(plans.flatMap(wholeTables)).toEqual([])
  })

  test('the figures of a day read the partitions of that day and the next', async () => {
    const { db, plans } = planning()
    const period = { from: END - 20 * DAY, to: END - 19 * DAY }
    const stats = await readStats(db, period, [])
    expect(stats.calls).toBeGreaterThan(500)
    expect((await readOperators(db, period, [])).length).toBeGreaterThan(100)
    for (const by of SERIES_BY) {
      const { series } = await readSeries(db, { ...period, by, tz: 'Europe/Helsinki' }, [])
      expect([by, series.length]).not.toEqual([by, 0])
    }
    expect(plans).toHaveLength(2 + SERIES_BY.length)
    for (const plan of plans) {
      expect(new Set(plan.scans.map((node) => node['Relation Name'])).size).toBeLessThanOrEqual(4)
    }
  })

  test('the figures of queues and trunks, and the longest calls of a day, read calls of few days', async () => {
    const { db, plans } = planning()
    const period = { from: END - 20 * DAY, to: END - 19 * DAY }
    expect((await readQueueFigures(db, { ...period, within: 20 }, [])).length).toBeGreaterThan(0)
    expect((await readTrunkFigures(db, period, [])).length).toBeGreaterThan(0)
    expect((await readBusiestHours(db, period, { long: [], callLimit: 100_000 })).trunks.length).toBeGreaterThan(0)
    expect((await readPage({ filter: period, order: 'longest', limit: 50 }, context(db))).calls).toHaveLength(50)
    expect(plans.length).toBeGreaterThan(5)
    for (const plan of plans) {
      expect(days(plan).size, plan.sql).toBeLessThanOrEqual(3)
    }
  })
})
