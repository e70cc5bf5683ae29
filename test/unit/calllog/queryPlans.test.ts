// The query plan of each query: an index in its order, never a scan of a whole table.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MIGRATIONS, migrate } from '../../../src/calllog/file/migrations.ts'
import { CHANGED_SQL, EARLIER_SQL, LAST_EARLIER_SQL } from '../../../src/calllog/reader/changes.ts'
import { NEXT_ENDPOINT_SQL, OPERATOR_SQL } from '../../../src/calllog/reader/phoneStats.ts'
import { QUEUE_SQL } from '../../../src/calllog/reader/queueFigures.ts'
import { longestFor, searchFor } from '../../../src/calllog/reader/search.ts'
import { STATS_SQL } from '../../../src/calllog/reader/stats.ts'
import { nextNameSql, seriesValues, sumsSql, waitingSql } from '../../../src/calllog/reader/statsSeries.ts'
import { LAST_FAULT_SQL, TRUNK_SQL } from '../../../src/calllog/reader/trunkFigures.ts'
import { NEXT_TRUNK_SQL, TRUNK_CALLS_SQL } from '../../../src/calllog/reader/trunkHours.ts'
import type { CallFilter } from '../../../src/query/query.ts'
import { makeCalls, writeKnown } from './manyCalls.ts'
import { freshPath } from './samples.ts'

const folder = mkdtempSync(join(tmpdir(), 'plans-'))
const path = join(folder, 'calls.db')
let db: Database.Database

beforeAll(() => {
  writeKnown(path, makeCalls(20_000))
  db = new Database(path)
}, 120_000)

