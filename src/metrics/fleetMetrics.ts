// The metrics of the program in fleet mode. They start at 0 with each process.

import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { NODE_STATES } from '../http/live/fleetMessage.ts'
import { FLEET_METRICS } from './catalogue/fleet.ts'
import { EXPORTER_METRICS } from './catalogue/self.ts'
import { type Exposition, type ExpositionFormat, expositionOf } from './exposition.ts'
import { addRuntimeMetrics } from './runtimeMetrics.ts'

export interface FleetMetricsOptions {
  readonly version: string
  readonly revision: string
  readonly nodeVersion: string
  /** Whether to add the metrics of the process and of Node.js; default true. */
  readonly runtimeMetrics?: boolean
}

/** What is read at each scrape. */
export interface FleetSources {
  readonly nodeStates: () => readonly (typeof NODE_STATES)[number][]
  readonly callsActive: () => number
  readonly isCentralUp: () => boolean
  /** Null: there is nothing to show. */
  readonly partitionDaysAhead: () => number | null
  /** Log lines dropped so far. */
  readonly linesDropped: () => number
}

export type QueryOutcome = (typeof FLEET_METRICS.fleetQueryTime.labels.outcome)[number]

export interface FleetMetrics {
  /** A query of the central call log ended after so many seconds. */
  query(outcome: QueryOutcome, seconds: number): void
  /** A wrong password or token was sent over HTTP. */
  loginFailure(): void
  expose(format?: ExpositionFormat): Promise<Exposition>
}

export function createFleetMetrics(options: FleetMetricsOptions, sources: FleetSources): FleetMetrics {
  const registry = new Registry()
  const registers = [registry]
  const based = <L extends object>({ name, help, labels }: { name: string; help: string; labels: L }) => ({
    ...{ name, help, registers },
    labelNames: Object.keys(labels),
  })
  const nodes = new Gauge(based(FLEET_METRICS.fleetNodes))
  const callsActive = new Gauge(based(FLEET_METRICS.fleetCallsActive))
  const centralUp = new Gauge(based(FLEET_METRICS.fleetCentralUp))
  const partitionDaysAhead = new Gauge(based(FLEET_METRICS.fleetPartitionDaysAhead))
  const queryTime = new Histogram({
    ...based(FLEET_METRICS.fleetQueryTime),
    buckets: FLEET_METRICS.fleetQueryTime.buckets,
  })
  const buildInfo = new Gauge(based(EXPORTER_METRICS.buildInfo))
  const authFailures = new Counter(based(EXPORTER_METRICS.httpAuthFailures))
  const linesDropped = new Counter(based(EXPORTER_METRICS.logLinesDropped))
  for (const outcome of FLEET_METRICS.fleetQueryTime.labels.outcome) {
    queryTime.zero({ outcome })
  }
  buildInfo.set({ version: options.version, revision: options.revision, node_version: options.nodeVersion }, 1)
  if (options.runtimeMetrics !== false) {
    addRuntimeMetrics(registry)
  }
  let dropped = 0

  const collect = (): void => {
    const states = sources.nodeStates()
    for (const state of NODE_STATES) {
      nodes.set({ state }, states.filter((each) => each === state).length)
    }
    callsActive.set(sources.callsActive())
    centralUp.set(sources.isCentralUp() ? 1 : 0)
    const daysAhead = sources.partitionDaysAhead()
    if (daysAhead === null) {
      partitionDaysAhead.remove()
    } else {
      partitionDaysAhead.set(daysAhead)
    }
    linesDropped.inc(sources.linesDropped() - dropped)
    dropped = sources.linesDropped()
  }
  return {
    query: (outcome, seconds) => queryTime.observe({ outcome }, seconds),
    loginFailure: () => authFailures.inc(),
    async expose(format = 'text') {
      collect()
      return await expositionOf(registry, format)
    },
  }
}
