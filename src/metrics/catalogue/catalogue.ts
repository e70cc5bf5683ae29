// Every metric of the exporter, except the runtime's own `process_*` and `nodejs_*`.
//
// Metric names are written only in the files that it combines. Tests compare dashboards, rules and README with it, in both
// directions.

import { CALLBACK_METRICS } from './callback.ts'
import { CALL_METRICS } from './calls.ts'
import { DESTINATION_METRICS } from './destinations.ts'
import type { LabelsFor, MetricEntry, OwnMetric } from './entry.ts'
import { LEG_METRICS } from './legs.ts'
import { OUTBOX_METRICS } from './outbox.ts'
import { PARTY_METRICS } from './parties.ts'
import { EXPORTER_METRICS } from './self.ts'
import { STAFFING_METRICS } from './staffing.ts'
import { TOLL_METRICS } from './toll.ts'

/** All metrics by key: name, type, help, labels with their values, buckets, and whether they are persisted. */
export const CATALOGUE = {
  ...CALL_METRICS,
  ...CALLBACK_METRICS,
  ...PARTY_METRICS,
  ...DESTINATION_METRICS,
  ...TOLL_METRICS,
  ...STAFFING_METRICS,
  ...LEG_METRICS,
  ...EXPORTER_METRICS,
  ...OUTBOX_METRICS,
}

type Catalogue = typeof CATALOGUE

/** The name of a metric in the code. */
export type MetricKey = keyof Catalogue

type KeyOfType<Type extends MetricEntry['type']> = {
  [Key in MetricKey]: Catalogue[Key]['type'] extends Type ? Key : never
}[MetricKey]

export type CounterKey = KeyOfType<'counter'>
export type GaugeKey = KeyOfType<'gauge'>
export type HistogramKey = KeyOfType<'histogram'>

/** The labels of one metric with the values that each may have. */
export type LabelsOf<Key extends MetricKey> = LabelsFor<Catalogue[Key]['labels']>

/** The catalogue as a list, in the order of the documentation. */
export function catalogueEntries(): readonly (readonly [MetricKey, OwnMetric])[] {
  const byKey: Readonly<Record<MetricKey, OwnMetric>> = CATALOGUE
  const entries: [MetricKey, OwnMetric][] = []
  for (const key in CATALOGUE) {
    if (isMetricKey(key)) {
      entries.push([key, byKey[key]])
    }
  }
  return entries
}

function isMetricKey(key: string): key is MetricKey {
  return Object.hasOwn(CATALOGUE, key)
}

export function isCounterKey(key: MetricKey): key is CounterKey {
  return CATALOGUE[key].type === 'counter'
}

export function isHistogramKey(key: MetricKey): key is HistogramKey {
  return CATALOGUE[key].type === 'histogram'
}
