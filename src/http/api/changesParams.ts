// The query parameters of `/api/calls` with `updated_since`: a client that follows the changes of the call log gives no filter, because a
// call that stops matching one would never be told to it.

import { z } from 'zod'
import { readChangeCursor } from '../../query/changeCursor.ts'
import type { CallPageRequest, ChangesRequest } from '../../query/query.ts'
import { CALLS_QUERY, DEFAULT_LIMIT, type ListQuery, parseCalls, present } from './params.ts'
import { instant, whole } from './paramTypes.ts'
import { type Parsed, parseWith } from './parse.ts'

const UPDATED_SINCE = instant(
  'All calls that were created or changed at or after this instant, in the order of their last change, for a client that keeps a copy of the call log. Only `limit` and `cursor` go with it.',
)

/** Parameters of `/api/calls`. */
export const ALL_CALLS_QUERY = z.strictObject({ ...CALLS_QUERY.shape, updated_since: UPDATED_SINCE.optional() })

const CHANGES_QUERY = z.strictObject({
  updated_since: UPDATED_SINCE,
  limit: whole(1, 500).optional(),
  cursor: z
    .string()
    .refine((text) => readChangeCursor(text) !== null, 'the `next` of a page with `updated_since`')
    .optional(),
})

/** Whether a request is for changes. */
export function isOfChanges(parameters: URLSearchParams): boolean {
  return parameters.getAll('updated_since').some((value) => value.trim() !== '')
}

/** The parameters of `/api/calls`. */
export function parseCallsOrChanges(parameters: URLSearchParams): Parsed<ListQuery<CallPageRequest | ChangesRequest>> {
  if (!isOfChanges(parameters)) {
    return parseCalls(parameters, ALL_CALLS_QUERY)
  }
  const others = [...new Set(parameters.keys())].filter(
    (key) => Object.hasOwn(CALLS_QUERY.shape, key) && !Object.hasOwn(CHANGES_QUERY.shape, key),
  )
  const given = others.filter((key) => parameters.getAll(key).some((value) => value.trim() !== ''))
  if (given.length > 0) {
    const why = 'a call that no longer matches would never be told'
    return { ok: false, problems: given.map((key) => `${key}: leave it out with \`updated_since\`; ${why}`) }
  }
  const parsed = parseWith(CHANGES_QUERY, new URLSearchParams([...parameters].filter(([key]) => !others.includes(key))))
  if (!parsed.ok) {
    return parsed
  }
  const { updated_since: updatedSince, limit, cursor } = parsed.value
  const request = { updatedSince, limit: limit ?? DEFAULT_LIMIT, ...present({ cursor }) }
  return { ok: true, value: { request, limited: limit !== undefined } }
}
