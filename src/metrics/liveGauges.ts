// The gauges: how many and what right now, read from those who know at the moment of the scrape.
//
// Never counted up and down here, so nothing can drift or leak. All series of closed labels are always there; a queue,
// trunk or phone that was once seen stays, at 0. An instant is epoch ms inside and seconds in the metric.

import { DIRECTIONS } from '../call/event.ts'
import { CALL_STATES, type EndpointRole } from '../call/fact.ts'
import type { LiveCount } from '../call/views/liveCounts.ts'
import type { LabelGuard } from './cardinality.ts'
import {
  ENDPOINT_ROLES,
  ENDPOINT_STATES,
  type EndpointState,
  type OpenLabel,
  TRUNK_DIRECTIONS,
} from './catalogue/labelValues.ts'
import { setOperatorStates } from './phoneStateGauge.ts'
import type { Instruments } from './registry.ts'

/** An endpoint as the gauges need it. */
export interface KnownEndpoint {
  readonly endpoint: string
  readonly role: EndpointRole
  readonly state: EndpointState
  /** What the PBX told last, which a lost session does not make untold; the state by default. */
  readonly lastState?: EndpointState
  /** Of the last qualify; null or absent when Asterisk does not tell. */
  readonly roundTripMs?: number | null
}

/** Where the gauges are read from; each function is called once for each scrape. */
export interface LiveSources {
  readonly liveCounts: () => Iterable<LiveCount>
  readonly session: () => {
    readonly inSync: boolean
    readonly asterisk: { readonly version: string; readonly entityId: string; readonly startedAt: number } | null
    /** Channels in our own application; none when absent. */
    readonly stasis?: { readonly count: number; readonly oldestMs: number }
  }
  /** `rows`: calls that ever ended in the log; `pending`: ended calls that are not on disk yet. */
  readonly callLog: () => { readonly rows: number; readonly pending: number; readonly walBytes?: number }
  readonly endpoints: () => Iterable<KnownEndpoint>
}

export type Guards = Readonly<Record<OpenLabel, LabelGuard>>

/** What the gauges are set on. */
export interface GaugeRegistry {
  readonly instruments: Instruments
  readonly guards: Guards
  /** The PBX's time, epoch ms. */
  readonly now: () => number
  /** Calls `read` before each scrape, synchronously. */
  readonly beforeScrape: (read: () => void) => void
}

/** Sets every live gauge from `sources` at each scrape. Until it is called, gauges that depend on them are absent or 0. */
export function registerLiveGauges(registry: GaugeRegistry, sources: LiveSources): void {
  registry.beforeScrape(() => readLiveGauges(registry, sources))
}

function readLiveGauges({ instruments, guards, now: clock }: GaugeRegistry, sources: LiveSources): void {
  const groups = [...sources.liveCounts()].filter((group) => group.count > 0)
  const endpoints = [...sources.endpoints()]
  const now = clock()
  setCalls(instruments, groups, now)
  setTrunks(instruments, guards.trunk, groups)
  setQueues(instruments, guards.queue, { groups, now })
  setOperatorStates(instruments, guards.operator, { groups, endpoints })
  setEndpoints(instruments, guards.endpoint, endpoints)
  setSession(instruments, sources.session())
  const { rows, pending, walBytes = 0 } = sources.callLog()
  instruments.setGauge('calllogRows', {}, rows)
  instruments.setGauge('calllogPending', {}, pending)
  instruments.setGauge('calllogWal', {}, walBytes)
}

function setCalls(instruments: Instruments, groups: readonly LiveCount[], now: number): void {
  for (const direction of DIRECTIONS) {
    for (const state of CALL_STATES) instruments.setGauge('callsActive', { direction, state }, 0)
  }
  let oldestAt = now
  for (const { key, count, oldestAt: since } of groups) {
    if (key.family !== 'calls') continue
    instruments.setGauge('callsActive', { direction: key.direction, state: key.state }, count)
    oldestAt = Math.min(oldestAt, since)
  }
  instruments.setGauge('callsOldestActive', {}, (now - oldestAt) / 1000)
}