afterAll(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

const PARTS: CallFilter = {
  from: 1_772_600_000_000,
  direction: ['transit'],
  disposition: ['voicemail'],
  missed: true,
  caller: '101',
  callee: '102',
  number: '102',
  name: 'Alice',
  answeredBy: '101',
  operator: '103',
  sipCallId: 'a84b4c76e66710@pc33.example.com',
  trunk: 'trunk-a',
  queue: 'support',
  minDuration: 60,
  maxDuration: 90,
  text: '40',
}

/** Each field alone, all pairs and triples, all fields, none; and filters of another shape. */
const FILTERS: readonly CallFilter[] = [
  ...subsets(Object.entries(PARTS), 3).map((entries) => Object.fromEntries(entries)),
  PARTS,
  { missed: false },
  { direction: ['inbound', 'transit'], disposition: ['busy', 'failed'] },
  { to: 1_772_600_000_000, disposition: ['busy', 'failed'], operator: '101' },
]

function subsets<T>(items: readonly T[], most: number): readonly (readonly T[])[] {
  const [first, ...rest] = items
  if (first === undefined || most === 0) {
    return [[]]
  }
  return [...subsets(rest, most), ...subsets(rest, most - 1).map((set) => [first, ...set])]
}

function planOf(sql: string, values: object): readonly string[] {
  return db
    .prepare<[object], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(values)
    .map(({ detail }) => detail)
}

const HARMLESS =
  /^(SCAN (scanned|found)|CO-ROUTINE (scanned|found)|MERGE \(UNION\)|LEFT|RIGHT|CORRELATED SCALAR SUBQUERY \d+|LIST SUBQUERY \d+|CREATE BLOOM FILTER)$/

function expectIndexed(plan: readonly string[], what: unknown): void {
  expect(plan.filter((step) => step.startsWith('SEARCH ')).length).toBeGreaterThan(0)
  for (const step of plan) {
    if (!HARMLESS.test(step)) {
      expect([what, step]).toEqual([what, expect.stringMatching(SOUND)])
    }
  }
}

// A range of an index in the wanted order, or one row by its id. A sort would be a separate step.
const SOUND =
  /^SEARCH (calls|legs) USING ((COVERING )?INDEX \w+ \((\w+=\? AND )?\(?(call_)?start_time|INTEGER PRIMARY KEY|(COVERING )?INDEX legs_by_call \(call_id=\?\))/

describe.each([
  ['without statistics', 'DROP TABLE IF EXISTS sqlite_stat1'],
  ['with statistics', 'ANALYZE'],
])('%s', (_name, prepare) => {
  beforeAll(() => {
    if (prepare === 'ANALYZE') {
      db.exec(prepare)
    }
  })

  test.each(['newest', 'oldest'] as const)('every search, %s first', (order) => {
    expect(FILTERS.length).toBeGreaterThan(200)
    for (const filter of FILTERS) {
      const { sql, lastScannedSql, values } = searchFor(filter, order)
      const bound = { ...values, limit: 51, scanLimit: 1000, start: '2026', id: 1 }
      expectIndexed(planOf(sql, bound), filter)
      if (lastScannedSql !== null) {
        expectIndexed(planOf(lastScannedSql, bound), filter)
      }
      expect(sql).toMatch(/LIMIT @limit$/)
    }
  })

  test('every search of the longest, which sorts what the index finds', () => {
    for (const filter of FILTERS) {
      const { sql, beyondSql, values } = longestFor(filter)
      const after = { afterDuration: 5, afterStart: '2026', afterId: 1 }
      const bound = { ...values, ...after, limit: 51, scanLimit: 1000, start: '2026', id: 1 }
      const plan = planOf(sql, bound)
      expectIndexed(
        plan.filter((step) => step !== 'USE TEMP B-TREE FOR ORDER BY'),
        filter,
      )
      expectIndexed(planOf(beyondSql, bound), filter)
    }
  })

  test('a search with conditions that an index covers reads only the index', () => {
    for (const filter of [
      {},
      { text: '1', minDuration: 3, missed: false, direction: ['inbound', 'transit'] as const },
    ]) {
      const { sql, values } = searchFor(filter, 'newest')
      expect(planOf(sql, { ...values, limit: 5, scanLimit: 5, start: '2026', id: 1 })).toContain(
        'SEARCH calls USING COVERING INDEX calls_by_start (start_time>? AND start_time<?)',
      )
    }
  })

  test('the key figures', () => {
    const range = { from: '2026', to: '2027' }
    expect(planOf(STATS_SQL, range)).toEqual([
      'SEARCH calls USING COVERING INDEX calls_by_start (start_time>? AND start_time<?)',
    ])
    expect(planOf(OPERATOR_SQL, { ...range, endpoint: '101' })).toEqual([
      'SEARCH legs USING COVERING INDEX legs_by_operator (endpoint=? AND call_start_time>? AND call_start_time<?)',
    ])
    expect(planOf(NEXT_ENDPOINT_SQL.replace('?', '@one'), { one: '' })).toEqual([
      'SEARCH legs USING COVERING INDEX legs_by_operator (endpoint>?)',
    ])
    expect(planOf(TRUNK_CALLS_SQL, { ...range, trunk: 'trunk-a' })).toEqual([
      'SEARCH calls USING INDEX calls_by_trunk (trunk=? AND start_time>? AND start_time<?)',
      'SEARCH legs USING INDEX legs_by_call (call_id=?) LEFT-JOIN',
    ])
    expect(planOf(NEXT_TRUNK_SQL.replace('?', '@one'), { one: '' })).toEqual([
      'SEARCH calls USING COVERING INDEX calls_by_trunk (trunk>?)',
    ])
  })

  test('what has changed', () => {
    expect(planOf(CHANGED_SQL, { change: 5, id: 7, limit: 50 })).toEqual([
      'SEARCH call_changes USING COVERING INDEX call_changes_in_order (change>?)',
    ])
    const rows = 'SEARCH calls USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)'
    const earlier = { id: 7, last: 9, scanLimit: 10 }
    expect(planOf(EARLIER_SQL, { ...earlier, since: '2026', limit: 5 })).toEqual([
      'CO-ROUTINE scanned',
      rows,
      'SCAN scanned',
      'CORRELATED SCALAR SUBQUERY 2',
      'SEARCH call_changes USING INTEGER PRIMARY KEY (rowid=?)',
    ])
    expect(planOf(LAST_EARLIER_SQL, earlier)).toEqual([rows])
  })

  test('the figures of queues and trunks', () => {
    const range = { from: '2026', to: '2027' }
    expect(planOf(QUEUE_SQL, { ...range, queue: 'sales', within: 20 })).toEqual([
      'SEARCH calls USING INDEX calls_by_queue (queue=? AND start_time>? AND start_time<?)',
    ])
    const ofTrunk = 'INDEX legs_by_operator (endpoint=? AND call_start_time>? AND call_start_time<?)'
    expect(planOf(TRUNK_SQL, { ...range, trunk: 'trunk-a' })).toEqual([`SEARCH legs USING COVERING ${ofTrunk}`])
    // Sorts the legs of one call at a time.
    expect(planOf(LAST_FAULT_SQL, { ...range, trunk: 'trunk-a' })).toEqual([
      `SEARCH legs USING ${ofTrunk}`,
      'USE TEMP B-TREE FOR LAST TERM OF ORDER BY',
    ])
  })

  test('the series of key figures', () => {
    const range = { from: 1_772_600_000_000, to: 1_772_700_000_000 }
    const covered = 'SEARCH calls USING COVERING INDEX calls_by_start (start_time>? AND start_time<?)'
    const filter = { direction: ['inbound', 'transit'] } as const
    for (const each of [{}, filter]) {
      expect(planOf(sumsSql(each), seriesValues({ ...each, ...range }))).toEqual([covered])
      expect(planOf(waitingSql(each), seriesValues({ ...each, ...range }))).toEqual([
        covered,
        'USE TEMP B-TREE FOR GROUP BY',
      ])
    }
    for (const column of ['queue', 'trunk', 'line'] as const) {
      const own = { ...filter, [column]: 'x' }
      expect(planOf(sumsSql(own), seriesValues({ ...own, ...range }))).toEqual([
        `SEARCH calls USING INDEX calls_by_${column} (${column}=? AND start_time>? AND start_time<?)`,
      ])
      expect(planOf(nextNameSql(column).replace('?', '@one'), { one: '' })).toEqual([
        `SEARCH calls USING COVERING INDEX calls_by_${column} (${column}>?)`,
      ])
    }
  })
})

test('a log of the first version gets the indexes of the queries and keeps its rows', () => {
  const old = new Database(freshPath())
  const [first = ''] = MIGRATIONS
  migrate(old, [first])
  const columns = (table: string) =>
    old.prepare<[], { name: string; notnull: number; type: string }>(`PRAGMA table_info(${table})`).all()
  const put = (table: string, row: Record<string, string | number>): void => {
    const values = columns(table).map(
      ({ name, notnull, type }) => row[name] ?? (notnull ? (type === 'TEXT' ? '' : 0) : null),
    )
    old.prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`).run(...values)
  }
  put('calls', { id: 7, start_time: '2026-01-01 00:00:00.000' })
  put('legs', { id: 1, call_id: 7, endpoint: '101', start_time: '2026-01-01 00:00:05.000' })
  put('legs', { id: 2, call_id: 8, endpoint: '102', start_time: '2026-01-01 00:00:06.000' })
  migrate(old, MIGRATIONS)
  expect(old.prepare('SELECT id, start_time, call_start_time FROM legs ORDER BY id').all()).toEqual([
    { id: 1, start_time: '2026-01-01 00:00:05.000', call_start_time: '2026-01-01 00:00:00.000' },
    { id: 2, start_time: '2026-01-01 00:00:06.000', call_start_time: null },
  ])
  expect(old.pragma('integrity_check', { simple: true })).toBe('ok')
  old.close()
})
