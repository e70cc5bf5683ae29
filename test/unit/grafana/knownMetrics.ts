// The metrics that a dashboard may ask for, with their types and labels.
//
// From the catalogue, the recorded names, the runtime's metrics and Prometheus' own: nothing is written here twice.

import { RUNTIME, SCRAPE } from '../../../grafana/otherMetrics.ts'
import { RECORDINGS } from '../../../grafana/recordings.ts'
import { catalogueEntries } from '../../../src/metrics/catalogue/catalogue.ts'
import type { MetricEntry } from '../../../src/metrics/catalogue/entry.ts'

/** `le`: a bucket; `open`: whatever labels an alert has. */
export interface KnownMetric {
  readonly type: 'counter' | 'gauge' | 'bucket'
  readonly labels: readonly string[] | 'open'
}

/** Names of histograms, which are never asked for without a suffix. */
export const HISTOGRAMS: readonly string[] = catalogueEntries()
  .filter(([, { type }]) => type === 'histogram')
  .map(([, { name }]) => name)

const EVERYWHERE: readonly string[] = ['job', 'instance']

/** By the name that stands in PromQL. */
export const KNOWN: ReadonlyMap<string, KnownMetric> = new Map([
  ...catalogueEntries().flatMap(([, entry]) => seriesOf(entry)),
  ...[...Object.values(RUNTIME), ...Object.values(SCRAPE)].flatMap(seriesOf),
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
