// The metrics that continue after a restart: adds observations and returns what was added, to be stored; restores it.
//
// Open labels pass their limiter here, so that what is stored is what was exported. A new value of an open label is stored
// as a series of 0: after a restart its series exist again, and it keeps its place within the limit.

import type { Direction } from '../call/event.ts'
import type { Total } from '../totals/total.ts'
import { missingSteps } from './balance.ts'
import type { LabelLimiters } from './cardinality.ts'
import { CATALOGUE, type CounterKey, catalogueEntries, isCounterKey, type MetricKey } from './catalogue/catalogue.ts'
import { OPEN_LABELS, type OpenLabel } from './catalogue/labelValues.ts'
import type { Origin } from './exemplars.ts'
import type { Observation, OpenValue } from './observe.ts'
import { type Instruments, labelSets } from './registry.ts'
import { counterTotals, createSeriesReader, histogramTotals, type Labels, type StoredSeries } from './totals.ts'

/** How many stored series were restored, and how many no longer fit the catalogue and were left out. */
export interface RestoreReport {
  readonly restored: number
  readonly ignored: number
  /** What the stored series lacked (balance.ts); to be added to them before any scrape. Mostly nothing. */
  readonly owed: readonly Total[]
}

/** A call that is open in the call log. */
export interface OpenCall {
  readonly channelId: string
  readonly direction: Direction
}

/** Each function returns what is to be added to the stored sums. */
export interface Sums {
  /** Creates the series of a party that occurs for the first time, at 0. */
  readonly registerParty: (party: OpenValue) => readonly Total[]
  readonly add: (observation: Observation, origin?: Origin | null) => readonly Total[]
  /** Adds stored sums to the live metrics, and what they lack with these calls open. */
  readonly restore: (totals: readonly Total[], openCalls: readonly OpenCall[]) => RestoreReport
  /** Calls that ever ended and those of them that were missed, earlier runs included. */
  readonly callsSoFar: () => { readonly ended: number; readonly missed: number }
}

/** The sums behind `instruments`. */
export function createPersistentMetrics(instruments: Instruments, limiters: LabelLimiters): Sums {
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

  const guarded = (metric: MetricKey, labels: Labels): Labels => {
    const label = openLabels.get(metric)
    return label === undefined ? labels : { ...labels, [label]: limiters[label].labelFor(labels[label] ?? '') }
  }

  const grow = (metric: CounterKey, labels: Labels, value: number): void => {
    instruments.counter(metric).inc(labels, value)
    if (metric === 'calls' || metric === 'missedCalls') {
      soFar[metric] += value
    }
  }

  const restoreOne = (sum: StoredSeries): void => {
    const label = openLabels.get(sum.metric)
    if (label !== undefined) {
      seedAll(label, limiters[label].reregister(sum.labels[label] ?? ''))
    }
    const labels = guarded(sum.metric, sum.labels)
    if (sum.kind === 'histogram') {
      instruments.histogram(sum.metric).restore(labels, sum.part, sum.value)
    } else {
      grow(sum.metric, labels, sum.value)
    }
  }

  const add: Sums['add'] = ({ metric, labels: raw, value }, origin = null) => {
    // Not a number, or one that would make a counter fall.
    if (!(value >= 0 && value < Infinity)) {
      return []
    }
    const labels = guarded(metric, raw)
    if (isCounterKey(metric)) {
      grow(metric, labels, value)
      return CATALOGUE[metric].persisted ? counterTotals(metric, labels, value) : []
    }
    instruments.histogram(metric).observeFrom(labels, value, origin)
    return CATALOGUE[metric].persisted ? histogramTotals(metric, labels, value) : []
  }

  return {
    registerParty,
    add,
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
      }).flatMap((step) => add(step))
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
    const open = OPEN_LABELS.find((label) => entry.labels[label] === 'open')
    if (open !== undefined) {
      labels.set(metric, open)
    }
  }
  return labels
}

// One series of the party is enough: restoring it creates all others.
function firstTotalOf(label: OpenLabel, value: string): readonly Total[] {
  const metric = firstCounterWith(label)
  if (metric === undefined) {
    return []
  }
  const lists: Record<string, readonly string[]> = {}
  for (const [name, values] of Object.entries(CATALOGUE[metric].labels)) {
    lists[name] = name === label ? [value] : values.slice(0, 1)
  }
  return labelSets(lists).flatMap((labels) => counterTotals(metric, labels, 0))
}

function firstCounterWith(label: OpenLabel): CounterKey | undefined {
  for (const [metric, entry] of catalogueEntries()) {
    if (isCounterKey(metric) && entry.labels[label] === 'open') {
      return metric
    }
  }
  return undefined
}
