// The answer about queues: its schema and its types.

import { z } from 'zod'
import { AGENT_STATES } from '../staffing/agent.ts'
import { count, countsOf, type Immutable, instant, seconds } from './schemaParts.ts'

const text = z.string()

export const QUEUE_NOW = z.strictObject({
  queue: text,
  waiting: count.nullable().describe('Callers who wait in it now; null while that is not known.'),
  longest_wait_seconds: seconds
    .nullable()
    .describe('How long the first of them has waited; null if nobody waits, or while that is not known.'),
  agents: z
    .strictObject(countsOf(AGENT_STATES))
    .nullable()
    .describe('How many of its members are in each state; null while it is not known.'),
  offered: count.describe('Ended calls of the period whose caller entered this queue, and no other after it.'),
  answered: count,
  abandoned: count.describe('The caller hung up while waiting.'),
  exited: count.describe('The others: the time ran out, nobody was there, the caller chose another way.'),
  average_wait_seconds: seconds.nullable().describe('In queues, of all offered calls; null without any.'),
  service_level: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('Calls answered after at most `within_seconds` in queues, divided by `offered`; null without any.'),
})

export const QUEUES = z.strictObject({
  at: instant.describe('The program’s clock at the answer.'),
  from: instant,
  to: instant,
  within_seconds: seconds,
  queues: z.array(QUEUE_NOW).describe('By name: those that have members, callers or calls in the period.'),
})

/** The schemas by their names in the OpenAPI document. */
export const QUEUE_SHAPES = { QueueNow: QUEUE_NOW, Queues: QUEUES }

/** A queue: who waits and who works in it now, and what became of its calls. */
export type QueueNow = Immutable<z.infer<typeof QUEUE_NOW>>

/** The answer to `/api/queues`. */
export type Queues = Immutable<z.infer<typeof QUEUES>>
