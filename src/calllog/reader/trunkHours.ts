// The busiest hour of each trunk: the clock hour (UTC) in which its calls occupied it longest.
//
// A trunk is occupied from the start of a dial attempt, or of an inbound call, until its end, answered or not. Reads the calls of each
// trunk from an index, hour by hour, the newest first, with their rows, and stops at `callLimit` of them: the hours before that are
// left out as a whole, and the answer says from when on it holds.

import type { Database } from 'better-sqlite3'
import type { BusiestHours, Period, TrunkHour } from '../../query/query.ts'
import { formatInstant, parseInstant } from '../../time/format.ts'

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

type Text = string | null
type CallRow = readonly [number, string, string, string, Text, Text, Text, Text, Text]

/** Hour (its start, epoch ms) -> what occupied the trunk in it. */
type Hours = Map<number, { seizures: number; ms: number }>

/** Returns the busiest hour of each trunk that was used in the period. */
export function trunkHoursReader(db: Database, callLimit: number): (period: Period) => BusiestHours {
  const next = db.prepare<[string], string | null>(NEXT_TRUNK_SQL).pluck()
  const calls = db.prepare<[Readonly<Record<string, string>>], CallRow>(TRUNK_CALLS_SQL).raw()
  return db.transaction((period: Period) => {
    const trunks = namesOf((after) => next.get(after) ?? null)
    const load = createLoad(period.to)
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

interface Load {
  /** The rows of calls, each with its legs one after the other, until so many calls were added. */
  readonly add: (rows: Iterable<CallRow>, callLimit: number) => void
  readonly calls: () => number
  /** The busiest hour of each trunk, of those that begin at `from` or later. */
  readonly busiest: (from: number) => readonly TrunkHour[]
}

/** `now`: until when calls that have not ended occupy their trunk. */
function createLoad(now: number): Load {
  const trunks = new Map<string, Hours>()
  let calls = 0

  const occupy = (trunk: string, start: Text, end: Text): void => {
    const from = parseInstant(start)
    if (from === null) {
      return
    }
    const to = Math.max(from, parseInstant(end) ?? now)
    const hours = trunks.get(trunk) ?? new Map()
    trunks.set(trunk, hours)
    for (let hour = Math.floor(from / HOUR_MS) * HOUR_MS; hour === from || hour < to; hour += HOUR_MS) {
      const soFar = hours.get(hour) ?? { seizures: 0, ms: 0 }
      soFar.seizures += hour <= from ? 1 : 0
      soFar.ms += Math.max(0, Math.min(to, hour + HOUR_MS) - Math.max(from, hour))
      hours.set(hour, soFar)
    }
  }

  return {
    add(rows, callLimit) {
      let last = 0
      for (const [id, direction, caller, start, end, endpoint, role, legStart, legEnd] of rows) {
        if (id !== last) {
          if (calls >= callLimit) {
            return
          }
          calls += 1
          // An inbound call has no leg on its trunk; the first party of an originated call has one.
          if ((direction === 'inbound' || direction === 'transit') && role !== 'caller') {
            occupy(caller, start, end)
          }
        }
        last = id
        if (endpoint !== null) {
          occupy(endpoint, legStart, legEnd)
        }
      }
    },
    calls: () => calls,
    busiest: (from) =>
      [...trunks]
        .flatMap(([trunk, hours]) => busiestOf(trunk, hours, from))
        .sort((one, other) => (one.trunk < other.trunk ? -1 : 1)),
  }
}

function busiestOf(trunk: string, hours: Hours, from: number): readonly TrunkHour[] {
  let busiest: TrunkHour | null = null
  for (const [start, { seizures, ms }] of hours) {
    const isBusier = busiest === null || ms > busiest.ms || (ms === busiest.ms && start > busiest.start)
    if (start >= from && isBusier) {
      busiest = { trunk, start, seizures, ms }
    }
  }
  return busiest === null ? [] : [busiest]
}
