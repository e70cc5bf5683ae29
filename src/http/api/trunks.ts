// `/api/trunks`: the trunks of the call log and of TRUNK_CHANNELS, with the calls now, the busiest hour and the lines that it needs.

import { linesNeeded } from '../../query/erlangB.ts'
import type { CallQueries, TrunkHour } from '../../query/query.ts'
import type { Trunks } from '../../query/trunkSchema.ts'
import type { ApiDependencies } from './dependencies.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** The busiest hour is that of so many days. */
const DAYS = 30

/** The share of the calls in the busiest hour that may find no line. */
const BLOCKED = 0.01

/** By name. */
export async function trunks({
  queries,
  trunksNow,
  now,
  signal,
}: Pick<ApiDependencies, 'trunksNow' | 'now'> & {
  readonly queries: Pick<CallQueries, 'busiestHours'>
  readonly signal: AbortSignal
}): Promise<Trunks> {
  const to = now()
  const found = await queries.busiestHours({ from: to - DAYS * DAY_MS, to }, signal)
  const present = trunksNow()
  const hours = new Map(found.trunks.map((hour) => [hour.trunk, hour]))
  const limited = new Map(present.limited.map((one) => [one.trunk, one]))
  const names = [...new Set([...hours.keys(), ...limited.keys()])].sort()
  return {
    from: new Date(found.from).toISOString(),
    to: new Date(to).toISOString(),
    blocked: BLOCKED,
    trunks: names.map((trunk) => ({
      trunk,
      state: limited.get(trunk)?.state ?? 'known',
      channels: limited.get(trunk)?.channels ?? null,
      calls_now: present.calls === null ? null : (present.calls.get(trunk) ?? 0),
      busiest_hour: busiestHour(hours.get(trunk)),
    })),
  }
}

function busiestHour(hour: TrunkHour | undefined): Trunks['trunks'][number]['busiest_hour'] {
  if (hour === undefined) {
    return null
  }
  const erlangs = hour.ms / HOUR_MS
  return {
    start: new Date(hour.start).toISOString(),
    seizures: hour.seizures,
    erlangs: Math.round(erlangs * 1000) / 1000,
    lines_needed: linesNeeded(erlangs, BLOCKED),
  }
}
