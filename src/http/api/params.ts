// The query parameters of the API: parses them, or lists every problem.
//
// No I/O. The OpenAPI document is made from the same schemas. An unknown parameter is a problem, so that a misspelled filter is
// not mistaken for one that matches everything. A known parameter without a value is ignored, as from an empty form field.

import { z } from 'zod'
import { DESTINATION_CLASSES, DIRECTIONS } from '../../call/event.ts'
import { DISPOSITIONS } from '../../call/fact.ts'
import { MISSED_CALLER_STATES } from '../../callback/missedCaller.ts'
import { readCursor } from '../../query/cursor.ts'
import type {
  CallFilter,
  CallPageRequest,
  MissedCallerFilter,
  MissedCallerPageRequest,
  Period,
} from '../../query/query.ts'
import { type Parsed, parseWith } from './parse.ts'

const DAY_MS = 86_400_000
const DEFAULT_LIMIT = 50
/** The `limit` of `/api/calls/active` when none is given. */
export const DEFAULT_ACTIVE = 500
const INSTANT =
  'an instant such as 2026-11-23T07:08:26Z or 2026-11-23T09:08:26+02:00, or a day in UTC such as 2026-11-23'

const instant = (meaning: string) =>
  z
    .union([z.iso.datetime({ offset: true }), z.iso.date()], INSTANT)
    .transform((text) => Date.parse(text))
    .meta({ description: meaning, schema: { type: 'string', format: 'date-time' } })

const whole = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `a whole number from ${from} to ${to}`)

/** A text that is one name. */
export const name = (expected: string, meaning: string, most = 128) =>
  z
    .string()
    .min(1, expected)
    .max(most, `${expected} of at most ${most} characters`)
    .meta({ description: meaning, schema: { type: 'string', minLength: 1, maxLength: most } })

/** Some of these values, with commas between. */
export const listOf = <T extends string>(values: readonly T[], meaning: string) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(values, `one or more of: ${values.join(', ')}`)))
    .meta({ description: meaning, schema: { type: 'array', items: { type: 'string', enum: [...values] } } })

const period = {
  from: instant('Began at or after this instant.').optional(),
  to: instant('Began before this instant.').optional(),
}

const paging = {
  order: z
    .enum(['newest', 'oldest'], 'newest or oldest')
    .meta({
      description: 'The newest or the oldest first.',
      schema: { type: 'string', enum: ['newest', 'oldest'], default: 'newest' },
    })
    .optional(),
  limit: whole(1, 500)
    .meta({
      description: 'Entries on a page. As CSV all are sent when it is not given.',
      schema: { type: 'integer', minimum: 1, maximum: 500, default: DEFAULT_LIMIT },
    })
    .optional(),
  cursor: z
    .string()
    .refine((text) => readCursor(text) !== null, 'the `next` of a page')
    .meta({ description: 'The `next` of the page before.', schema: { type: 'string' } })
    .optional(),
  format: z
    .enum(['json', 'csv'], 'json or csv')
    .meta({ description: 'Wins over the Accept header.', schema: { type: 'string', enum: ['json', 'csv'] } })
    .optional(),
}

/** Parameters of `/api/calls`. */
export const CALLS_QUERY = z.strictObject({
  ...period,
  direction: listOf(DIRECTIONS, 'One or more directions, with commas between.').optional(),
  disposition: listOf(DISPOSITIONS, 'One or more ways to end, with commas between.').optional(),
  missed: z
    .enum(['true', 'false'], 'true or false')
    .transform((text) => text === 'true')
    .meta({ description: 'Only missed calls, or only others.', schema: { type: 'boolean' } })
    .optional(),
  caller: name('a number', 'The caller’s number, whole.').optional(),
  callee: name('a number', 'The number that was called, whole.').optional(),
  operator: name('an endpoint', 'An endpoint that the call was offered to, or began on.').optional(),
  trunk: name('an endpoint', 'The trunk that the call came by or left by.').optional(),
  line: name('the name of a line', 'The line that was called from outside, as LINES names it.').optional(),
  destination: listOf(
    DESTINATION_CLASSES,
    'One or more kinds of numbers that were dialed on a trunk, with commas between.',
  ).optional(),
  country: z
    .string()
    .regex(/^[a-z]{2}$/i, 'the two-letter code of a country (ISO 3166), such as FI')
    .transform((text) => text.toUpperCase())
    .meta({
      description: 'The country that was called, of calls abroad (ISO 3166).',
      schema: { type: 'string', pattern: '^[A-Za-z]{2}$' },
    })
    .optional(),
  queue: name('a queue', 'The queue that the caller waited in.').optional(),
  sip_call_id: name('a SIP Call-ID', 'The SIP Call-ID, whole, of the caller’s leg or of any other.', 255).optional(),
  min_duration: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,3})?$/, 'seconds, such as 90')
    .transform(Number)
    .meta({ description: 'Talked for at least so many seconds.', schema: { type: 'number', minimum: 0 } })
    .optional(),
  text: z
    .string()
    .trim()
    .min(1, 'a part of a number or name')
    .max(64, 'a part of a number or name, at most 64 characters')
    .meta({
      description:
        'A part of the caller’s or the callee’s number, however it is written, or of a name: the caller’s, an endpoint, a queue, a trunk.',
      schema: { type: 'string', minLength: 1, maxLength: 64 },
    })
    .optional(),
  ...paging,
})

