// The OpenAPI 3.1 document, made from the schemas of the parameters (params.ts) and of the answers (query/schema.ts).
//
// A test compares the paths here with the routes of router.ts, and every answer with its schema.

import { z } from 'zod'
import { CSV_COLUMNS, MISSED_CALLER_COLUMNS } from '../../query/callCsv.ts'
import { SHAPES } from '../../query/schema.ts'
import { PROBLEM_TYPE } from '../problem.ts'
import { ALL_CALLS_QUERY } from './changesParams.ts'
import {
  ACTIVE_QUERY,
  AGENTS_QUERY,
  CALLS_CSV_QUERY,
  MISSED_CALLERS_CSV_QUERY,
  MISSED_CALLERS_QUERY,
  PERIOD_QUERY,
} from './params.ts'
import { QUEUES_QUERY } from './queueParams.ts'
import { STATS_QUERY } from './statsParams.ts'

/** Part of a JSON document. */
export type Json = Readonly<Record<string, unknown>>

const SCHEMA_PREFIX = '#/components/schemas/'

/** Name and version of the program. */
export interface Program {
  readonly name: string
  readonly version: string
}

/** The document, with the name and version of the program. */
export function openApiDocument(program: Program): Json {
  return documentOf(program, READ_ONLY)
}

/** What a document describes. */
export interface Described {
  readonly subject: string
  readonly paths: Json
  readonly shapes: Readonly<Record<string, z.ZodType>>
}

