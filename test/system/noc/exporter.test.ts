// A real exporter over a simulated PBX: the HTTP requests of the call log dashboard, and promtool's check of /metrics.
//
// The plugin Infinity is not here; its questions are asked as it asks them: a URL with parameters, a place in the answer to
// find rows at, and fields of each row. Source: the plugin's documentation, "JSON" and "Columns".

import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { committedBoards, ownVariables, resolve } from '../../unit/grafana/queries.ts'
import { eventually, freePort, get, type Program, scrape, startProgram, sumOf } from '../program/program.ts'
import { choicesOf } from './dashboardVariables.ts'
import { tally } from './executionReport.ts'
import { findTools } from './servers.ts'

const INFINITY = z.object({
  refId: z.string(),
  datasource: z.object({ type: z.literal('yesoreyeram-infinity-datasource') }),
  type: z.literal('json'),
  source: z.literal('url'),
  url: z.string(),
  url_options: z.object({
    method: z.literal('GET'),
    params: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
  }),
  root_selector: z.string(),
  columns: z.array(z.object({ selector: z.string(), type: z.enum(['string', 'number', 'timestamp']) })).min(1),
})

type Infinity = z.output<typeof INFINITY>

interface Asked {
  readonly name: string
  readonly dashboard: string
  /** Path and parameters, as one text, with the board's variables in it. */
  readonly expr: string
  readonly target: Infinity
}

const QUESTIONS: readonly Asked[] = committedBoards().flatMap((board) =>
  board.panels.flatMap(({ title = '', targets = [] }) =>
    targets
      .filter(({ datasource }) => datasource?.type?.includes('infinity') === true)
      .map((target) => INFINITY.parse(target))
      .map((target) => ({
        name: `${board.uid}: ${title} ${target.refId}`,
        dashboard: board.uid,
        expr: pathOf(target),
        target,
      })),
  ),
)

const VARIABLES = new Map(committedBoards().map((board) => [board.uid, ownVariables(board)]))

let port: number
let program: Program

beforeAll(async () => {
  port = await freePort()
  program = startProgram(['demo', '--rate', '20'], { HTTP_PORT: String(port), LOG_LEVEL: 'warn' })
  await eventually(
    () => scrape(port),
    (samples) =>
      sumOf(samples, 'asterisk_exporter_calllog_calls_written_total') > 20 &&
      sumOf(samples, 'asterisk_calls_active') > 0,
    30_000,
  )
})
afterAll(async () => {
  program.child.kill('SIGKILL')
  await program.ended
})

test('there are such questions', () => {
  expect(QUESTIONS.length).toBeGreaterThan(3)
})

test.each(QUESTIONS.map((question) => [question.name, question] as const))('%s is answered', async (_, question) => {
  const variants = choicesOf(question)
  for (const { expr, target } of variants) {
    const path = resolvePath(expr, question.dashboard)
    // Live calls come and go; so it may take a moment until there is one of each kind.
    const rows = await eventually(
      async () => rowsOf(await get(port, path), target.root_selector),
      (some) => some.length > 0,
    )
    expect([path, rows.flatMap((row) => faultsOf(row, target))]).toEqual([path, []])
    for (const { selector } of target.columns) {
      expect([path, selector, rows.some((row) => Object.hasOwn(row, selector))]).toEqual([path, selector, true])
    }
  }
  tally('questions to the call log', 'a real exporter', variants.length)
})

describe.each(findTools())('promtool $prometheusVersion', (tools) => {
  test('finds no fault in the exposition', async () => {
    const { text } = await get(port, '/metrics')
    const output = execFileSync(tools.promtool, ['check', 'metrics'], { input: text, encoding: 'utf8' })
    expect(output).toBe('')
    tally('metrics checked', `promtool ${tools.prometheusVersion}`, text.match(/^# TYPE /gm)?.length ?? 0)
  })
})

function pathOf({ url, url_options: { params } }: Infinity): string {
  const more = params.map(({ key, value }) => `${key}=${value}`).join('&')
  return more === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${more}`
}

function resolvePath(expr: string, dashboard: string): string {
  const now = Date.now()
  const dated = expr
    .replaceAll(/\$\{__from:date:iso\}/g, new Date(now - 6 * 3_600_000).toISOString())
    .replaceAll(/\$\{__to:date:iso\}/g, new Date(now).toISOString())
  return resolve(dated, { rateInterval: '1m', interval: '20s', range: '6h' }, VARIABLES.get(dashboard) ?? {})
}

type Row = Readonly<Record<string, unknown>>

/** Throws on any status but 200: the exporter says then what it does not understand. */
function rowsOf({ status, text }: { readonly status: number; readonly text: string }, root: string): readonly Row[] {
  if (status !== 200) {
    throw new Error(`${status}: ${text}`)
  }
  const answer: Row = JSON.parse(text)
  const found = root === '' ? answer : answer[root]
  return z.array(z.record(z.string(), z.unknown())).parse(Array.isArray(found) ? found : [found])
}

// Nothing is no fault: a call that nobody answered has no answer.
function faultsOf(row: Row, { columns }: Infinity): readonly string[] {
  return columns.flatMap(({ selector, type }) => {
    const value = row[selector]
    if (value === null || value === undefined) {
      return []
    }
    const isOfType = type === 'timestamp' ? !Number.isNaN(Date.parse(String(value))) : typeof value === type
    return isOfType ? [] : [`${selector} is no ${type}: ${JSON.stringify(value)}`]
  })
}
