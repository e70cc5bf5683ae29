// The call log board sends only parameters that the API accepts, and shows only fields that the API returns.

import { expect, test } from 'vitest'
import { z } from 'zod'
import { EXPORTER_PAGE } from '../../../grafana/addresses.ts'
import { openApiDocument } from '../../../src/http/api/openapi.ts'
import { ACTIVE_QUERY, parseCalls, parsePeriod } from '../../../src/http/api/params.ts'
import { parseWith } from '../../../src/http/api/parse.ts'
import { SHAPES } from '../../../src/query/schema.ts'
import type { Target } from './board.ts'
import { committedBoards, ownVariables } from './queries.ts'

const board = committedBoards().find(({ uid }) => uid === 'asterisk-call-log')
if (board === undefined) {
  throw new Error('there is no board of the call log')
}
const targets = board.panels.flatMap(({ title = '', targets = [] }) =>
  targets.map((target) => [title, target] as const),
)
const own: Readonly<Record<string, string>> = {
  ...ownVariables(board),
  __from: '2026-11-23T07:08:26.000Z',
  __to: '2026-11-23T13:08:26.000Z',
}

interface Asked {
  readonly url: string
  readonly url_options: { readonly params: readonly { readonly key: string; readonly value: string }[] }
  readonly root_selector: string
  readonly columns: readonly { readonly selector: string }[]
}

const ASKED = z.object({
  url: z.string(),
  url_options: z.object({ params: z.array(z.object({ key: z.string(), value: z.string() })) }),
  root_selector: z.string(),
  columns: z.array(z.object({ selector: z.string() })),
})

/** The request of the plugin: the path, and all parameters, those of the URL first. */
function request({ url, url_options: { params } }: Asked, variables = own): { path: string; query: URLSearchParams } {
  const fill = (text: string) => text.replace(/\$\{(\w+)[:\w]*\}/g, (_, name: string) => variables[name] ?? 'unknown')
  const [path = '', inAddress = ''] = fill(url).split('?')
  const query = new URLSearchParams(inAddress)
  for (const { key, value } of params) {
    query.append(key, fill(value))
  }
  return { path, query }
}

function parsed(target: Target, variables = own) {
  const { path, query } = request(ASKED.parse(target), variables)
  if (path === '/api/calls') {
    return parseCalls(query)
  }
  return path === '/api/calls/active' ? parseWith(ACTIVE_QUERY, query) : parsePeriod(query, Date.now())
}

test('queries Prometheus only for annotations', () => {
  expect(targets.length).toBeGreaterThan(5)
  expect(new Set(targets.map(([, target]) => target.datasource?.uid))).toEqual(new Set(['$calllog']))
})

test.each(targets)('%s: sends parameters that the API accepts', (_title, target) => {
  const paths = openApiDocument({ name: 'x', version: '1' })['paths']
  expect(Object.keys(paths ?? {})).toContain(request(ASKED.parse(target)).path)
  expect(parsed(target)).toMatchObject({ ok: true })
})

test.each(targets)('%s: shows only fields of the response', (_title, target) => {
  const { url, root_selector: rows, columns } = ASKED.parse(target)
  const shape = {
    '/api/calls': 'CallEntry',
    '/api/calls/active': 'ActiveCall',
    '/api/operators': 'Operator',
    '/api/stats': 'Stats',
  }[url.split('?')[0] ?? '']
  const fields = SHAPES[shape ?? '']
  expect(fields).toBeInstanceOf(z.ZodObject)
  const known = fields instanceof z.ZodObject ? Object.keys(fields.shape) : []
  expect(columns.map(({ selector }) => selector).filter((field) => !known.includes(field))).toEqual([])
  expect(rows).toBe({ CallEntry: 'calls', ActiveCall: 'calls', Operator: 'operators', Stats: '' }[shape ?? ''])
})

test('sends every option of its variables, each with a different meaning', () => {
  const [, calls] = targets.find(([, target]) => String(target['url']).startsWith('/api/calls?')) ?? []
  if (calls === undefined) {
    throw new Error('no calls')
  }
  const all = parsed(calls)
  const only = String(board?.templating.list.find(({ name }) => name === 'only')?.query).split(',')
  expect(only.length).toBe(3)
  const chosen = only.map((option) => parsed(calls, { ...own, only: option.split(' : ')[1] ?? '' }))
  expect(chosen).toEqual([all, expect.objectContaining({ ok: true }), expect.objectContaining({ ok: true })])
  expect(new Set(chosen.map((each) => JSON.stringify(each))).size).toBe(3)
  for (const [box, value] of Object.entries({ number: '0491', operator: '101', queue: 'sales' })) {
    expect(own[box]).toBe('')
    expect(parsed(calls, { ...own, [box]: value })).toMatchObject({ ok: true })
    expect(parsed(calls, { ...own, [box]: value })).not.toEqual(all)
  }
})

test('links a row to the details of the call', () => {
  expect(own['exporter']).toBe(EXPORTER_PAGE)
  expect(JSON.stringify(board)).toContain(`"url":"\${exporter}/#call=\${__data.fields.Call}"`)
  const [, calls] = targets.find(([, target]) => String(target['url']).startsWith('/api/calls?')) ?? []
  expect(calls?.['columns']).toContainEqual({ selector: 'channel_id', text: 'Call', type: 'string' })
})
