// The answer about endpoints and their roles: its schema and its types.

import { z } from 'zod'
import { REASONS, type Reason } from '../endpoint/judge.ts'
import { ENDPOINT_FIELDS } from './endpointFields.ts'
import { schemasOf } from './fieldSchemas.ts'
import type { ApiOf } from './fields.ts'

const ENDPOINT = z.strictObject({
  ...schemasOf(ENDPOINT_FIELDS),
  reasons: z
    .array(z.enum(REASONS))
    .describe('What its configuration tells, the strongest first; also what speaks against the role.'),
})

const ENDPOINTS = z.strictObject({
  at: z.iso.datetime().describe('The program’s clock at the answer.'),
  res_prometheus: z
    .boolean()
    .nullable()
    .describe('Whether Asterisk runs res_prometheus, which tells the registrations of trunks; null: not known.'),
  endpoints: z.array(ENDPOINT),
})

/** The schemas by their names in the OpenAPI document. */
export const ENDPOINT_SHAPES = { Endpoint: ENDPOINT, Endpoints: ENDPOINTS }

/** An endpoint, its role and why it has it. */
export type EndpointEntry = ApiOf<typeof ENDPOINT_FIELDS> & { readonly reasons: readonly Reason[] }

/** The answer to `/api/endpoints`. */
export interface EndpointList {
  readonly at: string
  readonly res_prometheus: boolean | null
  readonly endpoints: readonly EndpointEntry[]
}