/** A document about these paths. */
export function documentOf({ name, version }: Program, { subject, paths, shapes }: Described): Json {
  return {
    openapi: '3.1.1',
    info: {
      title: name,
      version,
      description: `${subject}. Instants are ISO 8601 UTC, spans seconds. Problems are those of RFC 9457.`,
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The server that has this document.' }],
    security: [{}, { password: [] }, { token: [] }],
    paths,
    components: {
      securitySchemes: {
        password: { type: 'http', scheme: 'basic' },
        token: { type: 'http', scheme: 'bearer' },
      },
      responses: { Refused: REFUSED, Busy: BUSY },
      schemas: schemasOf(shapes),
    },
  }
}

const PROBLEM = { [PROBLEM_TYPE]: { schema: { $ref: `${SCHEMA_PREFIX}Problem` } } }

const REFUSED = {
  description: 'Credentials are needed.',
  content: PROBLEM,
}

const BUSY = {
  description: 'The call log cannot be read now, or too many ask; to be asked again later.',
  content: PROBLEM,
}

const PATHS: Json = {
  '/api/calls': get({
    id: 'listCalls',
    summary: 'Calls, page by page',
    parameters: parametersOf(ALL_CALLS_QUERY),
    answer: 'CallPage',
  }),
  '/api/calls.csv': get({
    id: 'downloadCalls',
    summary: 'All calls of a filter as CSV',
    parameters: parametersOf(CALLS_CSV_QUERY),
    answer: csvOf(CSV_COLUMNS),
  }),
  '/api/calls/active': get({
    id: 'listActiveCalls',
    summary: 'Calls that live now',
    parameters: parametersOf(ACTIVE_QUERY),
    answer: 'ActiveCalls',
  }),
  '/api/calls/{id}': get({
    id: 'getCall',
    summary: 'One call with its legs and its voice quality',
    parameters: [
      {
        name: 'id',
        in: 'path',
        required: true,
        description: 'The row, or the `channel_id` of the call: the `call_id` of an exemplar.',
        schema: {
          anyOf: [
            { type: 'integer', minimum: 1 },
            { type: 'string', minLength: 1 },
          ],
        },
      },
    ],
    answer: 'CallStory',
    missing: 'There is no such call.',
  }),
  '/api/missed-callers': get({
    id: 'listMissedCallers',
    summary: 'People outside who were missed, and what closed them, page by page',
    parameters: parametersOf(MISSED_CALLERS_QUERY),
    answer: 'MissedCallerPage',
  }),
  '/api/missed-callers.csv': get({
    id: 'downloadMissedCallers',
    summary: 'All missed callers of a filter as CSV',
    parameters: parametersOf(MISSED_CALLERS_CSV_QUERY),
    answer: csvOf(MISSED_CALLER_COLUMNS),
  }),
  '/api/operators': get({
    id: 'listOperators',
    summary: 'What was offered to each phone and what became of it',
    parameters: parametersOf(PERIOD_QUERY),
    answer: 'Operators',
  }),
  '/api/agents': get({
    id: 'listAgents',
    summary: 'The members of queues and what they do now',
    parameters: parametersOf(AGENTS_QUERY),
    answer: 'Agents',
  }),
  '/api/endpoints': get({
    id: 'listEndpoints',
    summary: 'All endpoints, which of them are trunks, and why',
    parameters: [],
    answer: 'Endpoints',
  }),
  '/api/queues': get({
    id: 'listQueues',
    summary: 'Queues: who waits and who works in each now, and what became of its calls',
    parameters: parametersOf(QUEUES_QUERY),
    answer: 'Queues',
  }),
  '/api/stats': get({
    id: 'getStats',
    summary: 'The key figures of a period, or a series of them',
    parameters: parametersOf(STATS_QUERY),
    answer: 'StatsAnswer',
  }),
  '/api/trunks': get({
    id: 'listTrunks',
    summary: 'Trunks: the calls of each now, the attempts of today, and how many lines its busiest hour needs',
    parameters: [],
    answer: 'Trunks',
  }),
  '/api/openapi.json': get({ id: 'getOpenApi', summary: 'This document', parameters: [], answer: null }),
}

/** What is described unless calls can be begun and ended (controlOpenapi.ts). */
export const READ_ONLY: Described = { subject: 'The call log of an Asterisk PBX', paths: PATHS, shapes: SHAPES }

interface Operation {
  /** The name of the function in a generated client. */
  readonly id: string
  readonly summary: string
  readonly parameters: readonly Json[]
  /** Name of the answer's schema, or its media types; null: any object. */
  readonly answer: string | null | Json
  /** Description of the 404 answer, if the operation has one. */
  readonly missing?: string
}

/** A path that is answered to GET. */
export function get({ id, summary, parameters, answer, missing }: Operation): Json {
  const schema = answer === null ? { type: 'object' } : { $ref: `${SCHEMA_PREFIX}${answer}` }
  const content = typeof answer === 'object' && answer !== null ? answer : { 'application/json': { schema } }
  return {
    get: {
      operationId: id,
      summary,
      parameters,
      responses: {
        200: { description: summary, content },
        400: problems('Every problem of what was asked.'),
        401: { $ref: '#/components/responses/Refused' },
        ...(missing !== undefined && { 404: problems(missing) }),
        503: { $ref: '#/components/responses/Busy' },
      },
    },
  }
}

/** The answer as CSV. */
export function csvOf(columns: readonly string[]): Json {
  const description = `RFC 4180, with a header row: ${columns.join(', ')}.`
  return { 'text/csv': { schema: { type: 'string', description } } }
}

/** An answer with problem details. */
export function problems(description: string): Json {
  return { description, content: PROBLEM }
}

/** The parameters of a query. */
export function parametersOf(query: z.ZodObject): readonly Json[] {
  return Object.entries(query.shape).map(([name, type]) => {
    const { description, schema } = metaOf(type)
    // Values of a list are separated by commas.
    return { name, in: 'query', description, schema, style: 'form', explode: false }
  })
}

// The metadata of an optional type is that of the type inside.
function metaOf(type: z.core.$ZodType): Json {
  const meta = z.globalRegistry.get(type)
  if (meta !== undefined) {
    return meta
  }
  return type instanceof z.ZodOptional ? metaOf(type.unwrap()) : {}
}

function schemasOf(shapes: Described['shapes']): Json {
  const registry = z.registry<{ id: string }>()
  for (const [id, type] of Object.entries(shapes)) {
    registry.add(type, { id })
  }
  const generated = z.toJSONSchema(registry, {
    uri: (id) => `${SCHEMA_PREFIX}${id}`,
    override: ({ jsonSchema }) => {
      // Every number in JSON has these bounds.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
        delete jsonSchema.maximum
      }
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) {
        delete jsonSchema.minimum
      }
    },
  })
  return Object.fromEntries(
    Object.entries(generated.schemas).map(([id, schema]) => {
      const { $id: _, $schema: __, ...rest } = schema
      return [id, rest]
    }),
  )
}
