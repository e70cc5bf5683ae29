// Compares the answers of an API with its OpenAPI document.

import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Router } from 'express'
import { ask } from './request.ts'

interface Operation {
  readonly parameters: readonly {
    readonly name: string
    readonly in: string
    readonly schema: Record<string, unknown>
  }[]
  readonly responses: Readonly<Record<string, Response>>
}

interface Response {
  readonly $ref?: string
  readonly description: string
  readonly content: Readonly<Record<string, { readonly schema: object }>>
}

export interface Document {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly responses: Readonly<Record<string, Response>>
    readonly schemas: Readonly<Record<string, object>>
  }
}

export async function documentOf(url: string): Promise<Document> {
  return JSON.parse((await ask(`${url}/api/openapi.json`)).text)
}

export function responseOf(document: Document, path: string, status: number): Response {
  const response = document.paths[path]?.['get']?.responses[status]
  const resolved =
    response?.$ref === undefined ? response : document.components.responses[response.$ref.split('/').at(-1) ?? '']
  if (resolved === undefined) {
    throw new Error(`${path} has no documented ${status}`)
  }
  return resolved
}

/** How the answer differs from its schema; empty if it does not. */
export function differences(
  document: Document,
  path: string,
  answer: Awaited<ReturnType<typeof ask>>,
): readonly string[] {
  const type = String(answer.headers['content-type']).split(';')[0] ?? ''
  const schema = responseOf(document, path, answer.status).content[type]?.schema
  if (schema === undefined) {
    return [`${answer.status} ${type} is not documented`]
  }
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false })
  addFormats.default(ajv)
  ajv.addVocabulary(['components'])
  const validate = ajv.compile({ ...schema, components: document.components })
  validate(/^application\/(?:.+\+)?json$/.test(type) ? JSON.parse(answer.text) : answer.text)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** `suffix`: the id of a path with one, else the query. */
export function urlOf(path: string, suffix: string): string {
  return path.includes('{id}') ? path.replace('{id}', suffix) : `${path}${suffix}`
}

/** The routes of a router, as `get /api/calls/{id}`. */
export function routesOf(router: Router): readonly string[] {
  return router.stack.flatMap(({ route }) =>
    route === undefined
      ? []
      : route.stack.map(({ method }) => `${method} /api${route.path.replace(/:(\w+)/g, '{$1}')}`),
  )
}

/** The paths of a document, in the same form. */
export function documentedIn(document: Document): readonly string[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path}`),
  )
}

/** A value that is accepted, of parameters that do not accept any text. */
const VALID: Readonly<Record<string, string>> = {
  from: '2026-01-01',
  to: '2026-12-31T00:00:00Z',
  closed_from: '2026-01-01',
  closed_to: '2026-12-31T00:00:00Z',
  direction: 'inbound',
  disposition: 'busy,failed',
  state: 'waiting,expired',
  destination: 'mobile,premium',
  country: 'ee',
  missed: 'true',
  min_duration: '1',
  within: '30',
  updated_since: '2026-03-04',
  order: 'newest',
  limit: '5',
  cursor: 'WyJuZXdlc3QiLCIyMDI2IiwxXQ',
  by: 'hour',
  tz: 'Europe/Helsinki',
  total: 'true',
  max_duration: '1',
}

/** Without them, a path refuses some parameters. */
const NEEDED: Readonly<Record<string, Readonly<Record<string, string>>>> = { '/api/stats': { by: 'day' } }

/** The documented parameters that the API does not accept. */
export async function refusedParameters(url: string, document: Document): Promise<readonly string[]> {
  const refused: string[] = []
  for (const [path, { get }] of Object.entries(document.paths)) {
    for (const { name, schema, in: place } of get?.parameters ?? []) {
      const query = new URLSearchParams({ ...NEEDED[path], [name]: VALID[name] ?? 'x' })
      const isAccepted = place !== 'query' || (await ask(`${url}${path}?${query}`)).status === 200
      if (!isAccepted || Object.keys(schema).length === 0) {
        refused.push(`${path} ${name}`)
      }
    }
  }
  return refused
}

/** Schemas that nothing refers to, and references without a schema. */
export function looseEnds(document: Document): readonly string[] {
  const text = JSON.stringify(document)
  const names = Object.keys(document.components.schemas)
  return [
    ...names.filter((name) => !text.includes(`"$ref":"#/components/schemas/${name}"`)),
    ...[...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)]
      .map(([, name = '']) => name)
      .filter((name) => !names.includes(name)),
  ]
}
