// The gauges that describe this moment, read from their owners at each scrape.
//
// Nothing is incremented and decremented here, so that no value can drift. All series of closed labels always exist. The series of a
// queue, trunk or phone that occurred once stay, at 0. Instants are epoch ms here and seconds in the metrics.

import { DIRECTIONS } from '../call/event.ts'
import { CALL_STATES } from '../call/fact.ts'
import type { LiveCount } from '../call/views/liveCounts.ts'
import type { MissedCaller } from '../callback/missedCaller.ts'
import type { Agent, QueueStaffing } from '../staffing/agent.ts'
import type { LabelLimiter, LabelLimiters } from './cardinality.ts'
import { TRUNK_DIRECTIONS } from './catalogue/labelValues.ts'
import { type KnownEndpoint, setEndpoints } from './endpointGauges.ts'
import { setMissedCallers } from './missedCallerGauges.ts'
import { type OutboxState, setOutbox } from './outboxMetrics.ts'
import { setOperatorStates } from './phoneStateGauge.ts'
import { setQueueAgents } from './queueAgentGauges.ts'
import type { Instruments } from './registry.ts'
import { setToll, type TollSource } from './tollGauges.ts'
import { setTrunkCapacities, type TrunkCapacity } from './trunkCapacity.ts'
import { type KnownVoice, setLegsLive } from './voiceGauge.ts'

/** Where the gauges are read from; each function is called once for each scrape. */
export interface LiveSources {
  readonly liveCounts: () => Iterable<LiveCount>
  readonly session: () => {
    readonly inSync: boolean
    readonly asterisk: { readonly version: string; readonly entityId: string; readonly startedAt: number } | null
    /** Channels in our Stasis application; unset: none. */
    readonly stasis?: { readonly count: number; readonly oldestMs: number }
    /** Events that wait to be handled; unset: none. */
    readonly queued?: { readonly bytes: number; readonly oldestMs: number }
  }
  /** `rows`: ended calls that were ever written to it; `pending`: ended calls that are not on disk yet. */
  readonly callLog: () => { readonly rows: number; readonly pending: number; readonly walBytes?: number }
  /** What waits for each sink that is configured; unset: there is none. */
  readonly outbox?: () => Iterable<OutboxState>
  readonly endpoints: () => Iterable<KnownEndpoint>
  /** How many calls trunks can carry; unset: not known of any. */
  readonly trunkCapacities?: readonly TrunkCapacity[]
  /** Those who wait; unset: none. */
  readonly missedCallers?: () => Iterable<MissedCaller>
  /** The legs whose voice is known; unset or null: none can be, because Asterisk is not asked. */
  readonly voice?: () => Iterable<KnownVoice> | null
  /** Unset: there are no toll calls, and no series. */
  readonly toll?: TollSource
  /** What is known of queues at a time (epoch ms), and of their agents; unset: nothing. */
  readonly staffing?: { queues(at: number): Iterable<QueueStaffing>; agents(): Iterable<Agent> }
}

/** What the gauges are set on. */
export interface GaugeRegistry {
  readonly instruments: Instruments
  readonly limiters: LabelLimiters
  /** The PBX's time, epoch ms. */
  readonly now: () => number
  /** Calls `read` before each scrape, synchronously. */
  readonly beforeScrape: (read: () => void) => void
}

/** Sets every live gauge from `sources` at each scrape. Until it is called, gauges that depend on them are absent or 0. */
export function registerLiveGauges(registry: GaugeRegistry, sources: LiveSources): void {
  registry.beforeScrape(() => readLiveGauges(registry, sources))
}

function readLiveGauges({ instruments, limiters, now: clock }: GaugeRegistry, sources: LiveSources): void {
  const groups = [...sources.liveCounts()].filter((group) => group.count > 0)
  const endpoints = [...sources.endpoints()]
  const now = clock()
  setCalls(instruments, groups, now)
  setTrunks(instruments, limiters.trunk, groups)
  setTrunkCapacities(instruments, limiters.trunk, sources.trunkCapacities ?? [])
  setQueues(instruments, limiters.queue, { groups, now })
  setMissedCallers(instruments, limiters.queue, { callers: sources.missedCallers?.() ?? [], now })
  setQueueAgents(instruments, limiters.queue, { queues: [...(sources.staffing?.queues(now) ?? [])], now })
  const agents = sources.staffing?.agents() ?? []
  setOperatorStates(instruments, limiters.operator, { groups, endpoints, agents })
  setEndpoints(instruments, limiters.endpoint, endpoints)
  setLegsLive(instruments, sources.voice?.() ?? null)
  if (sources.toll !== undefined) {
    setToll(instruments, limiters.country, { toll: sources.toll, now })
  }
  setSession(instruments, sources.session())
  const { rows, pending, walBytes = 0 } = sources.callLog()
  instruments.setCounter('calllogCallsWritten', rows)
  instruments.setGauge('calllogPending', {}, pending)
  instruments.setGauge('calllogWal', {}, walBytes)
  setOutbox(instruments, sources.outbox?.() ?? [])
}

