// The committed boards equal the output of the sources, follow every rule of the linter, and use every metric.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BOARDS } from '../../../grafana/addresses.ts'
import { boards, fileOf } from '../../../grafana/boards.ts'
import { RUNTIME } from '../../../grafana/otherMetrics.ts'
import { catalogueEntries } from '../../../src/metrics/catalogue/catalogue.ts'
import { createMetrics } from '../../../src/metrics/metrics.ts'
import { EXCEPTIONS, isAccepted, lint } from './lint.ts'
import { lintSet } from './lintLinks.ts'
import { committedBoards, dashboardQueries } from './queries.ts'
import { rulesText } from './rulesFiles.ts'

const FOLDER = join(import.meta.dirname, '../../../grafana/dashboards')
const files = boards().map(fileOf)

test('each board is in a file with its uid as name', () => {
  expect(files.map(({ name }) => name).sort()).toEqual(
    Object.values(BOARDS)
      .map((uid) => `${uid}.json`)
      .sort(),
  )
  expect(readdirSync(FOLDER).sort()).toEqual(files.map(({ name }) => name).sort())
})

test.each(files)('$name equals the output of the sources; otherwise run: npm run dashboards', ({ name, text }) => {
  expect(readFileSync(join(FOLDER, name), 'utf8')).toBe(text)
})

test('the table of the documentation has each board, by its title', () => {
  const documented = readFileSync(join(FOLDER, '../README.md'), 'utf8')
  const rows = [...documented.matchAll(/^\| ([^|]+) \|/gm)].map(([, title]) => `Asterisk / ${title}`)
  const titles = committedBoards().map(({ title }) => title)
  expect(rows).toEqual(['Asterisk / board', ...rows.filter((title) => titles.includes(title))])
  expect(rows).toHaveLength(1 + titles.length)
})

test('two runs give the same output', () => {
  expect(boards().map(fileOf)).toEqual(files)
})

describe.each(committedBoards().map((board) => [board.uid, board] as const))('%s', (_uid, board) => {
  test('follows every rule of the linter', () => {
    expect(lint(board).filter((finding) => !isAccepted(finding))).toEqual([])
  })
})

test('follows the rules over several boards', () => {
  expect(lintSet(committedBoards())).toEqual([])
})

test('each exception of the linter is needed', () => {
  const found = committedBoards()
    .flatMap(lint)
    .map(({ rule, where }) => `${rule} ${where}`)
  for (const { rule, where } of EXCEPTIONS) {
    expect(found).toContain(`${rule} ${where}`)
  }
})

// Each increase is extrapolated in its own way, so that a part may exceed the whole while a window is not full.
test('a share of counts is at most 1', () => {
  const shares = dashboardQueries().filter(
    ({ expr }) => /increase[^/]*\/ \([^/]*increase/.test(expr) && !/_sum\b/.test(expr),
  )
  expect(shares.length).toBeGreaterThan(10)
  expect(shares.filter(({ expr }) => !expr.includes('clamp_max('))).toEqual([])
})

test('a board or a rule uses each metric of the catalogue', () => {
  const read = `${dashboardQueries()
    .map(({ expr }) => expr)
    .join('\n')}\n${rulesText()}`
  const unread = catalogueEntries()
    .map(([, { name }]) => name)
    .filter((name) => !new RegExp(`\\b${name}(_bucket|_sum|_count)?\\b`).test(read))
  expect(unread).toEqual([])
})

test('the runtime metrics of the boards are on /metrics', async () => {
  const metrics = createMetrics({
    version: '1.0.0',
    revision: 'r',
    nodeVersion: 'v24',
    frameTypes: [],
    malformedReasons: [],
    disconnectReasons: [],
    writeErrorReasons: [],
    now: () => 0,
  })
  const { body } = await metrics.expose()
  for (const { name, type } of Object.values(RUNTIME)) {
    expect(body).toContain(`# TYPE ${name} ${type}\n`)
  }
})
