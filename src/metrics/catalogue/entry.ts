// What the catalogue says of one metric.
//
// Types only. Never holds a metric's name or any value: those are in the catalogue's own files.
// Source of the rules: Prometheus naming (base units, `_total` for counters) and the exposition format.

/**
 * The values that a label can have: a closed list; `open` (names from the PBX, capped, the rest is `other`);
 * `given` (a closed list that its owner hands in at start); `info` (one series, whatever the value).
 */
export type LabelValues = readonly string[] | 'open' | 'given' | 'info'

/** What every metric has. `help` is one sentence that names the unit. */
interface Described {
  readonly name: string
  readonly help: string
  readonly labels: Readonly<Record<string, LabelValues>>
}

/** `kept`: its sums live in the call log and go on after a restart. */
export interface CounterEntry extends Described {
  readonly type: 'counter'
  readonly kept: boolean
}

export interface GaugeEntry extends Described {
  readonly type: 'gauge'
}

/**
 * `buckets`: upper bounds, rising, in the metric's unit; `+Inf` is understood. `exemplars`: each bucket tells the call
 * that its latest value came from.
 */
export interface HistogramEntry extends Described {
  readonly type: 'histogram'
  readonly kept: boolean
  readonly exemplars?: true
  readonly buckets: readonly number[]
}

export type MetricEntry = CounterEntry | GaugeEntry | HistogramEntry

/** A part of the catalogue: entries by the key that the code knows them by. */
export type MetricFamily = Readonly<Record<string, MetricEntry>>
