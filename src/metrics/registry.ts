// Creates the metrics of the catalogue with prom-client, on a registry of their own.
//
// `increase()` misses a series' first value. So every combination of closed labels starts at 0 with the process, and combinations with
// an open label start at 0 when its value is registered. Never the global registry, never a metric outside the catalogue.

import { Counter, Gauge, type Registry } from 'prom-client'
import {
  CATALOGUE,
  type CounterKey,
  catalogueEntries,
  type GaugeKey,
  type HistogramKey,
  type LabelsOf,
  type MetricKey,
} from './catalogue/catalogue.ts'
import { isOpen, type MetricEntry } from './catalogue/entry.ts'
import { OTHER } from './catalogue/labelValues.ts'
import { RestorableHistogram } from './restorableHistogram.ts'
import type { Labels } from './totals.ts'

/** The closed lists of labels that the catalogue calls `external`; each of these metrics has one such label. `sinks`: of the outbox. */
export type ExternalLabelValues = Readonly<
  Record<'events' | 'malformedFrames' | 'disconnects' | 'calllogWriteErrors' | 'lineCalls' | 'sinks', readonly string[]>
>

/** Typed access to the live metrics. A key of the wrong kind does not compile; a missing metric is a bug. */
export interface Instruments {
  counter(key: CounterKey): Counter<string>
  histogram(key: HistogramKey): RestorableHistogram
  /** Sets a counter without labels that another part counts. */
  setCounter(key: CounterKey, value: number): void
  setGauge<Key extends GaugeKey>(key: Key, labels: LabelsOf<Key> & Labels, value: number): void
  /** Removes all series of a gauge. */
  clearGauge(key: GaugeKey): void
  /** Creates the series of a new value of an open label, at 0, in all counters and histograms with that label. */
  seed(label: string, value: string): void
}

/** Creates every metric of the catalogue on `registry`. */
export function createInstruments(registry: Registry, external: ExternalLabelValues): Instruments {
  const counters = new Map<MetricKey, Counter<string>>()
  const gauges = new Map<MetricKey, Gauge<string>>()
  const histograms = new Map<MetricKey, RestorableHistogram>()

  const zero = (key: MetricKey, labels: Labels): void => {
    counters.get(key)?.inc(labels, 0)
    histograms.get(key)?.zero(labels)
  }

  for (const [key, entry] of catalogueEntries()) {
    const base = { name: entry.name, help: entry.help, labelNames: Object.keys(entry.labels), registers: [registry] }
    if (entry.type === 'counter') {
      counters.set(key, new Counter(base))
    } else if (entry.type === 'gauge') {
      gauges.set(key, new Gauge(base))
    } else {
      const { buckets, exemplars = false } = entry
      histograms.set(key, new RestorableHistogram({ ...base, buckets: [...buckets], exemplars }))
    }
    for (const labels of possibleSets(entry, closedLists(key, entry, external))) {
      zero(key, labels)
    }
  }

  return {
    counter: (key) => existing(counters.get(key), key),
    histogram: (key) => existing(histograms.get(key), key),
    setCounter(key, value) {
      const counter = existing(counters.get(key), key)
      counter.reset()
      counter.inc(value)
    },
    setGauge(key, labels, value) {
      existing(gauges.get(key), key).set(labels, value)
    },
    clearGauge(key) {
      const gauge = existing(gauges.get(key), key)
      gauge.reset()
      // `reset` sets a gauge without labels to 0 instead of removing it.
      if (Object.keys(CATALOGUE[key].labels).length === 0) {
        gauge.remove()
      }
    },
    seed(label, value) {
      for (const [key, entry] of catalogueEntries()) {
        if (!isOpen(entry.labels[label])) {
          continue
        }
        for (const labels of possibleSets(entry, { ...closedLists(key, entry, external), [label]: [value] })) {
          zero(key, labels)
        }
      }
    },
  }
}

/** The combinations of the values of a metric's labels that can occur. */
export function possibleSets(
  entry: MetricEntry,
  lists: Readonly<Record<string, readonly string[]>>,
): readonly Labels[] {
  const sets = labelSets(lists)
  return entry.type === 'counter' && entry.exists !== undefined ? sets.filter(entry.exists) : sets
}

/** Every combination of the values of some labels. A label without values has no combination. */
export function labelSets(lists: Readonly<Record<string, readonly string[]>>): readonly Labels[] {
  let sets: readonly Labels[] = [{}]
  for (const [name, values] of Object.entries(lists)) {
    sets = sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value })))
  }
  return sets
}

function closedLists(
  key: MetricKey,
  entry: MetricEntry,
  external: ExternalLabelValues,
): Record<string, readonly string[]> {
  const lists: Record<string, readonly string[]> = {}
  for (const [label, values] of Object.entries(entry.labels)) {
    if (values === 'external') {
      lists[label] = externalValues(key, external)
    } else {
      lists[label] = typeof values === 'string' ? alwaysOf(values) : values
    }
  }
  return lists
}

// The series without such a party is there from the start.
function alwaysOf(values: string): readonly string[] {
  return values === 'open or empty' ? [''] : []
}

function externalValues(key: MetricKey, external: ExternalLabelValues): readonly string[] {
  switch (key) {
    case 'events': {
      return [...external.events, OTHER]
    }
    case 'lineCalls':
    case 'malformedFrames':
    case 'disconnects':
    case 'calllogWriteErrors': {
      return external[key]
    }
    case 'outboxShipped':
    case 'outboxRefused':
    case 'outboxDropped':
    case 'outboxFailures':
    case 'outboxRows':
    case 'outboxOldest': {
      return external.sinks
    }
    default: {
      throw new Error(`The label values of ${key} are missing in ExternalLabelValues.`)
    }
  }
}

function existing<Metric>(metric: Metric | undefined, key: MetricKey): Metric {
  if (metric === undefined) {
    throw new Error(`The metric ${key} does not exist.`)
  }
  return metric
}
