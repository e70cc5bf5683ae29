// The query parameters of the API of a fleet: those of one exporter (params.ts), and the sites.

import { z } from 'zod'
import type {
  FleetCallPageRequest,
  FleetMissedCallerPageRequest,
  FleetPeriod,
  OfSites,
} from '../../query/fleetQuery.ts'
import type { QueuePeriod } from '../../query/queueFigures.ts'
import { isOfChanges } from './changesParams.ts'
import {
  ACTIVE_QUERY,
  CALLS_CSV_QUERY,
  CALLS_QUERY,
  type ListQuery,
  MISSED_CALLERS_CSV_QUERY,
  MISSED_CALLERS_QUERY,
  PERIOD_QUERY,
  parseCalls,
  parseMissedCallers,
  parsePeriod,
} from './params.ts'
import type { Parsed } from './parse.ts'
import { parseQueues, QUEUES_QUERY } from './queueParams.ts'
import { parseStats, STATS_QUERY, type StatsRequest } from './statsParams.ts'

const SITES_WANTED = 'the names of at most 100 sites, with commas between'

const OF_SITES = {
  site: z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .refine((names) => names.length <= 100 && names.every((name) => name !== '' && name.length <= 64), SITES_WANTED)
    .meta({
      description: 'Only of these sites: one or more, with commas between, or the parameter several times.',
      schema: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 64 }, maxItems: 100 },
    })
    .optional(),
}

export const FLEET_CALLS_QUERY = z.strictObject({ ...CALLS_QUERY.shape, ...OF_SITES })
export const FLEET_MISSED_CALLERS_QUERY = z.strictObject({ ...MISSED_CALLERS_QUERY.shape, ...OF_SITES })
export const FLEET_CALLS_CSV_QUERY = z.strictObject({ ...CALLS_CSV_QUERY.shape, ...OF_SITES })
export const FLEET_MISSED_CALLERS_CSV_QUERY = z.strictObject({ ...MISSED_CALLERS_CSV_QUERY.shape, ...OF_SITES })
export const FLEET_PERIOD_QUERY = z.strictObject({ ...PERIOD_QUERY.shape, ...OF_SITES })
export const FLEET_QUEUES_QUERY = z.strictObject({ ...QUEUES_QUERY.shape, ...OF_SITES })
export const FLEET_TRUNKS_QUERY = z.strictObject(OF_SITES)
export const FLEET_STATS_QUERY = z.strictObject({ ...STATS_QUERY.shape, ...OF_SITES })
export const FLEET_ACTIVE_QUERY = z.strictObject({ ...ACTIVE_QUERY.shape, ...OF_SITES })

const NO_CHANGES =
  'updated_since: not in a fleet: the central call log does not know the order of changes; ask the exporter of each site'

/** The parameters of `/api/calls`. */
export function parseFleetCalls(
  parameters: URLSearchParams,
  schema: typeof FLEET_CALLS_CSV_QUERY | typeof FLEET_CALLS_QUERY = FLEET_CALLS_QUERY,
): Parsed<ListQuery<FleetCallPageRequest>> {
  // No row of a central call log ever changes, and rows of many sites are written at once: nothing says which came last.
  if (isOfChanges(parameters)) {
    return { ok: false, problems: [NO_CHANGES] }
  }
  return parseCalls(parameters, schema)
}

/** The parameters of `/api/missed-callers`. */
export function parseFleetMissedCallers(
  parameters: URLSearchParams,
  schema: typeof FLEET_MISSED_CALLERS_CSV_QUERY | typeof FLEET_MISSED_CALLERS_QUERY = FLEET_MISSED_CALLERS_QUERY,
): Parsed<ListQuery<FleetMissedCallerPageRequest>> {
  return parseMissedCallers(parameters, schema)
}

/** The period or the series, and the sites. */
export function parseFleetStats(parameters: URLSearchParams, now: number): Parsed<StatsRequest<FleetPeriod>> {
  return parseStats(parameters, now, FLEET_STATS_QUERY)
}

/** The period, what counts for the service level, and the sites. */
export function parseFleetQueues(parameters: URLSearchParams, now: number): Parsed<QueuePeriod & OfSites> {
  return parseQueues(parameters, now, FLEET_QUEUES_QUERY)
}

/** The period and the sites. */
export function parseFleetPeriod(parameters: URLSearchParams, now: number): Parsed<FleetPeriod> {
  return parsePeriod(parameters, now, FLEET_PERIOD_QUERY)
}
