// The program in fleet mode over the simulated office, as Prometheus scrapes it: its metrics, with PostgreSQL away for a while and an
// exporter that it does not reach.

import { createFleetMetrics } from '../../../src/metrics/fleetMetrics.ts'
import { createStamper } from './scrapedSamples.ts'

export interface FleetOptions {
  readonly startedAt: number
  /** How many exporters it watches. */
  readonly nodes: number
  /** From when on one of them is not reached, and from when to when PostgreSQL does not answer; epoch seconds. */
  readonly unreachableFrom: number
  readonly away: { readonly start: number; readonly end: number }
}

/** What is scraped at an instant, in epoch seconds. */
export function openFleet(options: FleetOptions): (at: number) => Promise<string> {
  const { startedAt, nodes, unreachableFrom, away } = options
  let now = startedAt
  const isAway = () => now >= away.start && now < away.end
  const metrics = createFleetMetrics(
    { version: '1.0.0', revision: 'unknown', nodeVersion: '24.0.0', runtimeMetrics: false },
    {
      nodeStates: () =>
        Array.from({ length: nodes }, (_, node) => (node === 0 && now >= unreachableFrom ? 'unreachable' : 'live')),
      callsActive: () => nodes,
      isCentralUp: () => !isAway(),
      partitionDaysAhead: () => (isAway() ? null : 7),
      linesDropped: () => 0,
    },
  )
  const stamp = createStamper({
    target: { job: 'asterisk-fleet', instance: 'fleet:9746' },
    processStartedAt: () => startedAt,
  })
  return async (at) => {
    now = at
    // The lists of an open page, and now and then a search.
    for (const seconds of isAway() ? [] : [0.004, 0.012, 0.03, at % 120 === 0 ? 0.4 : 0.008]) {
      metrics.query('answered', seconds)
    }
    const { body } = await metrics.expose()
    return stamp(body, at)
  }
}
