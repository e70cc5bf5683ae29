// What the API answers, as shapes that the OpenAPI document is made of. The compiler holds them against query.ts.
//
// Nothing is checked against them while the program runs; a test checks real answers.

import { z } from 'zod'
import { DIRECTIONS, type Direction } from '../../call/event.ts'
import { CALL_STATES, DISPOSITIONS, type Disposition, LEG_RESULTS, LEG_ROLES, SIDES } from '../../call/fact.ts'
import type {
  ActiveCall,
  CallDetail,
  CallEntry,
  CallPage,
  LegEntry,
  OperatorEntry,
  Quality,
  Stats,
  StreamQualityEntry,
  TriedEntry,
} from '../../query/query.ts'

const text = z.string()
const count = z.int().nonnegative()
const seconds = z.number().nonnegative()
const instant = z.iso.datetime()

const STREAM = z.strictObject({
  packets: z.number().nullable(),
  mos: z.number().nullable(),
  loss_ratio: z.number().nullable(),
  jitter_seconds: z.number().nullable(),
}) satisfies z.ZodType<StreamQualityEntry>

const QUALITY = z
  .strictObject({ rx: STREAM, tx: STREAM, round_trip_seconds: z.number().nullable() })
  .describe('`rx`: what Asterisk received; `tx`: what the phone says it received.') satisfies z.ZodType<Quality>

const TRIED = z.strictObject({ endpoint: text, result: z.enum(LEG_RESULTS).nullable() }) satisfies z.ZodType<TriedEntry>

const ENTRY = {
  id: count,
  channel_id: text,
  caller: text,
  caller_name: text,
  callee: text,
  direction: z.enum(DIRECTIONS),
  status: text.describe('`ringing`, `answered`, `completed`, or the disposition of an unanswered call.'),
  disposition: z.enum(DISPOSITIONS).nullable(),
  missed: z.boolean(),
  start_time: instant,
  answer_time: instant.nullable(),
  end_time: instant.nullable(),
  duration: seconds.describe('Seconds from the answer to the end of the conversation.'),
  ring_seconds: seconds.nullable(),
  answer_delay: seconds.nullable(),
  hold_seconds: seconds,
  hangup_by: z.enum(SIDES).nullable(),
  cause: z.int().nullable(),
  cause_text: text.nullable(),
  queue: text.nullable(),
  queue_wait: seconds.nullable(),
  answered_by: z.array(text),
  trunk: text.nullable(),
  transfers: count,
  merged_into: text.nullable(),
  offered: z.boolean().describe('The call had the chance to be answered: the base of answer ratios.'),
  tried: z
    .array(TRIED)
    .describe('Whom an unanswered call was offered to, and the last word of each; empty when it was answered.'),
}

const CALL_ENTRY = z.strictObject(ENTRY) satisfies z.ZodType<CallEntry>

const CALL_PAGE = z.strictObject({
  calls: z.array(CALL_ENTRY),
  next: text
    .nullable()
    .describe('The cursor of the next page; null on the last. A page may be short, even empty, and not be the last.'),
}) satisfies z.ZodType<CallPage>

const LEG = z.strictObject({
  endpoint: text,
  endpoint_role: z.enum(['trunk', 'phone']),
  role: z.enum(LEG_ROLES),
  dialed: text,
  start_time: instant,
  ringing_time: instant.nullable(),
  answer_time: instant.nullable(),
  end_time: instant.nullable(),
  talk_seconds: seconds,
  result: z.enum(LEG_RESULTS).nullable(),
  cause: z.int().nullable(),
  quality: QUALITY.nullable(),
}) satisfies z.ZodType<LegEntry>

const CALL_STORY = z.strictObject({
  ...ENTRY,
  account_code: text,
  context: text,
  caller_endpoint: text,
  node: text.nullable(),
  quality: QUALITY.nullable(),
  legs: z.array(LEG),
}) satisfies z.ZodType<CallDetail>

const ACTIVE_CALL = z.strictObject({
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
  answered_by: z.array(text),
  trunk: text.nullable(),
  transfers: count,
}) satisfies z.ZodType<ActiveCall>

const ACTIVE_CALLS = z.strictObject({
  at: instant.describe('The program’s clock at the answer.'),
  total: count.describe('All calls that live, told here or not.'),
  calls: z.array(ACTIVE_CALL),
}) satisfies z.ZodType<ActiveCalls>

const OPERATOR = z.strictObject({
  operator: text,
  offered: count,
  answered: count,
  missed: count,
  answered_elsewhere: count,
  cancelled: count,
  talk_seconds: seconds,
  average_talk_seconds: seconds.nullable(),
  state: z.enum(['idle', 'ringing', 'talking', 'offline']).nullable().describe('Of now, whatever the period.'),
}) satisfies z.ZodType<OperatorEntry>

const OPERATORS = z.strictObject({
  from: instant,
  to: instant,
  operators: z.array(OPERATOR),
}) satisfies z.ZodType<Operators>

const STATS = z.strictObject({
  from: instant,
  to: instant,
  calls: count,
  answered: count,
  missed: count,
  by_direction: z.strictObject(countsOf<Direction>(DIRECTIONS)),
  by_disposition: z.strictObject(countsOf<Disposition>(DISPOSITIONS)),
  answered_share: z.number().min(0).max(1).nullable(),
  talk_seconds: seconds,
  average_duration: seconds.nullable(),
  average_answer_delay: seconds.nullable(),
  longest_queue_wait: seconds.nullable(),
}) satisfies z.ZodType<Stats>

const PROBLEMS = z.strictObject({ problems: z.array(text).min(1) })

/** Answer to `/api/calls/active`. */
export interface ActiveCalls {
  readonly at: string
  readonly total: number
  readonly calls: readonly ActiveCall[]
}

/** Answer to `/api/operators`. */
export interface Operators {
  readonly from: string
  readonly to: string
  readonly operators: readonly OperatorEntry[]
}

/** The shapes by the names that the document gives them. */
export const SHAPES: Readonly<Record<string, z.ZodType>> = {
  CallEntry: CALL_ENTRY,
  CallPage: CALL_PAGE,
  Quality: QUALITY,
  Leg: LEG,
  CallStory: CALL_STORY,
  ActiveCall: ACTIVE_CALL,
  ActiveCalls: ACTIVE_CALLS,
  Operator: OPERATOR,
  Operators: OPERATORS,
  Stats: STATS,
  Problems: PROBLEMS,
}

function countsOf<T extends string>(names: readonly T[]): Record<T, typeof count>
function countsOf(names: readonly string[]): Record<string, typeof count> {
  return Object.fromEntries(names.map((name) => [name, count]))
}