function setCalls(instruments: Instruments, groups: readonly LiveCount[], now: number): void {
  for (const direction of DIRECTIONS) {
    for (const state of CALL_STATES) {
      instruments.setGauge('callsActive', { direction, state }, 0)
    }
  }
  let oldestAt = now
  for (const { key, count, oldestAt: since } of groups) {
    if (key.family !== 'calls') {
      continue
    }
    instruments.setGauge('callsActive', { direction: key.direction, state: key.state }, count)
    oldestAt = Math.min(oldestAt, since)
  }
  instruments.setGauge('callsOldestActive', {}, (now - oldestAt) / 1000)
}

function setTrunks(instruments: Instruments, limiter: LabelLimiter, groups: readonly LiveCount[]): void {
  const seizures = groups.flatMap(({ key, count }) => (key.family === 'trunk' ? [{ ...key, count }] : []))
  const shown = limiter.forScrape(seizures.map(({ trunk }) => trunk))
  instruments.clearGauge('trunkCallsActive')
  for (const direction of TRUNK_DIRECTIONS) {
    const active = new Map([...limiter.registered()].map((trunk) => [trunk, 0]))
    for (const seizure of seizures) {
      if (seizure.direction !== direction) {
        continue
      }
      const trunk = shown(seizure.trunk)
      active.set(trunk, (active.get(trunk) ?? 0) + seizure.count)
    }
    for (const [trunk, count] of active) {
      instruments.setGauge('trunkCallsActive', { trunk, direction }, count)
    }
  }
}

interface QueuesNow {
  readonly groups: readonly LiveCount[]
  readonly now: number
}

function setQueues(instruments: Instruments, limiter: LabelLimiter, { groups, now }: QueuesNow): void {
  const waits = groups.flatMap(({ key, count, oldestAt }) =>
    key.family === 'queue' ? [{ queue: key.queue, count, oldestAt }] : [],
  )
  const shown = limiter.forScrape(waits.map(({ queue }) => queue))
  const queues = new Map([...limiter.registered()].map((queue) => [queue, { count: 0, oldestAt: now }]))
  for (const wait of waits) {
    const queue = shown(wait.queue)
    const soFar = queues.get(queue) ?? { count: 0, oldestAt: now }
    queues.set(queue, { count: soFar.count + wait.count, oldestAt: Math.min(soFar.oldestAt, wait.oldestAt) })
  }
  instruments.clearGauge('queueWaiting')
  instruments.clearGauge('queueOldestWait')
  for (const [queue, { count, oldestAt }] of queues) {
    instruments.setGauge('queueWaiting', { queue }, count)
    instruments.setGauge('queueOldestWait', { queue }, (now - oldestAt) / 1000)
  }
}

function setSession(instruments: Instruments, session: ReturnType<LiveSources['session']>): void {
  instruments.setGauge('up', {}, session.inSync ? 1 : 0)
  instruments.setGauge('stasisWaiting', {}, session.stasis?.count ?? 0)
  instruments.setGauge('stasisOldestWait', {}, (session.stasis?.oldestMs ?? 0) / 1000)
  instruments.setGauge('queueBytes', {}, session.queued?.bytes ?? 0)
  instruments.setGauge('queueLag', {}, (session.queued?.oldestMs ?? 0) / 1000)
  instruments.clearGauge('info')
  instruments.clearGauge('startTime')
  const { asterisk } = session
  if (asterisk === null) {
    return
  }
  instruments.setGauge('info', { version: asterisk.version, entity_id: asterisk.entityId }, 1)
  instruments.setGauge('startTime', {}, asterisk.startedAt / 1000)
}
