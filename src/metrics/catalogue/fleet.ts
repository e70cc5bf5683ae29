// Catalogue of metrics, the program in fleet mode. It has these and those of EXPORTER_METRICS that a fleet has too, and no others.

import { NODE_STATES } from '../../http/live/fleetMessage.ts'
import type { MetricFamily, OwnMetric } from './entry.ts'
import { EXPORTER_METRICS } from './self.ts'

/** How well a fleet does its work. */
export const FLEET_METRICS = {
  fleetNodes: {
    type: 'gauge',
    name: 'asterisk_fleet_nodes',
    stability: 'experimental',
    help: 'Exporters of FLEET_NODES by state: live while their calls are known.',
    labels: { state: NODE_STATES },
  },
  fleetCallsActive: {
    type: 'gauge',
    name: 'asterisk_fleet_calls_active',
    stability: 'experimental',
    help: 'Active calls of all live nodes.',
    labels: {},
  },
  fleetCentralUp: {
    type: 'gauge',
    name: 'asterisk_fleet_central_up',
    stability: 'experimental',
    help: '1 while the central call log answers, else 0.',
    labels: {},
  },
  fleetPartitionDaysAhead: {
    type: 'gauge',
    name: 'asterisk_fleet_partition_days_ahead',
    stability: 'experimental',
    help: 'Days after today for which the central call log has partitions; 0 if tomorrow has none. No value while it is not known, and without partitions.',
    labels: {},
  },
  fleetQueryTime: {
    type: 'histogram',
    name: 'asterisk_fleet_query_seconds',
    stability: 'experimental',
    help: 'Seconds that each query of the central call log took, by how it ended.',
    labels: { outcome: ['answered', 'failed', 'aborted'] },
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    persisted: false,
  },
} satisfies MetricFamily

/** All metrics of a fleet, in the order of the documentation. */
export const FLEET_CATALOGUE: readonly OwnMetric[] = [
  ...Object.values(FLEET_METRICS),
  EXPORTER_METRICS.buildInfo,
  EXPORTER_METRICS.httpAuthFailures,
  EXPORTER_METRICS.logLinesDropped,
]
