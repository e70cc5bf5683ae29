// Converts between metrics and the persisted series, which the call log stores without interpreting them.
//
// An observation is converted to the series that it adds to; a stored series to its metric, or to null if it no longer fits the
// catalogue: a log from another version must not stop the program.

import type { Total } from '../totals/total.ts'
import {
  CATALOGUE,
  type CounterKey,
  catalogueEntries,
  type HistogramKey,
  isCounterKey,
  isHistogramKey,
} from './catalogue/catalogue.ts'
import type { CounterEntry, MetricEntry } from './catalogue/entry.ts'
import type { HistogramPart } from './restorableHistogram.ts'

export type Labels = Readonly<Record<string, string>>

/** A stored series, matched with the catalogue. */
export type StoredSeries =
  | { readonly kind: 'counter'; readonly metric: CounterKey; readonly labels: Labels; readonly value: number }
  | {
      readonly kind: 'histogram'
      readonly metric: HistogramKey
      readonly labels: Labels
      readonly part: HistogramPart
      readonly value: number
    }

/** The series of a counter to which `value` is added. */
export function counterTotals(metric: CounterKey, labels: Labels, value: number): readonly Total[] {
  return [{ name: CATALOGUE[metric].name, labels, value }]
}

/** The series of a histogram to which one observed `value` adds. */
export function histogramTotals(metric: HistogramKey, labels: Labels, value: number): readonly Total[] {
  const { name, buckets } = CATALOGUE[metric]
  const bound = buckets.find((upTo) => value <= upTo)
  const le = bound === undefined ? '+Inf' : String(bound)
  return [
    { name: `${name}_bucket`, labels: { ...labels, le }, value: 1 },
    { name: `${name}_sum`, labels, value },
    { name: `${name}_count`, labels, value: 1 },
  ]
}

type Reader = (total: Total) => StoredSeries | null

/** A function that reads a stored sum; null if the catalogue does not know its name, its labels or its value. */
export function createSeriesReader(): Reader {
  const readers = new Map<string, Reader>()
  for (const [metric, entry] of catalogueEntries()) {
    if (entry.type === 'gauge' || !entry.persisted) {
      continue
    }
    if (entry.type === 'counter' && isCounterKey(metric)) {
      readers.set(entry.name, counterReader(metric, entry))
    }
    if (isHistogramKey(metric)) {
      addHistogramReaders(readers, metric, entry)
    }
  }
  return (total) => {
    if (!Number.isFinite(total.value) || total.value < 0) {
      return null
    }
    return readers.get(total.name)?.(total) ?? null
  }
}

function counterReader(metric: CounterKey, entry: CounterEntry): Reader {
  const { formerLabels = {} } = entry
  return ({ labels: stored, value }) => {
    const labels = renamed(stored, formerLabels)
    return labelsFit(entry, labels) ? { kind: 'counter', metric, labels, value } : null
  }
}

// What an earlier version stored stays in its row; a start adds it to what was stored since.
function renamed(labels: Labels, formerLabels: Readonly<Record<string, string>>): Labels {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [formerLabels[name] ?? name, value]))
}

function addHistogramReaders(readers: Map<string, Reader>, metric: HistogramKey, entry: MetricEntry): void {
  const read = (part: HistogramPart, labels: Labels, value: number): StoredSeries | null =>
    labelsFit(entry, labels) ? { kind: 'histogram', metric, labels, part, value } : null
  readers.set(`${entry.name}_sum`, ({ labels, value }) => read({ part: 'sum' }, labels, value))
  readers.set(`${entry.name}_count`, ({ labels, value }) => read({ part: 'count' }, labels, value))
  readers.set(`${entry.name}_bucket`, ({ labels: { le, ...labels }, value }) => {
    const upTo = le === '+Inf' ? Infinity : Number(le)
    return le === undefined || le === '' || Number.isNaN(upTo) ? null : read({ part: 'bucket', upTo }, labels, value)
  })
}

function labelsFit(entry: MetricEntry, labels: Labels): boolean {
  const names = Object.keys(entry.labels)
  if (Object.keys(labels).length !== names.length) {
    return false
  }
  return names.every((name) => {
    const value = labels[name]
    const allowed = entry.labels[name]
    return typeof value === 'string' && (typeof allowed === 'string' || allowed?.includes(value) === true)
  })
}
