// The load of trunks: the clock hours (UTC) in which calls occupied each of them, and the busiest.
//
// A trunk is occupied from the start of a dial attempt, or of an inbound call, until its end, answered or not.

import { parseInstant } from '../time/format.ts'
import type { TrunkHour } from './query.ts'

const HOUR_MS = 3_600_000

type Text = string | null

/** A call on a trunk with one of its legs on any trunk, or with none. Instants as the call log writes them. */
export type TrunkCallRow = readonly [
  id: number | string,
  direction: string,
  callerEndpoint: string,
  start: string,
  end: Text,
  endpoint: Text,
  role: Text,
  legStart: Text,
  legEnd: Text,
]

/** Hour (its start, epoch ms) -> what occupied the trunk in it. */
type Hours = Map<number, { seizures: number; ms: number }>

export interface TrunkLoad {
  /** The rows of calls, each with its legs one after the other, until so many calls were added. */
  readonly add: (rows: Iterable<TrunkCallRow>, callLimit: number) => void
  readonly calls: () => number
  /** The busiest hour of each trunk, of those that begin at `from` or later. */
  readonly busiest: (from: number) => readonly TrunkHour[]
}

/** Nothing yet. `now`: until when calls that have not ended occupy their trunk. */
export function createTrunkLoad(now: number): TrunkLoad {
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
      let last: number | string | null = null
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
