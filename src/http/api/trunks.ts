// `/api/trunks`: the trunks of Asterisk, of the call log and of TRUNK_CHANNELS, with the calls now, what became of the attempts of today,
// the busiest hour and the lines that it needs.

import { linesNeeded } from '../../query/erlangB.ts'
import type { CallQueries, TrunkHour } from '../../query/query.ts'
import type { TrunkSums } from '../../query/trunkFigures.ts'
import type { TrunkEntry, Trunks } from '../../query/trunkSchema.ts'
import { dayStart } from '../../time/clock.ts'
import { isoInstant } from '../../time/format.ts'
import type { AskBusiestHours } from './busiestHours.ts'
import type { ApiDependencies } from './dependencies.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** The busiest hour is that of so many days. */
export const DAYS = 30

/** The share of the calls in the busiest hour that may find no line. */
const BLOCKED = 0.01

/** The periods of the answer at an instant. */
export function trunkPeriods(now: number) {
  return { month: { from: now - DAYS * DAY_MS, to: now }, today: { from: dayStart(now), to: now } }
}

/** By name. */
export async function trunks({
  queries,
  busiestHours,
  trunksNow,
  endpoints,
  now,
  signal,
}: Pick<ApiDependencies, 'trunksNow' | 'endpoints' | 'now'> & {
  readonly queries: Pick<CallQueries, 'trunkFigures'>
  readonly busiestHours: AskBusiestHours
  readonly signal: AbortSignal
}): Promise<Trunks> {
  const { month, today } = trunkPeriods(now())
  const found = await busiestHours(month, signal)
  const sums = new Map((await queries.trunkFigures(today, signal)).map((one) => [one.trunk, one]))
  const present = trunksNow()
  const hours = new Map(found.trunks.map((hour) => [hour.trunk, hour]))
  const limited = new Map(present.limited.map((one) => [one.trunk, one]))
  const all = [...endpoints()]
  const states = new Map(all.map(({ endpoint, state }) => [endpoint, state === 'unknown' ? null : state]))
  const configured = all.filter(({ role }) => role === 'trunk').map(({ endpoint }) => endpoint)
  const names = [...new Set([...hours.keys(), ...limited.keys(), ...sums.keys(), ...configured])].sort()
  return {
    ...askedOfTrunks(found.from, today),
    trunks: names.map((trunk) => ({
      trunk,
      state: limited.get(trunk)?.state ?? 'known',
      channels: limited.get(trunk)?.channels ?? null,
      calls_now: present.calls === null ? null : (present.calls.get(trunk) ?? 0),
      endpoint_state: states.get(trunk) ?? null,
      ...trunkFigures(hours.get(trunk), sums.get(trunk)),
    })),
  }
}

/** The parts of the answer that say of when it is; `from`: since when the busiest hour was looked for. */
export function askedOfTrunks(from: number, { from: todayFrom, to }: { readonly from: number; readonly to: number }) {
  return { from: isoInstant(from), to: isoInstant(to), today_from: isoInstant(todayFrom), blocked: BLOCKED }
}

/** What a call log has of a trunk. */
export function trunkFigures(
  hour: Omit<TrunkHour, 'trunk'> | undefined,
  sums: Omit<TrunkSums, 'trunk'> = { attempts: 0, answered: 0, lastFault: null },
): Pick<TrunkEntry, 'today' | 'busiest_hour'> {
  const { attempts, answered, lastFault } = sums
  return {
    today: {
      attempts,
      answered,
      answered_share: attempts === 0 ? null : answered / attempts,
      last_fault: lastFault && { time: isoInstant(lastFault.at), result: lastFault.result, cause: lastFault.cause },
    },
    busiest_hour: busiestHour(hour),
  }
}

function busiestHour(hour: Omit<TrunkHour, 'trunk'> | undefined): TrunkEntry['busiest_hour'] {
  if (hour === undefined) {
    return null
  }
  const erlangs = hour.ms / HOUR_MS
  return {
    start: isoInstant(hour.start),
    seizures: hour.seizures,
    erlangs: Math.round(erlangs * 1000) / 1000,
    lines_needed: linesNeeded(erlangs, BLOCKED),
  }
}
