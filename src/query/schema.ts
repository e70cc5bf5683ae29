// The responses of the HTTP API: schemas from which the types and the OpenAPI document are derived.
//
// The fields of calls and legs are defined in callFields.ts, which says how to add one. Responses are not validated at run time; a
// test checks real ones. Instants are ISO 8601 UTC text (`2026-11-23T07:08:26.933Z`), spans are seconds.

import { z } from 'zod'
import { DIRECTIONS, type Direction, VOICE_PROBLEMS } from '../call/event.ts'
import { CALL_STATES, DISPOSITIONS, type Disposition, LEG_RESULTS } from '../call/fact.ts'
import { AGENT_SHAPES } from './agentSchema.ts'
import { DETAILED, LEG_FIELDS, LISTED } from './callFields.ts'
import { MOST_COUNTED } from './counting.ts'
import { ENDPOINT_SHAPES } from './endpointSchema.ts'
import { QUALITY_SCHEMA, schemasOf } from './fieldSchemas.ts'
import type { ApiOf } from './fields.ts'
import { MISSED_CALLER_FIELDS } from './missedCallerFields.ts'
import { QUEUE_SHAPES } from './queueSchema.ts'
import { count, countsOf, type Immutable, instant, NEXT, seconds } from './schemaParts.ts'
import { SERIES_SHAPES } from './statsSchema.ts'
import { TRUNK_SHAPES } from './trunkSchema.ts'

const text = z.string()

// The schemas that are exported are those that fleetSchema.ts builds on.

const TRIED = z.strictObject({ endpoint: text, result: z.enum(LEG_RESULTS).nullable() })

const ENTRY = {
  id: count,
  ...schemasOf(LISTED),
  tried: z
    .array(TRIED)
    .describe('Whom an unanswered call was offered to, and the last word of each; empty when it was answered.'),
}

const TOTAL = z.strictObject({
  count: count.describe(`At most ${MOST_COUNTED}.`),
  more: z.boolean().describe('Whether there are more than these, or more than could be looked at.'),
})

export const CALL_ENTRY = z.strictObject(ENTRY)

export const CALL_PAGE = z.strictObject({
  calls: z.array(CALL_ENTRY),
  next: NEXT.describe(
    'The cursor of the next page; null on the last. A page may be short, even empty, and not be the last. With `updated_since`, never null: once it is the cursor that was asked with, nothing more has changed so far.',
  ),
  total: TOTAL.nullable().describe(
    'How many calls the filter finds, on all pages; null unless `total=true` asks for it.',
  ),
})

const LEG = z.strictObject(schemasOf(LEG_FIELDS))

const { quality, ...detailed } = schemasOf(DETAILED)

export const CALL_DETAIL = z.strictObject({
  ...ENTRY,
  ...detailed,
  node: text.nullable(),
  quality,
  legs: z.array(LEG),
})

const LINK = z.url({ protocol: /^https?$/ }).nullable()
const SIP_TRACE = LINK.describe('Where its SIP trace is, by SIP_TRACE_URL; null without that or without a Call-ID.')

const LEG_STORY = z.strictObject({ ...LEG.shape, sip_trace_url: SIP_TRACE })

export const CALL_STORY = z.strictObject({
  ...CALL_DETAIL.shape,
  sip_trace_url: SIP_TRACE,
  recording_url: LINK.describe('Where its recording is, by RECORDING_URL; null without that or without a recording.'),
  legs: z.array(LEG_STORY),
})

export const ACTIVE_CALL = z.strictObject({
  id: count.nullable().describe('The row in the call log.'),
  channel_id: text,
  caller: text,
  caller_name: text,
  callee: text,
  direction: z.enum(DIRECTIONS),
  state: z.enum(CALL_STATES),
  start_time: instant,
  answer_time: instant.nullable(),
  queue: text.nullable(),
  queue_time: instant
    .nullable()
    .describe('When the caller entered the queue in which it waits now; null if it waits in none.'),
  answered_by: z.array(text),
  trunk: text.nullable(),
  transfers: count,
  voice: z
    .strictObject({ endpoint: text, problem: z.enum(VOICE_PROBLEMS), side: z.enum(['rx', 'tx']) })
    .nullable()
    .describe('The worst that is wrong now with the voice of a leg; `rx`: what Asterisk receives from this endpoint.'),
})

export const ACTIVE_CALLS = z.strictObject({
  at: instant.describe('The program’s clock at the answer.'),
  total: count.describe('All calls that live, told here or not.'),
  calls: z.array(ACTIVE_CALL),
})

export const OPERATOR = z.strictObject({
  operator: text,
  offered: count,
  answered: count,
  missed: count,
  answered_elsewhere: count,
  cancelled: count,
  talk_seconds: seconds,
  average_talk_seconds: seconds.nullable(),
  state: z
    .enum(['idle', 'ringing', 'talking', 'wrapup', 'paused', 'offline'])
    .nullable()
    .describe('Of now, whatever the period.'),
})

