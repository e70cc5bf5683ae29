// The answer about trunks: its schema and its types.

import { z } from 'zod'
import { count, type Immutable, instant, seconds } from './schemaParts.ts'
import { TRUNK_FAULTS } from './trunkFigures.ts'

const text = z.string()

export const TRUNK = z.strictObject({
  trunk: text,
  state: z
    .enum(['known', 'not_seen', 'phone'])
    .describe(
      '`not_seen`: TRUNK_CHANNELS names it, and no endpoint or call has. `phone`: it names an endpoint that counts as a phone.',
    ),
  channels: count
    .nullable()
    .describe('How many calls it can carry at a time, by TRUNK_CHANNELS; null if that does not say.'),
  calls_now: count.nullable().describe('Null while there is no connection to Asterisk.'),
  endpoint_state: z
    .enum(['online', 'offline'])
    .nullable()
    .describe(
      'Of the endpoint, as in `/api/endpoints`; null: Asterisk does not tell, or is not connected, or there is no such endpoint.',
    ),
  today: z
    .strictObject({
      attempts: count.describe('To call out on it, those that have ended.'),
      answered: count,
      answered_share: z
        .number()
        .min(0)
        .max(1)
        .nullable()
        .describe('ASR, the answer-seizure ratio of these attempts; null without any.'),
      last_fault: z
        .strictObject({
          time: instant,
          result: z.enum(TRUNK_FAULTS),
          cause: z.int().nullable().describe('Q.850; null if none was given.'),
        })
        .nullable()
        .describe('The last attempt that failed in the trunk or in the network behind it; null: none did.'),
    })
    .describe('Calls that began at `today_from` or later.'),
  busiest_hour: z
    .strictObject({
      start: instant,
      seizures: count.describe('Calls and dial attempts that began in it.'),
      erlangs: seconds.describe('For how long they occupied the trunk in it, ringing included, in hours.'),
      lines_needed: count.describe(
        'So many lines that no more than `blocked` of the calls find all of them busy (Erlang B).',
      ),
    })
    .nullable()
    .describe('The clock hour of the period in which calls occupied the trunk longest; null without calls.'),
})

export const TRUNKS = z.strictObject({
  from: instant.describe(
    '30 days before `to`, or later if the call log has more than 100,000 calls on trunks since then.',
  ),
  to: instant,
  today_from: instant.describe('When the day began in the time zone of the program.'),
  blocked: z.number().min(0).max(1),
  trunks: z.array(TRUNK),
})

/** The schemas by their names in the OpenAPI document. */
export const TRUNK_SHAPES = { Trunk: TRUNK, Trunks: TRUNKS }

/** A trunk, its capacity, and what its busiest hour needs. */
export type TrunkEntry = Immutable<z.infer<typeof TRUNK>>

/** The answer to `/api/trunks`. */
export type Trunks = Immutable<z.infer<typeof TRUNKS>>
