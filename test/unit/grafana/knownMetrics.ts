// The metrics that a dashboard may query, with their types and labels.
//
// From the catalogue, the recorded names, and the metrics of the runtime and of Prometheus.

import { ASTERISK, RUNTIME, SCRAPE } from '../../../grafana/otherMetrics.ts'
import { RECORDINGS } from '../../../grafana/recordings.ts'
import { catalogueEntries } from '../../../src/metrics/catalogue/catalogue.ts'
import type { MetricEntry } from '../../../src/metrics/catalogue/entry.ts'
import { FLEET_METRICS } from '../../../src/metrics/catalogue/fleet.ts'

/** `le`: a bucket; `open`: an alert, which may have any labels. */
export interface KnownMetric {
  readonly type: 'counter' | 'gauge' | 'bucket'
  readonly labels: readonly string[] | 'open'
}

const EVERYWHERE: readonly string[] = ['cluster', 'job', 'instance']

/** Names of histograms, which need a suffix in queries. */
export const HISTOGRAMS: readonly string[] = [
  ...catalogueEntries().map(([, entry]) => entry),
  ...Object.values(FLEET_METRICS),
]
  .filter(({ type }) => type === 'histogram')
  .map(({ name }) => name)

/** Metrics of the program in fleet mode by their names in PromQL: they belong to no PBX. */
export const OF_FLEET: ReadonlyMap<string, KnownMetric> = new Map(Object.values(FLEET_METRICS).flatMap(seriesOf))

/** Metrics by their names in PromQL. */
export const KNOWN: ReadonlyMap<string, KnownMetric> = new Map([
  ...catalogueEntries().flatMap(([, entry]) => seriesOf(entry)),
  ...OF_FLEET,
  ...[RUNTIME, SCRAPE, ASTERISK].flatMap((family) => Object.values(family)).flatMap(seriesOf),
  ...Object.values(RECORDINGS).flatMap(({ name, windows, labels }) =>
    windows.map((window): [string, KnownMetric] => [
      `${name}${window}`,
      { type: 'gauge', labels: [...EVERYWHERE, ...labels] },
    ]),
  ),
  ['ALERTS', { type: 'gauge', labels: 'open' }] as const,
])

function seriesOf({ name, type, labels }: MetricEntry): [string, KnownMetric][] {
  const all = [...EVERYWHERE, ...Object.keys(labels)]
  if (type !== 'histogram') {
    return [[name, { type, labels: all }]]
  }
  return [
    [`${name}_bucket`, { type: 'bucket', labels: [...all, 'le'] }],
    [`${name}_count`, { type: 'counter', labels: all }],
    [`${name}_sum`, { type: 'counter', labels: all }],
  ]
}