export const OPERATORS = z.strictObject({ from: instant, to: instant, operators: z.array(OPERATOR) })

const STATS = z.strictObject({
  from: instant,
  to: instant,
  calls: count,
  answered: count,
  missed: count,
  by_direction: z.strictObject(countsOf<Direction>(DIRECTIONS)),
  by_disposition: z.strictObject(countsOf<Disposition>(DISPOSITIONS)),
  answered_share: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe(
      '`answered`, divided by the ended calls that had the chance to be answered (`offered`); null without any.',
    ),
  talk_seconds: seconds,
  average_talk_seconds: seconds.nullable(),
  average_answer_delay_seconds: seconds.nullable(),
  longest_queue_wait_seconds: seconds.nullable(),
})

/** What `/api/stats` answers: `byName` is its shape by names. */
export const statsAnswer = (byName: z.ZodType = SERIES_SHAPES.StatsByName): z.ZodType =>
  z.union([STATS, ...Object.values({ ...SERIES_SHAPES, StatsByName: byName })])

export const MISSED_CALLER = z.strictObject({
  id: count,
  ...schemasOf(MISSED_CALLER_FIELDS),
  closed_by_call: count.nullable().describe('The row of the closing call.'),
})

export const MISSED_CALLER_PAGE = z.strictObject({
  missed_callers: z.array(MISSED_CALLER),
  waiting: count.describe('All who wait to be called back now, whatever the request asks for.'),
  next: NEXT,
})

const PROBLEM = z
  .strictObject({
    type: z.literal('about:blank'),
    title: text.describe('The meaning of the status.'),
    status: z.int().min(400).max(599),
    detail: text.describe('The problem, or how many there are.'),
    problems: z.array(text).min(1).describe('All of them, each in words.'),
  })
  .describe('Problem details (RFC 9457).')

/** The schemas by their names in the OpenAPI document. */
export const SHAPES: Readonly<Record<string, z.ZodType>> = {
  CallEntry: CALL_ENTRY,
  CallPage: CALL_PAGE,
  Total: TOTAL,
  Quality: QUALITY_SCHEMA,
  Leg: LEG_STORY,
  CallStory: CALL_STORY,
  ActiveCall: ACTIVE_CALL,
  ActiveCalls: ACTIVE_CALLS,
  Operator: OPERATOR,
  Operators: OPERATORS,
  Stats: STATS,
  ...SERIES_SHAPES,
  StatsAnswer: statsAnswer(),
  ...TRUNK_SHAPES,
  MissedCaller: MISSED_CALLER,
  MissedCallerPage: MISSED_CALLER_PAGE,
  ...AGENT_SHAPES,
  ...QUEUE_SHAPES,
  ...ENDPOINT_SHAPES,
  Problem: PROBLEM,
}

/** An endpoint that did not answer, and the result of the last attempt; null while it is still tried. */
export type TriedEntry = Immutable<z.infer<typeof TRIED>>

/** A call as a list shows it. `tried`: the endpoints that an unanswered call was offered to; empty if it was answered. */
export type CallEntry = Immutable<z.infer<typeof CALL_ENTRY>>

/** How many entries a filter finds. */
export type Total = Immutable<z.infer<typeof TOTAL>>

/** At most `limit` calls: fewer, even none, when the matches are so rare that the search continues on the next page. */
export type CallPage = Immutable<z.infer<typeof CALL_PAGE>>

/** A dial attempt, or another leg of a call. */
export type LegEntry = ApiOf<typeof LEG_FIELDS>

/** Everything about one call, and where its SIP traces and its recording are. */
export type CallStory = Immutable<z.infer<typeof CALL_STORY>>

/** A leg of a call story. */
export type LegStory = Immutable<z.infer<typeof LEG_STORY>>

/** Everything that the call log has of one call. */
export type CallDetail = Immutable<z.infer<typeof CALL_DETAIL>>

/** A call that has not ended. */
export type ActiveCall = Immutable<z.infer<typeof ACTIVE_CALL>>

/** The answer to `/api/calls/active`. */
export type ActiveCalls = Immutable<z.infer<typeof ACTIVE_CALLS>>

/**
 * A phone over a period: the attempts to reach it in calls that started then, and their results; its state is the present
 * one. `missed` excludes attempts that somebody else answered or that the caller gave up.
 */
export type OperatorEntry = Immutable<z.infer<typeof OPERATOR>>

export type Operators = Immutable<z.infer<typeof OPERATORS>>

/**
 * The key figures of the calls that started in a period. `calls` and `by_direction` count all of them, the rest those that
 * have ended. Ratios and averages are null if there is nothing to divide by; `answered_share` is answered per offered calls.
 */
export type Stats = Immutable<z.infer<typeof STATS>>

/** A missed caller. */
export type MissedCallerEntry = Immutable<z.infer<typeof MISSED_CALLER>>

/** At most `limit` missed callers, as a page of calls. */
export type MissedCallerPage = Immutable<z.infer<typeof MISSED_CALLER_PAGE>>
