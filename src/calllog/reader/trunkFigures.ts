// The attempts to call out on each trunk in a period, and the last of them that failed.
//
// Reads the endpoints one by one from an index that covers all columns of the sums, as phoneStats.ts does for phones.

import type { Database } from 'better-sqlite3'
import type { Period } from '../../query/query.ts'
import { TRUNK_FAULTS, type TrunkFault, type TrunkSums } from '../../query/trunkFigures.ts'
import { formatInstant, parseInstant } from '../../time/format.ts'
import { namesReader } from './names.ts'
import { NEXT_ENDPOINT_SQL } from './phoneStats.ts'

const OF_TRUNK = `FROM legs INDEXED BY legs_by_operator
  WHERE endpoint = @trunk AND call_start_time >= @from AND call_start_time < @to AND endpoint_role = 'trunk'`

/** The sums of a trunk. */
export const TRUNK_SQL = `
  SELECT count(*) AS attempts, count(*) FILTER (WHERE result = 'answered') AS answered ${OF_TRUNK} AND result IS NOT NULL`

/** Its last fault: the last one of the latest call that has one. */
export const LAST_FAULT_SQL = `
  SELECT coalesce(end_time, start_time) AS at, result, cause ${OF_TRUNK}
    AND result IN (${TRUNK_FAULTS.map((one) => `'${one}'`).join(', ')})
  ORDER BY call_start_time DESC, call_id DESC, id DESC LIMIT 1`

interface FaultRow {
  readonly at: string
  readonly result: TrunkFault['result']
  readonly cause: number | null
}

type Values = Readonly<Record<string, string>>

/** Returns the figures of each trunk that was tried, by name. */
export function trunkFiguresReader(db: Database): (period: Period) => readonly TrunkSums[] {
  const endpoints = namesReader(db, NEXT_ENDPOINT_SQL)
  const sums = db.prepare<[Values], Pick<TrunkSums, 'attempts' | 'answered'>>(TRUNK_SQL)
  const lastFault = db.prepare<[Values], FaultRow>(LAST_FAULT_SQL)
  return db.transaction((period: Period) => {
    const range = { from: formatInstant(period.from), to: formatInstant(period.to) }
    const found: TrunkSums[] = []
    for (const trunk of endpoints()) {
      const calls = sums.get({ ...range, trunk })
      if (calls !== undefined && calls.attempts > 0) {
        const fault = lastFault.get({ ...range, trunk })
        found.push({
          trunk,
          ...calls,
          lastFault: fault === undefined ? null : { ...fault, at: parseInstant(fault.at) ?? period.from },
        })
      }
    }
    return found
  })
}
