// The responses of the API in fleet mode: as in schema.ts, with the site of each entry, and with ids that are text.
//
// An id is `<log_id>.<row>`: the id of the exporter's database file, and the row in it.

import { z } from 'zod'
import { QUEUE_NOW, QUEUES } from './queueSchema.ts'
import {
  ACTIVE_CALL,
  ACTIVE_CALLS,
  CALL_DETAIL,
  CALL_ENTRY,
  CALL_PAGE,
  CALL_STORY,
  MISSED_CALLER,
  MISSED_CALLER_PAGE,
  OPERATOR,
  OPERATORS,
  SHAPES,
  statsAnswer,
} from './schema.ts'
import { count, type Immutable, instant } from './schemaParts.ts'
import { type NamedSeries, STATS_BY_NAME, STATS_BY_NAME_ENTRY, type UnnamedSeries } from './statsSchema.ts'
import { TRUNK, TRUNKS } from './trunkSchema.ts'

const text = z.string()
const id = text.describe('`<log_id>.<row>`: the id of the exporter’s call log, and the row in it.')
const site = text.describe('The exporter’s SITE.')

const OF_CALL = {
  id,
  site,
  returned_by: text
    .nullable()
    .describe('The id of the call by which somebody called the missed caller back; null if nobody did.'),
}

const FLEET_ENTRY = CALL_ENTRY.extend(OF_CALL)
const FLEET_PAGE = CALL_PAGE.extend({ calls: z.array(FLEET_ENTRY) })
const FLEET_DETAIL = CALL_DETAIL.extend(OF_CALL)
const FLEET_STORY = CALL_STORY.extend(OF_CALL)
const FLEET_ACTIVE = ACTIVE_CALL.extend({ id: id.nullable(), site })
const FLEET_ACTIVE_CALLS = ACTIVE_CALLS.extend({ calls: z.array(FLEET_ACTIVE) })
const FLEET_OPERATOR = OPERATOR.extend({ site })
const FLEET_OPERATORS = OPERATORS.extend({ operators: z.array(FLEET_OPERATOR) })

const FLEET_MISSED_CALLER = MISSED_CALLER.extend({
  id,
  site,
  closed_by_call: text.nullable().describe('The id of the closing call.'),
})
const FLEET_MISSED_CALLER_PAGE = MISSED_CALLER_PAGE.extend({ missed_callers: z.array(FLEET_MISSED_CALLER) })

const FLEET_STATS_BY_NAME = STATS_BY_NAME.extend({
  series: z.array(STATS_BY_NAME_ENTRY.extend({ site })).describe(STATS_BY_NAME.shape.series.description ?? ''),
})

const FLEET_QUEUE = QUEUE_NOW.extend({ site })
const FLEET_QUEUES = QUEUES.extend({ queues: z.array(FLEET_QUEUE) })
const FLEET_TRUNK = TRUNK.extend({ site })
const FLEET_TRUNKS = TRUNKS.extend({ trunks: z.array(FLEET_TRUNK) })

const SITE = z.strictObject({
  site,
  log_id: text.describe('The id of the call log of its latest call.'),
  calls: count.describe('How many calls this call log has had, by the number of its latest row.'),
  last_call_time: instant.describe('When its latest call began.'),
})
const SITES = z.strictObject({
  at: instant.describe('The program’s clock at the answer.'),
  sites: z.array(SITE).describe('By name.'),
})

/** The schemas by their names in the OpenAPI document. */
export const FLEET_SHAPES: Readonly<Record<string, z.ZodType>> = {
  ...SHAPES,
  CallEntry: FLEET_ENTRY,
  CallPage: FLEET_PAGE,
  CallStory: FLEET_STORY,
  ActiveCall: FLEET_ACTIVE,
  ActiveCalls: FLEET_ACTIVE_CALLS,
  Operator: FLEET_OPERATOR,
  Operators: FLEET_OPERATORS,
  StatsByName: FLEET_STATS_BY_NAME,
  StatsAnswer: statsAnswer(FLEET_STATS_BY_NAME),
  QueueNow: FLEET_QUEUE,
  Queues: FLEET_QUEUES,
  Trunk: FLEET_TRUNK,
  Trunks: FLEET_TRUNKS,
  MissedCaller: FLEET_MISSED_CALLER,
  MissedCallerPage: FLEET_MISSED_CALLER_PAGE,
  Site: SITE,
  Sites: SITES,
}

/** A call of a site. */
export type FleetCallEntry = Immutable<z.infer<typeof FLEET_ENTRY>>
export type FleetCallPage = Immutable<z.infer<typeof FLEET_PAGE>>
export type FleetCallDetail = Immutable<z.infer<typeof FLEET_DETAIL>>
export type FleetActiveCalls = Immutable<z.infer<typeof FLEET_ACTIVE_CALLS>>

/** A phone of a site over a period; phones of one name at two sites are two operators. */
export type FleetOperatorEntry = Immutable<z.infer<typeof FLEET_OPERATOR>>
export type FleetOperators = Immutable<z.infer<typeof FLEET_OPERATORS>>

/** The answer to `/api/stats` with `by`; queues, trunks, lines and operators of one name at two sites are two. */
export type FleetStatsSeries = UnnamedSeries | NamedSeries<{ readonly site: string; readonly name: string }>

/** A queue of a site. */
export type FleetQueueNow = Immutable<z.infer<typeof FLEET_QUEUE>>
export type FleetQueues = Immutable<z.infer<typeof FLEET_QUEUES>>

/** The answer to `/api/trunks`. */
export type FleetTrunks = Immutable<z.infer<typeof FLEET_TRUNKS>>

/** A missed caller of a site. */
export type FleetMissedCallerEntry = Immutable<z.infer<typeof FLEET_MISSED_CALLER>>
export type FleetMissedCallerPage = Immutable<z.infer<typeof FLEET_MISSED_CALLER_PAGE>>

/** A site that has calls in the central call log. */
export type SiteEntry = Immutable<z.infer<typeof SITE>>

/** The answer to `/api/sites`. */
export type Sites = Immutable<z.infer<typeof SITES>>
