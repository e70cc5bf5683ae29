// The busiest hour of each trunk: the clock hour (UTC) in which its calls occupied it longest.
//
// Adds them up by query/trunkLoad.ts. Reads the calls of each trunk from an index, hour by hour, the newest first, with their rows, and stops at `callLimit` of them: the hours before that are
// left out as a whole, and the answer says from when on it holds.

import type { Database } from 'better-sqlite3'
import type { BusiestHours, Period } from '../../query/query.ts'
import { createTrunkLoad, type TrunkCallRow } from '../../query/trunkLoad.ts'
import { formatInstant } from '../../time/format.ts'

const HOUR_MS = 3_600_000
const MAX_TRUNKS = 200

/** The next trunk in the log: one index lookup per trunk. */
export const NEXT_TRUNK_SQL = 'SELECT min(trunk) FROM calls INDEXED BY calls_by_trunk WHERE trunk > ?'

/** The calls of a trunk that began in a period, each with its legs on any trunk. */
export const TRUNK_CALLS_SQL = `
  SELECT calls.id, calls.direction, calls.caller_endpoint, calls.start_time, calls.end_time,
    legs.endpoint, legs.role, legs.start_time, legs.end_time
  FROM calls INDEXED BY calls_by_trunk LEFT JOIN legs INDEXED BY legs_by_call
    ON legs.call_id = calls.id AND legs.endpoint_role = 'trunk'
  WHERE calls.trunk = @trunk AND calls.start_time >= @from AND calls.start_time < @to`

/** Returns the busiest hour of each trunk that was used in the period. */
export function trunkHoursReader(db: Database, callLimit: number): (period: Period) => BusiestHours {
  const next = db.prepare<[string], string | null>(NEXT_TRUNK_SQL).pluck()
  const calls = db.prepare<[Readonly<Record<string, string>>], TrunkCallRow>(TRUNK_CALLS_SQL).raw()
  return db.transaction((period: Period) => {
    const trunks = namesOf((after) => next.get(after) ?? null)
    const load = createTrunkLoad(period.to)
    const first = Math.floor(period.from / HOUR_MS) * HOUR_MS
    let from = period.to
    for (let hour = Math.floor((period.to - 1) / HOUR_MS) * HOUR_MS; hour >= first; hour -= HOUR_MS) {
      const range = {
        from: formatInstant(Math.max(hour, period.from)),
        to: formatInstant(Math.min(hour + HOUR_MS, period.to)),
      }
      for (const trunk of trunks) {
        load.add(calls.iterate({ ...range, trunk }), callLimit)
      }
      if (load.calls() >= callLimit) {
        break
      }
      from = Math.max(hour, period.from)
    }
    return { from, to: period.to, trunks: load.busiest(Math.floor(from / HOUR_MS) * HOUR_MS) }
  })
}

function namesOf(next: (after: string) => string | null): readonly string[] {
  const names: string[] = []
  for (let name = next(''); name !== null && names.length < MAX_TRUNKS; name = next(name)) {
    names.push(name)
  }
  return names
}