/** Parameters of `/api/missed-callers`. */
export const MISSED_CALLERS_QUERY = z.strictObject({
  from: instant('First missed at or after this instant.').optional(),
  to: instant('First missed before this instant.').optional(),
  closed_from: instant('Closed at or after this instant.').optional(),
  closed_to: instant('Closed before this instant.').optional(),
  state: listOf(MISSED_CALLER_STATES, 'One or more states, with commas between.').optional(),
  queue: name('a queue', 'The queue of the last missed call.').optional(),
  text: z
    .string()
    .trim()
    .min(1, 'a part of a number or name')
    .max(64, 'a part of a number or name, at most 64 characters')
    .meta({
      description:
        'A part of the caller’s number or of the one that was called, however it is written, of the name or of the queue.',
      schema: { type: 'string', minLength: 1, maxLength: 64 },
    })
    .optional(),
  ...paging,
})

/** Parameters of `/api/operators` and `/api/stats`. */
export const PERIOD_QUERY = z.strictObject({
  from: instant('Of calls that began at or after this instant; unset: a day before `to`.').optional(),
  to: instant('And before this one; unset: now.').optional(),
})

/** Parameters of `/api/agents`. */
export const AGENTS_QUERY = z.strictObject({ queue: name('a queue', 'The queue.').optional() })

/** Parameters of paths that take none. */
export const NO_QUERY = z.strictObject({})

/** Parameters of `/api/calls/active`. */
export const ACTIVE_QUERY = z.strictObject({
  limit: whole(1, 5000)
    .meta({
      description: 'Calls that are told, the oldest first.',
      schema: { type: 'integer', minimum: 1, maximum: 5000, default: DEFAULT_ACTIVE },
    })
    .optional(),
})

/** The parsed parameters of a list. */
export interface ListQuery<Request> {
  readonly request: Request
  readonly format: 'json' | 'csv' | undefined
  /** Whether the client gave a limit; false: the default applies. */
  readonly limited: boolean
}

/** The parameters of `/api/calls`. What `schema` has besides becomes part of the filter. */
export function parseCalls(parameters: URLSearchParams, schema = CALLS_QUERY): Parsed<ListQuery<CallPageRequest>> {
  const parsed = parseWith(schema, parameters)
  if (!parsed.ok) {
    return parsed
  }
  const { min_duration: minDuration, sip_call_id: sipCallId, ...others } = parsed.value
  const { order = 'newest', limit, cursor, format, ...rest } = others
  const problems = [...periodProblems(rest), ...cursorProblems(cursor, order)]
  if (problems.length > 0) {
    return { ok: false, problems }
  }
  const filter: CallFilter = present({ ...rest, minDuration, sipCallId })
  const request = { filter, order, limit: limit ?? DEFAULT_LIMIT, ...present({ cursor }) }
  return { ok: true, value: { request, format, limited: limit !== undefined } }
}

/** The parameters of `/api/missed-callers`; `schema` as above. */
export function parseMissedCallers(
  parameters: URLSearchParams,
  schema = MISSED_CALLERS_QUERY,
): Parsed<ListQuery<MissedCallerPageRequest>> {
  const parsed = parseWith(schema, parameters)
  if (!parsed.ok) {
    return parsed
  }
  const {
    order = 'newest',
    limit,
    cursor,
    format,
    closed_from: closedFrom,
    closed_to: closedTo,
    ...rest
  } = parsed.value
  const problems = [
    ...periodProblems(rest),
    ...periodProblems({ from: closedFrom, to: closedTo }, 'closed_'),
    ...cursorProblems(cursor, order),
  ]
  if (problems.length > 0) {
    return { ok: false, problems }
  }
  const filter: MissedCallerFilter = present({ ...rest, closedFrom, closedTo })
  const request = { filter, order, limit: limit ?? DEFAULT_LIMIT, ...present({ cursor }) }
  return { ok: true, value: { request, format, limited: limit !== undefined } }
}

/** The period; by default the day before `to`, and `to` is now. What `schema` has besides becomes part of it. */
export function parsePeriod(parameters: URLSearchParams, now: number, schema = PERIOD_QUERY): Parsed<Period> {
  const parsed = parseWith(schema, parameters)
  if (!parsed.ok) {
    return parsed
  }
  const { from, to, ...rest } = withPeriod(parsed.value, now)
  const problems = periodProblems({ from, to })
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { ...present(rest), from, to } }
}

/** With the period; what is not given is the day before `to`, and now. */
export function withPeriod<T extends Bounds>(given: T, now: number): Omit<T, keyof Bounds> & Period {
  const { to = now, from = to - DAY_MS, ...rest } = given
  return { ...rest, from, to }
}

interface Bounds {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** `prefix` of the names of the two parameters. */
export function periodProblems({ from, to }: Bounds, prefix = ''): readonly string[] {
  const isWrong = from !== undefined && to !== undefined && from >= to
  return isWrong ? [`${prefix}from: give an instant before \`${prefix}to\``] : []
}

function cursorProblems(cursor: string | undefined, order: CallPageRequest['order']): readonly string[] {
  return cursor === undefined || readCursor(cursor)?.order === order
    ? []
    : ['cursor: belongs to a page in the other order']
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without what is not given. */
export function present<T extends object>(values: T): Present<T>
export function present(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}
