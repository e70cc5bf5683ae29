// One step of a sum, with the labels that the catalogue allows for it.
//
// Only a type: the catalogue decides which metric takes which labels, and the compiler holds us to it.

import type { CounterKey, HistogramKey, LabelsOf } from './catalogue/catalogue.ts'

/** A counter grows by `value`, a histogram takes `value` in; in the metric's own unit (seconds, ratio, pieces). */
export type Observation = {
  [Metric in CounterKey | HistogramKey]: {
    readonly metric: Metric
    readonly labels: LabelsOf<Metric>
    readonly value: number
  }
}[CounterKey | HistogramKey]
