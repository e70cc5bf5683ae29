// The OpenAPI documents of an exporter and of a fleet, as tools of others see them: a linter, and a generator of TypeScript clients.
//
// Both run as programs, without the network. The generator is version 6, which needs no TypeScript of its own; 7 wants version 5 of it in place of ours.

import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { controlDocument } from '../../../src/http/api/controlOpenapi.ts'
import { fleetOpenApiDocument } from '../../../src/http/api/fleetOpenapi.ts'
import { openApiDocument } from '../../../src/http/api/openapi.ts'

const run = promisify(execFile)
const BIN = join(import.meta.dirname, '../../../node_modules/.bin')
const folder = mkdtempSync(join(tmpdir(), 'openapi-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const PROGRAM = { name: 'asterisk-ari-exporter', version: '1.2.3' }
const DOCUMENTS = [
  ['an exporter', openApiDocument(PROGRAM)],
  ['an exporter with control', controlDocument(PROGRAM)],
  ['a fleet', fleetOpenApiDocument(PROGRAM)],
] as const

/** Sends nothing, and asks for no newer version of itself. */
const OFFLINE = { ...process.env, HOME: folder, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }

/** The result of a tool on a document: whether it was content, and what it wrote. */
async function tool(name: string, args: readonly string[]): Promise<{ readonly ok: boolean; readonly text: string }> {
  try {
    const { stdout, stderr } = await run(process.execPath, [join(BIN, name), ...args], { cwd: folder, env: OFFLINE })
    return { ok: true, text: stdout + stderr }
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string }
    return { ok: false, text: stdout + stderr }
  }
}

function written(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const lint = (document: object): ReturnType<typeof tool> =>
  tool('redocly', [
    'lint',
    '--extends=recommended-strict',
    '--format=stylish',
    written('linted.json', JSON.stringify(document)),
  ])

describe('the linter', () => {
  test.each(DOCUMENTS)(
    'finds no error and no warning in the document of %s',
    async (_name, document) => {
      expect(await lint(document)).toMatchObject({
        ok: true,
        text: expect.stringContaining('Your API description is valid'),
      })
    },
    60_000,
  )

  test.each(['servers', 'info.license', 'paths./api/calls.get.operationId'])(
    'finds that a document lacks %s',
    async (path) => {
      const document = structuredClone(openApiDocument(PROGRAM))
      const keys = path.split('.')
      const holder = keys
        .slice(0, -1)
        .reduce((at, key) => at[key] as Record<string, unknown>, document as Record<string, unknown>)
      delete holder[keys.at(-1) ?? '']
      expect((await lint(document)).ok).toBe(false)
    },
    60_000,
  )
})

/** What somebody would write with the types of the document: one type for each path, and fields that exist. */
const CLIENT = `
import type { components, operations } from './api.ts'

type Answer<Name extends keyof operations> = operations[Name] extends {
  responses: { 200: { content: infer Content } }
} ? Content[keyof Content] : never
type Query<Name extends keyof operations> = operations[Name] extends { parameters: { query?: infer Q } } ? Q : never

export async function waits(base: string): Promise<readonly (number | null)[]> {
  const query: Query<'listCalls'> = { direction: ['inbound', 'transit'], number: '0401234567', max_duration: 9.5, total: true }
  const found = await fetch(base + '/api/calls?' + new URLSearchParams(query as Record<string, string>))
  if (!found.ok) {
    const { status, title, problems }: components['schemas']['Problem'] = await found.json()
    throw new Error([status, title, ...problems].join(' '))
  }
  const page: Answer<'listCalls'> = await found.json()
  const most: number | undefined = page.total?.count
  return [most ?? null, ...page.calls.map((call) => call.answer_delay)]
}

export const rows: Answer<'downloadCalls'> = 'id,caller'.toUpperCase()
// @ts-expect-error A page of calls is no text.
export const page: Answer<'listCalls'> = 'id,caller'
// @ts-expect-error There is no such direction.
export const wrong: Query<'listCalls'> = { direction: ['up'] }
`

test.each(DOCUMENTS)(
  'a TypeScript client that is generated from the document of %s compiles',
  async (_name, document) => {
    const api = join(folder, 'api.ts')
    const generated = await tool('openapi-typescript', [written('document.json', JSON.stringify(document)), '-o', api])
    expect(generated).toMatchObject({ ok: true })
    expect(readFileSync(api, 'utf8')).toContain('downloadCalls')
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--target',
      'es2023',
      '--lib',
      'es2023,dom',
      '--types',
      '',
    ]
    const compiled = await tool('tsc', [
      ...options,
      '--module',
      'nodenext',
      '--allowImportingTsExtensions',
      written('client.ts', CLIENT),
    ])
    expect(compiled).toEqual({ ok: true, text: '' })
  },
  60_000,
)
