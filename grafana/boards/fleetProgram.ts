// The program in fleet mode, a part of the fleet's board: whether it reaches the exporters and the central call log.
//
// It belongs to no site, so that these panels are the same whatever site, job or PBX is selected.

import { FLEET_METRICS } from '../../src/metrics/catalogue/fleet.ts'
import { row, type Section } from '../layout.ts'
import { percentiles } from '../panels/graph.ts'
import { higherIsWorse, PLAIN } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { bucketsOfFleet, max, ofFleet, quantile } from '../promql.ts'
import { instant, range } from '../targets.ts'
import { PARTITION_DAYS } from '../thresholds.ts'

const NO_FLEET = 'no fleet'
const EACH = ['instance']
const PER_FLEET = '{{instance}}'

/** The section. */
export function fleetProgramSection(): Section {
  return {
    title: 'Program in fleet mode',
    rows: [row(7, [4, central()], [4, notReached()], [4, partitions()], [12, queryTime()])],
  }
}

function central() {
  return stat(
    {
      title: 'Central call log',
      description: 'Whether PostgreSQL answers each fleet; while it does not, the page of all sites has no lists.',
      unit: 'none',
      none: NO_FLEET,
      rows: true,
      texts: { 1: ['answers', 'green'], 0: ['no answer', 'orange'] },
    },
    instant(max(ofFleet(FLEET_METRICS.fleetCentralUp), EACH), PER_FLEET),
  )
}

function notReached() {
  return stat(
    {
      title: 'Not reached',
      description:
        'Exporters of FLEET_NODES that a fleet does not reach: their live calls are not on the page of all sites.',
      unit: 'short',
      none: NO_FLEET,
      rows: true,
      steps: higherIsWorse({ warning: 1 }),
    },
    instant(max(ofFleet(FLEET_METRICS.fleetNodes, { state: ['unreachable'] }), EACH), PER_FLEET),
  )
}

function partitions() {
  return stat(
    {
      title: 'Days of partitions',
      description: `Days after today for which the central call log has partitions: made a week ahead, orange below ${PARTITION_DAYS}.`,
      unit: 'short',
      none: NO_FLEET,
      rows: true,
      steps: ['orange', [PARTITION_DAYS, PLAIN[0]]],
    },
    instant(max(ofFleet(FLEET_METRICS.fleetPartitionDaysAhead), EACH), PER_FLEET),
  )
}

function queryTime() {
  const query = (share: number) => quantile(share, { of: bucketsOfFleet(FLEET_METRICS.fleetQueryTime) })
  return percentiles(
    {
      title: 'Queries of the central call log',
      description: 'Seconds that queries of the page and the API took, with five or more in each window.',
      unit: 's',
      none: NO_FLEET,
      calculations: ['lastNotNull', 'max'],
    },
    range(query(0.5), 'p50'),
    range(query(0.95), 'p95'),
  )
}