function setTrunks(instruments: Instruments, guard: LabelGuard, groups: readonly LiveCount[]): void {
  const seizures = groups.flatMap(({ key, count }) => (key.family === 'trunk' ? [{ ...key, count }] : []))
  const shown = guard.view(seizures.map(({ trunk }) => trunk))
  instruments.clearGauge('trunkCallsActive')
  for (const direction of TRUNK_DIRECTIONS) {
    const active = new Map([...guard.admitted()].map((trunk) => [trunk, 0]))
    for (const seizure of seizures) {
      if (seizure.direction !== direction) continue
      const trunk = shown(seizure.trunk)
      active.set(trunk, (active.get(trunk) ?? 0) + seizure.count)
    }
    for (const [trunk, count] of active) instruments.setGauge('trunkCallsActive', { trunk, direction }, count)
  }
}

interface QueuesNow {
  readonly groups: readonly LiveCount[]
  readonly now: number
}

function setQueues(instruments: Instruments, guard: LabelGuard, { groups, now }: QueuesNow): void {
  const waits = groups.flatMap(({ key, count, oldestAt }) =>
    key.family === 'queue' ? [{ queue: key.queue, count, oldestAt }] : [],
  )
  const shown = guard.view(waits.map(({ queue }) => queue))
  const queues = new Map([...guard.admitted()].map((queue) => [queue, { count: 0, oldestAt: now }]))
  for (const wait of waits) {
    const queue = shown(wait.queue)
    const sofar = queues.get(queue) ?? { count: 0, oldestAt: now }
    queues.set(queue, { count: sofar.count + wait.count, oldestAt: Math.min(sofar.oldestAt, wait.oldestAt) })
  }
  instruments.clearGauge('queueWaiting')
  instruments.clearGauge('queueOldestWait')
  for (const [queue, { count, oldestAt }] of queues) {
    instruments.setGauge('queueWaiting', { queue }, count)
    instruments.setGauge('queueOldestWait', { queue }, (now - oldestAt) / 1000)
  }
}

function setEndpoints(instruments: Instruments, guard: LabelGuard, known: readonly KnownEndpoint[]): void {
  for (const role of ENDPOINT_ROLES) {
    for (const state of ENDPOINT_STATES) {
      const count = known.filter((each) => each.role === role && each.state === state).length
      instruments.setGauge('endpoints', { role, state }, count)
    }
  }
  const watched = known.filter(({ state }) => state !== 'unknown')
  const shown = guard.view(watched.map(({ endpoint }) => endpoint))
  instruments.clearGauge('endpointUp')
  // Those that are down come last, so that one of them is enough to bring a shared `other` down.
  for (const state of ['online', 'offline']) {
    for (const each of watched) {
      if (each.state !== state) continue
      instruments.setGauge(
        'endpointUp',
        { endpoint: shown(each.endpoint), role: each.role },
        state === 'online' ? 1 : 0,
      )
    }
  }
  setRoundTrips(instruments, shown, watched)
}

function setRoundTrips(
  instruments: Instruments,
  shown: (name: string) => string,
  watched: readonly KnownEndpoint[],
): void {
  instruments.clearGauge('endpointRoundTrip')
  const told = watched.flatMap((each) => (each.roundTripMs == null ? [] : [{ ...each, roundTripMs: each.roundTripMs }]))
  // The longest comes last, so that it is what a shared `other` shows.
  for (const { endpoint, role, roundTripMs } of told.sort((one, other) => one.roundTripMs - other.roundTripMs))
    instruments.setGauge('endpointRoundTrip', { endpoint: shown(endpoint), role }, roundTripMs / 1000)
}

function setSession(instruments: Instruments, session: ReturnType<LiveSources['session']>): void {
  instruments.setGauge('up', {}, session.inSync ? 1 : 0)
  instruments.setGauge('stasisWaiting', {}, session.stasis?.count ?? 0)
  instruments.setGauge('stasisOldestWait', {}, (session.stasis?.oldestMs ?? 0) / 1000)
  instruments.clearGauge('info')
  instruments.clearGauge('startTime')
  const { asterisk } = session
  if (asterisk === null) return
  instruments.setGauge('info', { version: asterisk.version, entity_id: asterisk.entityId }, 1)
  instruments.setGauge('startTime', {}, asterisk.startedAt / 1000)
}
