// The attempts to call out on each trunk of each site in a period, and the last of them that failed.

import type { FleetPeriod, FleetTrunkSums } from '../../query/fleetQuery.ts'
import { inOrder } from '../../query/nameOrder.ts'
import { TRUNK_FAULTS, type TrunkFault } from '../../query/trunkFigures.ts'
import { parseInstant } from '../../time/format.ts'
import { ofPeriod } from './conditions.ts'
import type { LongDays } from './days.ts'
import type { Statement } from './search.ts'
import type { Reading } from './session.ts'
import { createValues, instantColumn } from './values.ts'

const MAX_TRUNKS = 10_000

/** The sums of each trunk, and its last fault: the last one of the latest call that has one. */
export function trunksStatement(period: FleetPeriod, long: LongDays): Statement {
  const values = createValues()
  const conditions = [
    ...ofPeriod('call_start_time', period, { long, values }),
    `endpoint_role = 'trunk' AND result IS NOT NULL`,
  ]
  const at = instantColumn('coalesce(end_time, start_time)')
  const latest = `ORDER BY call_start_time DESC, log_id DESC, call_id DESC, id DESC`
  const ofFaults = `FILTER (WHERE result IN (${TRUNK_FAULTS.map((one) => `'${one}'`).join(', ')}))`
  return {
    sql: `SELECT site, endpoint AS trunk, count(*)::integer AS attempts,
      (count(*) FILTER (WHERE result = 'answered'))::integer AS answered,
      (array_agg(${at} ${latest}) ${ofFaults})[1] AS at,
      (array_agg(result ${latest}) ${ofFaults})[1] AS result,
      (array_agg(cause ${latest}) ${ofFaults})[1] AS cause
      FROM legs WHERE ${conditions.join(' AND ')} GROUP BY site, endpoint LIMIT ${MAX_TRUNKS}`,
    values: values.list,
  }
}

interface Row {
  readonly site: string
  readonly trunk: string
  readonly attempts: number
  readonly answered: number
  readonly at: string | null
  readonly result: TrunkFault['result'] | null
  readonly cause: number | null
}

/** The figures of each trunk that was tried, by name, then by site. */
export async function readTrunkFigures(
  db: Reading,
  period: FleetPeriod,
  long: LongDays,
): Promise<readonly FleetTrunkSums[]> {
  const { sql, values } = trunksStatement(period, long)
  const rows = await db.rows<Row>(sql, values)
  return rows
    .map(({ at, result, cause, ...sums }) => ({
      ...sums,
      lastFault: at === null || result === null ? null : { at: parseInstant(at) ?? period.from, result, cause },
    }))
    .sort((one, other) => inOrder(one.trunk, other.trunk) || inOrder(one.site, other.site))
}
