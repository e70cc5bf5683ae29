// `/api/queues` and `/api/trunks` of a fleet: what the central call log has, and who waits by the live calls of the nodes.
//
// What only the exporter of a site knows is null: its agents, since when its callers wait, its endpoints and TRUNK_CHANNELS.

import type { FleetBusiestHours, FleetPeriod, OfSites } from '../../query/fleetQuery.ts'
import type { FleetQueueNow, FleetQueues, FleetTrunks } from '../../query/fleetSchema.ts'
import { inOrder } from '../../query/nameOrder.ts'
import { type QueuePeriod, queueFigures } from '../../query/queueFigures.ts'
import type { AskBusiestHours } from './busiestHours.ts'
import type { FleetApiDependencies } from './fleetDependencies.ts'
import { askedOfQueues } from './queues.ts'
import { askedOfTrunks, trunkFigures, trunkPeriods } from './trunks.ts'

/** The queues that have callers or calls, by name, then by site. */
export async function fleetQueues(
  period: QueuePeriod & OfSites,
  { queries, nodes, live, now }: FleetApiDependencies,
  signal: AbortSignal,
): Promise<FleetQueues> {
  const found = await queries.queueFigures(period, signal)
  const known = new Set(
    nodes().flatMap(({ site, state, in_sync }) => (state === 'live' && in_sync ? (site ?? []) : [])),
  )
  const queues = new Map<string, FleetQueueNow>()
  const put = (
    one: { readonly site: string; readonly queue: string },
    sums?: (typeof found)[number],
  ): FleetQueueNow => {
    const key = keyOf(one)
    const entry = queues.get(key) ?? {
      queue: one.queue,
      site: one.site,
      waiting: known.has(one.site) ? 0 : null,
      ...{ longest_wait_seconds: null, agents: null },
      ...queueFigures(sums),
    }
    queues.set(key, entry)
    return entry
  }
  for (const sums of found) {
    put(sums, sums)
  }
  for (const { site, queue, state } of live()) {
    if (queue !== null && state === 'queued' && known.has(site) && (period.site?.includes(site) ?? true)) {
      const entry = put({ site, queue })
      queues.set(keyOf(entry), { ...entry, waiting: (entry.waiting ?? 0) + 1 })
    }
  }
  return {
    ...askedOfQueues(period, now()),
    queues: [...queues.values()].sort((one, other) => inOrder(one.queue, other.queue) || inOrder(one.site, other.site)),
  }
}

/** The trunks that have had calls, by name, then by site. */
export async function fleetTrunks(
  { site }: OfSites,
  {
    queries,
    busiestHours,
    now,
  }: Pick<FleetApiDependencies, 'queries' | 'now'> & {
    readonly busiestHours: AskBusiestHours<FleetPeriod, FleetBusiestHours>
  },
  signal: AbortSignal,
): Promise<FleetTrunks> {
  const { month, today } = trunkPeriods(now())
  const ofSites = (period: FleetPeriod): FleetPeriod => ({ ...period, ...(site !== undefined && { site }) })
  const found = await busiestHours(ofSites(month), signal)
  const tried = await queries.trunkFigures(ofSites(today), signal)
  const hours = new Map(found.trunks.map((hour) => [keyOf(hour), hour]))
  const sums = new Map(tried.map((one) => [keyOf(one), one]))
  const names = new Map([...found.trunks, ...tried].map((one) => [keyOf(one), { trunk: one.trunk, site: one.site }]))
  const trunks = [...names].map(([key, name]) => ({
    ...{ ...name, state: 'known' as const },
    ...{ channels: null, calls_now: null, endpoint_state: null },
    ...trunkFigures(hours.get(key), sums.get(key)),
  }))
  return {
    ...askedOfTrunks(found.from, today),
    trunks: trunks.sort((one, other) => inOrder(one.trunk, other.trunk) || inOrder(one.site, other.site)),
  }
}

function keyOf(one: { readonly site: string; readonly queue?: string; readonly trunk?: string }): string {
  return JSON.stringify([one.site, one.queue ?? one.trunk])
}
