// The answer about agents and queues: its schema and its types.

import { z } from 'zod'
import { AGENT_STATES } from '../staffing/agent.ts'
import { AGENT_FIELDS } from './agentFields.ts'
import { schemasOf } from './fieldSchemas.ts'
import { countsOf, type Immutable, instant, seconds } from './schemaParts.ts'

const text = z.string()

const AGENT = z.strictObject({
  ...schemasOf(AGENT_FIELDS),
  call: z
    .strictObject({ call_id: text, number: text, name: text })
    .nullable()
    .describe('With whom it talks, or who rings; masked with MASK_NUMBERS; empty texts if that is not known.'),
  occupancy: z
    .strictObject({
      share: z.number().min(0).max(1).describe('`busy_seconds` of `staffed_seconds`.'),
      busy_seconds: seconds.describe('Ringing, talking or in wrap-up.'),
      staffed_seconds: seconds.describe('That, or free: neither paused nor offline.'),
      since: instant.describe('Today from midnight of the exporter’s time zone, or since it watches the queues.'),
    })
    .nullable()
    .describe('Null while nothing of today was observed.'),
})

const QUEUE = z.strictObject({
  queue: text,
  agents: z
    .strictObject(countsOf(AGENT_STATES))
    .nullable()
    .describe('How many are in each state; null while it is not known.'),
  seen: instant.nullable().describe('When the oldest part of what is known was true.'),
})

const AGENTS = z.strictObject({
  at: instant.describe('The program’s clock at the answer.'),
  questions_per_second: seconds.describe('ARI_QUESTIONS_PER_SECOND; 0: nobody is asked, and nothing is known.'),
  queues: z.array(QUEUE),
  agents: z.array(AGENT),
})

/** The schemas by their names in the OpenAPI document. */
export const AGENT_SHAPES = { Agent: AGENT, Queue: QUEUE, Agents: AGENTS }

/** A member of a queue, and what it does. */
export type AgentEntry = Immutable<z.infer<typeof AGENT>>

/** A queue, and how many of its agents are in each state. */
export type QueueEntry = Immutable<z.infer<typeof QUEUE>>

export type Agents = Immutable<z.infer<typeof AGENTS>>
