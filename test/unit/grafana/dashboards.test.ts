// The committed boards are those of the sources, to the byte; each keeps every rule; each metric has its place.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BOARDS } from '../../../grafana/addresses.ts'
import { boards, fileOf } from '../../../grafana/boards.ts'
import { RUNTIME } from '../../../grafana/otherMetrics.ts'
import { catalogueEntries } from '../../../src/metrics/catalogue/catalogue.ts'
import { createMetrics } from '../../../src/metrics/metrics.ts'
import { EXCEPTIONS, isMeant, lint } from './lint.ts'
import { lintSet } from './lintLinks.ts'
import { committedBoards, dashboardQueries } from './queries.ts'
import { rulesText } from './rulesFiles.ts'

const FOLDER = join(import.meta.dirname, '../../../grafana/dashboards')
const files = boards().map(fileOf)

test('there are the nine boards, each under its own name', () => {
  expect(files.map(({ name }) => name).sort()).toEqual(
    Object.values(BOARDS)
      .map((uid) => `${uid}.json`)
      .sort(),
  )
  expect(readdirSync(FOLDER).sort()).toEqual(files.map(({ name }) => name).sort())
})

test.each(files)('$name is what the sources make; else run: npm run dashboards', ({ name, text }) => {
  expect(readFileSync(join(FOLDER, name), 'utf8')).toBe(text)
})

test('making them twice gives the same', () => {
  expect(boards().map(fileOf)).toEqual(files)
})

describe.each(committedBoards().map((board) => [board.uid, board] as const))('%s', (_uid, board) => {
  test('keeps every rule', () => {
    expect(lint(board).filter((finding) => !isMeant(finding))).toEqual([])
  })
})

test('what stands on several boards fits together', () => {
  expect(lintSet(committedBoards())).toEqual([])
})

test('each exception is still needed', () => {
  const found = committedBoards()
    .flatMap(lint)
    .map(({ rule, where }) => `${rule} ${where}`)
  for (const { rule, where } of EXCEPTIONS) {
    expect(found).toContain(`${rule} ${where}`)
  }
})

test('each metric of the catalogue is seen on a board or looked at by a rule', () => {
  const read = `${dashboardQueries()
    .map(({ expr }) => expr)
    .join('\n')}\n${rulesText()}`
  const unread = catalogueEntries()
    .map(([, { name }]) => name)
    .filter((name) => !new RegExp(`\\b${name}(_bucket|_sum|_count)?\\b`).test(read))
  expect(unread).toEqual([])
})

test('the runtime metrics that are asked for are on /metrics', async () => {
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
