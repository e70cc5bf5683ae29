// The metrics of the process and of Node.js, of an exporter and of a fleet.

import { collectDefaultMetrics, type Registry } from 'prom-client'

// Gauges whose names end in _total: promtool rejects them, and other metrics have the same values.
const REMOVED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
] as const

/** Their observers last as long as the process. */
export function addRuntimeMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry })
  for (const name of REMOVED) {
    registry.removeSingleMetric(name)
  }
}
