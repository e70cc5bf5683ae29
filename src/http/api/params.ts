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
import { instant, listOf, name, seconds, textPart, timeZone, whole } from './paramTypes.ts'
import { type Parsed, parseWith } from './parse.ts'

const DAY_MS = 86_400_000
/** The `limit` of a page when none is given. */
export const DEFAULT_LIMIT = 50
/** The `limit` of `/api/calls/active` when none is given. */
export const DEFAULT_ACTIVE = 500

const period = {
  from: instant('Began at or after this instant.').optional(),
  to: instant('Began before this instant.').optional(),
}

const orderOf = <Order extends string>(orders: readonly Order[], wanted: string, description: string) =>
  z
    .enum(orders, wanted)
    .meta({ description, schema: { type: 'string', enum: [...orders], default: 'newest' } })
    .optional()

const paging = {
  order: orderOf(['newest', 'oldest'], 'newest or oldest', 'The newest or the oldest first.'),
  limit: whole(1, 500)
    .meta({
      description: 'Entries on a page.',
      schema: { type: 'integer', minimum: 1, maximum: 500, default: DEFAULT_LIMIT },
    })
    .optional(),
  cursor: z
    .string()
    .refine((text) => readCursor(text) !== null, 'the `next` of a page')
    .meta({ description: 'The `next` of the page before.', schema: { type: 'string' } })
    .optional(),
}

const callPaging = {
  ...paging,
  order: orderOf(
    ['newest', 'oldest', 'longest'],
    'newest, oldest or longest',
    'The newest, the oldest, or those of the longest `duration` first. The longest are found among at most a million calls.',
  ),
}

/** Parameters of a list as CSV: as of its pages, but without a limit all are sent. */
const csvPaging = {
  limit: whole(1, 500)
    .meta({
      description: 'Only so many entries; unset: all that the filter finds.',
      schema: { type: 'integer', minimum: 1, maximum: 500 },
    })
    .optional(),
  tz: timeZone(
    'Instants are written by the clocks of this time zone, by its IANA name, to the second: 2026-11-30T09:15:00+02:00. Unset: in UTC.',
  ).optional(),
}

const callFilter = {
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
  number: name('a number', 'The caller’s number, or the one that was called, whole.').optional(),
  name: name('a name', 'The caller’s name, whole.').optional(),
  answered_by: name('an endpoint', 'An endpoint that answered.').optional(),
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
  min_duration: seconds('Talked for at least so many seconds.').optional(),
  max_duration: seconds('Talked for at most so many seconds; who did not talk, for none.').optional(),
  text: textPart(
    'The caller’s or the callee’s number, however it is written, or its last digits; or a part of a name: the caller’s, a queue, a trunk; or an endpoint.',
  ).optional(),
}

/** Parameters of `/api/calls.csv`. */
export const CALLS_CSV_QUERY = z.strictObject({ ...callFilter, ...callPaging, ...csvPaging })

/** Parameters of `/api/calls`. */
export const CALLS_QUERY = z.strictObject({
  ...callFilter,
  ...callPaging,
  total: z
    .enum(['true', 'false'], 'true or false')
    .transform((text) => text === 'true')
    .meta({
      description: 'Whether the answer says how many calls the filter finds, which takes longer.',
      schema: { type: 'boolean', default: false },
    })
    .optional(),
})

/** Parameters of `/api/missed-callers`. */
export const MISSED_CALLERS_QUERY = z.strictObject({
  from: instant('First missed at or after this instant.').optional(),
  to: instant('First missed before this instant.').optional(),
  closed_from: instant('Closed at or after this instant.').optional(),
  closed_to: instant('Closed before this instant.').optional(),
  state: listOf(MISSED_CALLER_STATES, 'One or more states, with commas between.').optional(),
  queue: name('a queue', 'The queue of the last missed call.').optional(),
  text: textPart(
    'The caller’s number or the one that was called, however it is written, or its last digits; or a part of the name or of the queue.',
  ).optional(),
  ...paging,
})

/** Parameters of `/api/missed-callers.csv`. */
export const MISSED_CALLERS_CSV_QUERY = z.strictObject({ ...MISSED_CALLERS_QUERY.shape, ...csvPaging })

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
  /** Whether the client gave a limit; false: the default applies. */
  readonly limited: boolean
}

/** The parameters of `/api/calls`. What `schema` has besides becomes part of the filter. */
export function parseCalls(
  parameters: URLSearchParams,
  schema: typeof CALLS_CSV_QUERY | typeof CALLS_QUERY = CALLS_QUERY,
): Parsed<ListQuery<CallPageRequest>> {
  const parsed = parseWith(schema, parameters)
  if (!parsed.ok) {
    return parsed
  }
  const { min_duration: minDuration, max_duration: maxDuration, answered_by: answeredBy, ...others } = parsed.value
  const {
    sip_call_id: sipCallId,
    order = 'newest',
    limit,
    cursor,
    total,
    tz,
    ...rest
  }: ListValues<typeof others> = others
  const problems = [
    ...periodProblems(rest),
    ...durationProblems(minDuration, maxDuration),
    ...cursorProblems(cursor, order),
  ]
  if (problems.length > 0) {
    return { ok: false, problems }
  }
  const filter: CallFilter = present({ ...rest, minDuration, maxDuration, answeredBy, sipCallId })
  const request = { filter, order, limit: limit ?? DEFAULT_LIMIT, ...present({ cursor, total, tz }) }
  return { ok: true, value: { request, limited: limit !== undefined } }
}

/** The parameters of `/api/missed-callers`; `schema` as above. */
export function parseMissedCallers(
  parameters: URLSearchParams,
  schema: typeof MISSED_CALLERS_CSV_QUERY | typeof MISSED_CALLERS_QUERY = MISSED_CALLERS_QUERY,
): Parsed<ListQuery<MissedCallerPageRequest>> {
  const parsed = parseWith(schema, parameters)
  if (!parsed.ok) {
    return parsed
  }
  const { order = 'newest', limit, cursor, tz, ...others }: ListValues<typeof parsed.value> = parsed.value
  const { closed_from: closedFrom, closed_to: closedTo, ...rest } = others
  const problems = [
    ...periodProblems(rest),
    ...periodProblems({ from: closedFrom, to: closedTo }, 'closed_'),
    ...cursorProblems(cursor, order),
  ]
  if (problems.length > 0) {
    return { ok: false, problems }
  }
  const filter: MissedCallerFilter = present({ ...rest, closedFrom, closedTo })
  const request = { filter, order, limit: limit ?? DEFAULT_LIMIT, ...present({ cursor, tz }) }
  return { ok: true, value: { request, limited: limit !== undefined } }
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

/** `total` is no parameter of CSV, and `tz` only of it. */
type ListValues<Values> = Values & { readonly total?: boolean | undefined; readonly tz?: string | undefined }

interface Bounds {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** `prefix` of the names of the two parameters. */
export function periodProblems({ from, to }: Bounds, prefix = ''): readonly string[] {
  const isWrong = from !== undefined && to !== undefined && from >= to
  return isWrong ? [`${prefix}from: give an instant before \`${prefix}to\``] : []
}

function durationProblems(least = 0, most = Number.POSITIVE_INFINITY): readonly string[] {
  return least > most ? ['min_duration: give no more than `max_duration`'] : []
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
