// The busiest hour of each trunk of each site (query/trunkLoad.ts).
//
// Reads the calls on trunks, span by span of time, the newest first, and stops at `callLimit` of them: the hours before that are left out as a
// whole, and the answer says from when on it holds.

import type { FleetBusiestHours, FleetPeriod } from '../../query/fleetQuery.ts'
import { createTrunkLoad, type TrunkCallRow } from '../../query/trunkLoad.ts'
import { parseInstant } from '../../time/format.ts'
import { inSpan } from './conditions.ts'
import { dayCondition, type LongDays } from './days.ts'
import type { Statement } from './search.ts'
import type { Reading } from './session.ts'
import { createValues, instantColumn } from './values.ts'
import { firstSpan, nextSpan, type Span, type Walk } from './windows.ts'

const HOUR_MS = 3_600_000

interface Row {
  readonly log_id: string
  readonly id: string
  readonly site: string
  readonly direction: string
  readonly caller_endpoint: string
  readonly start: string
  readonly ended: string
  readonly endpoint: string | null
  readonly role: string | null
  readonly leg_start: string | null
  readonly leg_end: string | null
}

/** At most `limit` calls on trunks that began in the span, the newest first, each with its legs on trunks. */
export function trunkCallsStatement(
  { site, ...span }: FleetPeriod,
  { long, limit }: { readonly long: LongDays; readonly limit: number },
): Statement {
  const values = createValues()
  const ofSites = site === undefined ? '' : `AND site = ANY (${values.add(site, 'text[]')})`
  const days = (column: string): string => dayCondition(column, span, { long, values })
  return {
    sql: `SELECT call.log_id, call.id, call.site, call.direction, call.caller_endpoint,
      ${instantColumn('call.start_time')} AS start, ${instantColumn('call.end_time')} AS ended,
      legs.endpoint, legs.role, ${instantColumn('legs.start_time')} AS leg_start, ${instantColumn('legs.end_time')} AS leg_end
      FROM (
        SELECT log_id, id, day, site, direction, caller_endpoint, start_time, end_time FROM calls
        WHERE trunk IS NOT NULL AND ${inSpan('start_time', span, values)} AND ${days('day')} ${ofSites}
        ORDER BY start_time DESC, log_id DESC, id DESC LIMIT ${limit}
      ) AS call LEFT JOIN legs ON legs.log_id = call.log_id AND legs.call_id = call.id AND legs.day = call.day
        AND ${days('legs.day')} AND legs.endpoint_role = 'trunk'
      ORDER BY call.start_time DESC, call.log_id DESC, call.id DESC, legs.id`,
    values: values.list,
  }
}

/** The busiest hour of each trunk that was used in the period. */
export async function readBusiestHours(
  db: Reading,
  period: FleetPeriod,
  { long, callLimit }: { readonly long: LongDays; readonly callLimit: number },
): Promise<FleetBusiestHours> {
  const load = createTrunkLoad(period.to)
  const within: Span = { from: period.from, to: period.to }
  let from = period.from
  let step: Walk = firstSpan(within, 'newest', period.to - 1)
  while (step.span !== null) {
    const { sql, values } = trunkCallsStatement({ ...period, ...step.span }, { long, limit: callLimit - load.calls() })
    const rows = await db.rows<Row>(sql, values)
    load.add(rows.map(callRow), callLimit)
    if (load.calls() >= callLimit) {
      from = Math.min(period.to, hourOf(rows.at(-1)) + HOUR_MS)
      break
    }
    step = nextSpan(step, within, { order: 'newest', now: period.to, mostDays: Number.POSITIVE_INFINITY })
  }
  return {
    from,
    to: period.to,
    trunks: load
      .busiest(Math.floor(from / HOUR_MS) * HOUR_MS)
      .map(({ trunk, ...hour }) => ({ ...hour, ...namesOf(trunk) })),
  }
}

// Sites and endpoints have no line break in their names.
const BETWEEN = '\n'

function callRow(row: Row): TrunkCallRow {
  return [
    `${row.log_id} ${row.id}`,
    row.direction,
    `${row.site}${BETWEEN}${row.caller_endpoint}`,
    row.start,
    row.ended,
    row.endpoint === null ? null : `${row.site}${BETWEEN}${row.endpoint}`,
    row.role,
    row.leg_start,
    row.leg_end,
  ]
}

function namesOf(key: string): { readonly site: string; readonly trunk: string } {
  const between = key.indexOf(BETWEEN)
  return { site: key.slice(0, between), trunk: key.slice(between + 1) }
}

function hourOf(row: Row | undefined): number {
  return Math.floor((parseInstant(row?.start ?? null) ?? 0) / HOUR_MS) * HOUR_MS
}
