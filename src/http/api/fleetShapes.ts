// The answers of a fleet about its nodes: schemas from which the types and the OpenAPI document are derived.

import { z } from 'zod'
import { count, type Immutable, instant } from '../../query/schemaParts.ts'
import { NODE_STATES } from '../live/fleetMessage.ts'

const text = z.string()

const NODE = z.strictObject({
  url: text.describe('Its address, as FLEET_NODES has it.'),
  site: text.nullable().describe('As the exporter calls itself (SITE); null until it was first reached.'),
  state: z
    .enum(NODE_STATES)
    .describe(
      '`connecting`: not reached since the fleet began; `live`: its calls are known; `unreachable`: they are not.',
    ),
  since: instant.describe(
    'When `state` or `in_sync` last changed; while it is live and not in sync: when it lost its Asterisk, if it ever had one.',
  ),
  problem: text
    .nullable()
    .describe('Why it cannot be reached, or what is wrong with its connection to Asterisk; null if nothing is wrong.'),
  in_sync: z.boolean().nullable().describe('Whether it is in sync with its Asterisk; null unless it is live.'),
  asterisk: z
    .strictObject({ version: text, entity_id: text, start_time: instant })
    .nullable()
    .describe('Its Asterisk, of the current or the last connection.'),
  calls_active: count.nullable().describe('Null unless it is live.'),
})

const NODES = z.strictObject({
  at: instant.describe('The program’s clock at the answer.'),
  nodes: z.array(NODE).describe('In the order of FLEET_NODES.'),
})

const SCRAPE_TARGETS = z
  .array(
    z.strictObject({
      targets: z.array(text).min(1).max(1),
      labels: z.strictObject({
        __scheme__: z.enum(['http', 'https']),
        __metrics_path__: text.optional(),
        site: text.optional().describe('Missing until the node was first reached.'),
      }),
    }),
  )
  .describe('For `http_sd_configs` of Prometheus.')

/** The schemas by their names in the OpenAPI document. */
export const NODE_SHAPES: Readonly<Record<string, z.ZodType>> = {
  Node: NODE,
  Nodes: NODES,
  ScrapeTargets: SCRAPE_TARGETS,
}

/** The answer to `/api/nodes`. */
export type Nodes = Immutable<z.infer<typeof NODES>>

/** The answer to `/api/sd`. */
export type ScrapeTargets = Immutable<z.infer<typeof SCRAPE_TARGETS>>
