// The table of versions in test/README.md is what `.ci/matrix` noted, and the rows are those that it has.

import { expect, test } from 'vitest'
import {
  fileOf,
  merged,
  readResults,
  SUMMARIES,
  summaryOf,
  tableOf,
  type VersionResult,
  writtenTable,
} from '../versions/results.ts'
import { found, ROWS, rowsNamed } from '../versions/rows.ts'

const results = readResults()
const order = ROWS.map(({ name }) => name)

test('the table has the results; otherwise run: .ci/matrix', () => {
  expect(writtenTable()).toBe(tableOf(results))
  for (const [name, head] of Object.entries(SUMMARIES)) {
    expect(writtenTable(fileOf(name))).toBe(summaryOf(results, head))
  }
})

test('each result is of a row, in the order of the rows, with a version that was seen', () => {
  const rows = results.map(({ row }) => row)
  expect(rows.filter((row) => !order.includes(row))).toEqual([])
  expect(rows).toEqual([...rows].sort((a, b) => order.indexOf(a) - order.indexOf(b)))
  for (const { component, version, on, counts } of results) {
    expect([component, version]).toEqual([expect.stringMatching(/^[A-Z][\w.]+$/), expect.stringMatching(/^\d+\.\d+/)])
    expect(on).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(counts?.passed ?? 1).toBeGreaterThan(0)
  }
})

test('rows are chosen by name and by group', () => {
  const names = (...words: string[]) => rowsNamed(words).map(({ name }) => name)
  expect(names()).toEqual(order)
  expect(names('node-22')).toEqual(['node-22-parts', 'node-22-program'])
  expect(names('node')).toEqual(order.slice(0, 6))
  expect(names('asterisk-16', 'postgresql')).toEqual(['asterisk-16', 'postgresql'])
  expect(() => names('nodes')).toThrow('there is no row nodes; rows: node-22-parts ')
})

const result = (row: string, version: string): VersionResult => ({
  row,
  component: 'X',
  version,
  tests: 'all',
  counts: { passed: 1, failed: 0, skipped: 0 },
  on: '2026-11-30',
})

test('a row that is run again replaces its own results only', () => {
  const before = [result('a', '1.0'), result('b', '2.0'), result('b', '2.1'), result('gone', '0.1')]
  expect(merged(before, 'b', [result('b', '2.2')], ['b', 'a'])).toEqual([result('b', '2.2'), result('a', '1.0')])
})

test('what failed is told', () => {
  const { counts: _, ...one } = result('a', '1.0')
  const rows = [
    { ...one, counts: null },
    { ...one, counts: { passed: 7, failed: 2, skipped: 0 } },
    { ...one, counts: { passed: 7, failed: 0, skipped: 1 } },
  ]
  expect(tableOf(rows).split('\n').slice(2, -1)).toEqual([
    '| X | 1.0 | all | **failed**: ended early | 2026-11-30 |',
    '| X | 1.0 | all | **2 failed**, 7 passed | 2026-11-30 |',
    '| X | 1.0 | all | 7 passed, 1 skipped | 2026-11-30 |',
  ])
})

test('the summary has the versions on which nothing failed', () => {
  const failed: VersionResult = { ...result('b', '1.1'), counts: { passed: 1, failed: 1, skipped: 0 } }
  const rows = [result('a', '1.0'), result('a', '1.1'), failed, result('c', '2.0')]
  expect(summaryOf(rows, ['part', 'seen'])).toBe('| part | seen |\n|---|---|\n| X | 1.0, 2.0 |\n')
})

test('versions are read once each, oldest first', () => {
  const output = 'Prometheus 3.5.3, Prometheus 2.42.0\nAlertmanager 0.25.0 Prometheus 3.5.3'
  expect(found(output, /\b(Prometheus|Alertmanager) (\d+\.\d+\.\d+)/g)).toEqual([
    { component: 'Alertmanager', version: '0.25.0' },
    { component: 'Prometheus', version: '2.42.0' },
    { component: 'Prometheus', version: '3.5.3' },
  ])
})
