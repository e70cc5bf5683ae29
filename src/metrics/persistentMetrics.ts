// The metrics that continue after a restart: records observations, returns the amounts to store, and restores the stored sums.
//
// The limits of open labels are applied here, so that the stored series are the exported ones. A new value of an open label is stored
// as a series with the value 0, so that after a restart its series exist again and it still counts towards the limit.

import type { Direction } from '../call/event.ts'
import type { Total } from '../totals/total.ts'
import { missingSteps } from './balance.ts'
import type { LabelLimiters } from './cardinality.ts'
import { CATALOGUE, type CounterKey, catalogueEntries, isCounterKey, type MetricKey } from './catalogue/catalogue.ts'
import { isOpen, type LabelValues, type MetricEntry } from './catalogue/entry.ts'
import { OPEN_LABELS, type OpenLabel } from './catalogue/labelValues.ts'
import type { Origin } from './exemplars.ts'
import type { Observation, OpenValue } from './observe.ts'
import { type Instruments, possibleSets } from './registry.ts'
import { counterTotals, createSeriesReader, histogramTotals, type Labels, type StoredSeries } from './totals.ts'

/** How many stored series were restored, and how many no longer fit the catalogue and were left out. */
export interface RestoreReport {
  readonly restored: number
  readonly ignored: number
  /** The amounts that the stored series lacked (balance.ts); to be stored before any scrape. Usually none. */
  readonly owed: readonly Total[]
}

/** A call that is open in the call log. */
export interface OpenCall {
  readonly channelId: string
  readonly direction: Direction
}

/** `registerParty` and `record` return the amounts to add to the stored sums. */
export interface PersistentMetrics {
  /** Creates the series of a party that occurs for the first time, at 0. */
  readonly registerParty: (party: OpenValue) => readonly Total[]
  readonly record: (observation: Observation, origin?: Origin | null) => readonly Total[]
  /** Adds the stored sums to the live metrics, and the amounts that they lack if these calls are open. */
  readonly restore: (totals: readonly Total[], openCalls: readonly OpenCall[]) => RestoreReport
  /** Calls that ever ended, and how many of them were missed, including earlier runs. */
  readonly callsSoFar: () => { readonly ended: number; readonly missed: number }
}

/** The persistent ones among `instruments`. */
export function createPersistentMetrics(instruments: Instruments, limiters: LabelLimiters): PersistentMetrics {
  const openLabels = openLabelByMetric()
  const soFar = { calls: 0, missedCalls: 0 }

  const seedAll = (label: OpenLabel, values: readonly string[]): void => {
    for (const value of values) {
      instruments.seed(label, value)
    }
  }

  const registerParty = ({ label, value }: { readonly label: OpenLabel; readonly value: string }): readonly Total[] => {
    const fresh = limiters[label].register(value)
    seedAll(label, fresh)
    return fresh.flatMap((one) => firstTotalOf(label, one))
  }

  const limited = (metric: MetricKey, labels: Labels): Labels => {
    const label = openLabels.get(metric)
    if (label === undefined || isEmpty(metric, label, labels)) {
      return labels
    }
    return { ...labels, [label]: limiters[label].labelFor(labels[label] ?? '') }
  }

  const grow = (metric: CounterKey, labels: Labels, value: number): void => {
    instruments.counter(metric).inc(labels, value)
    if (metric === 'calls' || metric === 'missedCalls') {
      soFar[metric] += value
    }
  }

  const restoreOne = (sum: StoredSeries): void => {
    const label = openLabels.get(sum.metric)
    if (label !== undefined && !isEmpty(sum.metric, label, sum.labels)) {
      seedAll(label, limiters[label].reregister(sum.labels[label] ?? ''))
    }
    const labels = limited(sum.metric, sum.labels)
    if (sum.kind === 'histogram') {
      instruments.histogram(sum.metric).restore(labels, sum.part, sum.value)
    } else {
      grow(sum.metric, labels, sum.value)
    }
  }

  const record: PersistentMetrics['record'] = ({ metric, labels: raw, value }, origin = null) => {
    // A counter must not decrease.
    if (!(value >= 0 && value < Infinity)) {
      return []
    }
    const labels = limited(metric, raw)
    if (isCounterKey(metric)) {
      grow(metric, labels, value)
      return CATALOGUE[metric].persisted ? counterTotals(metric, labels, value) : []
    }
    instruments.histogram(metric).observeFrom(labels, value, origin)
    return CATALOGUE[metric].persisted ? histogramTotals(metric, labels, value) : []
  }

  return {
    registerParty,
    record,
    restore(totals, openCalls) {
      const read = createSeriesReader()
      const sums = totals.map(read).filter((sum) => sum !== null)
      for (const sum of sums) {
        restoreOne(sum)
      }
      const owed = missingSteps({
        started: (direction) => sumOver(sums, 'callsStarted', direction),
        ended: (direction) => sumOver(sums, 'calls', direction),
        open: (direction) => openCalls.filter((call) => call.direction === direction).length,
      }).flatMap((step) => record(step))
      return { restored: sums.length, ignored: totals.length - sums.length, owed }
    },
    callsSoFar: () => ({ ended: soFar.calls, missed: soFar.missedCalls }),
  }
}

function sumOver(sums: readonly StoredSeries[], metric: CounterKey, direction: Direction): number {
  const own = sums.filter((sum) => sum.metric === metric && sum.labels['direction'] === direction)
  return own.reduce((total, { value }) => total + value, 0)
}

function openLabelByMetric(): ReadonlyMap<MetricKey, OpenLabel> {
  const labels = new Map<MetricKey, OpenLabel>()
  for (const [metric, entry] of catalogueEntries()) {
    const open = OPEN_LABELS.find((label) => isOpen(entry.labels[label]))
    if (open !== undefined) {
      labels.set(metric, open)
    }
  }
  return labels
}

// Where there is no such party.
function isEmpty(metric: MetricKey, label: OpenLabel, labels: Labels): boolean {
  const lists: Readonly<Record<string, LabelValues>> = CATALOGUE[metric].labels
  return lists[label] === 'open or empty' && labels[label] === ''
}

// One series of the party is enough: restoring it creates all others.
function firstTotalOf(label: OpenLabel, value: string): readonly Total[] {
  const metric = firstCounterWith(label)
  if (metric === undefined) {
    return []
  }
  const entry: MetricEntry = CATALOGUE[metric]
  const lists: Record<string, readonly string[]> = {}
  for (const [name, values] of Object.entries(entry.labels)) {
    lists[name] = name === label ? [value] : typeof values === 'string' ? [] : values
  }
  const [labels] = possibleSets(entry, lists)
  return labels === undefined ? [] : counterTotals(metric, labels, 0)
}

function firstCounterWith(label: OpenLabel): CounterKey | undefined {
  for (const [metric, entry] of catalogueEntries()) {
    if (isCounterKey(metric) && isOpen(entry.labels[label])) {
      return metric
    }
  }
  return undefined
}
