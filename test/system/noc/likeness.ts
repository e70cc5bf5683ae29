// Whether two servers answer a question alike, and if not, whether what differs is what counters may differ by.
//
// Pure. The name of a metric is left out of the comparison: VictoriaMetrics keeps it where Prometheus drops it, and no board or
// rule reads it. What differs and why is in prometheus/README.md, "What VictoriaMetrics does another way".

import { namesIn } from './ruleDependencies.ts'
import type { InstantSample, Series } from './servers.ts'
import type { RecordingRule } from './shippedRules.ts'

/** By labels, then by instant. */
export type Answer = ReadonlyMap<string, ReadonlyMap<number, number>>

export function answerOf(result: readonly (Series | InstantSample)[]): Answer {
  return new Map(
    result.map((one) => {
      const values = 'values' in one ? one.values : [one.value]
      return [labelsOf(one.metric), new Map(values.map(([at, value]) => [at, Number(value)]))]
    }),
  )
}

function labelsOf(metric: Readonly<Record<string, string>>): string {
  const labels = Object.entries(metric).filter(([label]) => label !== '__name__')
  const spelled = labels.map(([label, value]): [string, string] => [label, label === 'le' ? oneSpelling(value) : value])
  return JSON.stringify(spelled.toSorted(([one], [other]) => (one < other ? -1 : 1)))
}

/** Prometheus 3 writes le="20" as le="20.0". */
function oneSpelling(le: string): string {
  return le.replace(/\.0$/, '')
}

const COUNTS = /\b(?:rate|increase|irate|delta|changes)\(/

/** Whether an expression counts, itself or by a record that it reads. */
export function readsCounters(expr: string, records: readonly RecordingRule[]): boolean {
  if (COUNTS.test(expr)) {
    return true
  }
  const names = namesIn(expr)
  return (
    names.has('ALERTS') ||
    records.some((rule) => rule.expr !== expr && names.has(rule.record) && readsCounters(rule.expr, records))
  )
}

/** Of what is not counted: figures are sums in another order. */
const EQUAL = 1e-6

/** Of what is counted, on average over all points once the windows are full. */
const COUNTED = 0.2

/** Share of the points that may be missing where a counted value is compared with a limit. */
const MISSING = 0.05

export interface Comparison {
  readonly prometheus: Answer
  readonly victoria: Answer
  readonly counts: boolean
  /** Since when the windows of counted values have been full. */
  readonly settledAt: number
}

/** `alike`; `counted` when it differs by no more than counters may; otherwise what is wrong. */
export function compare({
  prometheus,
  victoria,
  counts,
  settledAt,
}: Comparison): 'alike' | 'counted' | { fault: string } {
  const points = [...prometheus].flatMap(([labels, values]) =>
    [...values].map(([at, value]) => ({ labels, at, value, other: victoria.get(labels)?.get(at) })),
  )
  const extra = [...victoria].flatMap(([labels, values]) =>
    [...values.keys()].filter((at) => prometheus.get(labels)?.has(at) !== true).map((at) => `${labels} at ${at}`),
  )
  const differing = points.filter(({ value, other }) => !isEqual(value, other))
  const [first] = differing
  if (first === undefined && extra.length === 0) {
    return 'alike'
  }
  if (!counts) {
    return { fault: first === undefined ? `only VictoriaMetrics has ${extra[0]}` : describe(first) }
  }
  const absent = [...prometheus.keys()].find((labels) => !victoria.has(labels))
  if (absent !== undefined) {
    return { fault: `VictoriaMetrics has no ${absent}` }
  }
  const missing = differing.filter(({ other }) => other === undefined)
  if (missing.length > MISSING * points.length) {
    return { fault: `VictoriaMetrics has no value at ${missing.length} of ${points.length} points` }
  }
  const settled = points.filter(({ at, value }) => at >= settledAt && Number.isFinite(value))
  const total = sum(settled.map(({ value }) => Math.abs(value)))
  const off = sum(settled.map(({ value, other = value }) => Math.abs(value - other)))
  return off > COUNTED * total ? { fault: `differs by ${off} of ${total}` } : 'counted'
}

// VictoriaMetrics has no value where Prometheus has NaN.
function isEqual(value: number, other: number | undefined): boolean {
  if (other === undefined || Number.isNaN(value) || Number.isNaN(other)) {
    return Number.isNaN(value) && (other === undefined || Number.isNaN(other))
  }
  return value === other || Math.abs(value - other) <= EQUAL * Math.max(Math.abs(value), Math.abs(other))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function describe({
  labels,
  at,
  value,
  other,
}: {
  labels: string
  at: number
  value: number
  other?: number | undefined
}) {
  return `${labels} at ${at}: Prometheus ${value}, VictoriaMetrics ${other}`
}
