// PromQL made of the catalogue: what is asked for, in which series, how it is added up.
//
// A metric, a label or a value that the catalogue does not have is an error of the compiler. Never writes a metric's name
// itself, and puts the board's job and instance into every selector. Source of the rules: Prometheus' and Grafana's manuals.

import type { CounterEntry, GaugeEntry, HistogramEntry, MetricEntry } from '../src/metrics/catalogue/entry.ts'

/** A variable of the board. */
export type Variable = `$${string}`

/** The values that a label has to have, or must not have, or the variable that says it. */
export type LabelFilter<Value extends string> = readonly Value[] | { readonly not: readonly Value[] } | Variable

type ValueOf<Values> = Values extends readonly (infer Value extends string)[] ? Value : string

/** Which series of a metric; a label that is not named may be anything. */
export type Matchers<Metric extends Pick<MetricEntry, 'labels'>> = {
  readonly [Label in keyof Metric['labels']]?: LabelFilter<ValueOf<Metric['labels'][Label]>>
}

/** Calls (or callers, seizures, streams) without which no ratio and no percentile of them is told: one of two is no half. */
export const ENOUGH = 5

/** The board's own choice of exporters. */
export const SCOPE = 'job=~"$job", instance=~"$instance"'

/** The series of a counter or of a gauge. */
export function series<Metric extends CounterEntry | GaugeEntry>(
  metric: Metric,
  wanted: Matchers<Metric> = {},
): string {
  return selector(metric.name, wanted)
}

/** The buckets of a histogram. */
export function buckets<Metric extends HistogramEntry>(metric: Metric, wanted: Matchers<Metric> = {}): string {
  return selector(`${metric.name}_bucket`, wanted)
}

/** How many observations a histogram has. */
export function countOf<Metric extends HistogramEntry>(metric: Metric, wanted: Matchers<Metric> = {}): string {
  return selector(`${metric.name}_count`, wanted)
}

/** What a histogram's observations add up to. */
export function sumOf<Metric extends HistogramEntry>(metric: Metric, wanted: Matchers<Metric> = {}): string {
  return selector(`${metric.name}_sum`, wanted)
}

/** The observations up to a bound, which has to be one of the histogram's. Prometheus 3 writes `20` as `20.0`. */
export function upTo<Metric extends HistogramEntry>(
  metric: Metric,
  bound: number,
  wanted: Matchers<Metric> = {},
): string {
  if (!metric.buckets.includes(bound)) {
    throw new Error(`${metric.name} has no ${bound}`)
  }
  return selector(`${metric.name}_bucket`, wanted, [bucketOf(String(bound).replace('.', '\\\\.'))])
}

/** The matcher of one bucket, however a Prometheus spells its bound; `bound` may be a variable. */
export function bucketOf(bound: string): string {
  // In a string of PromQL a backslash is written twice.
  return `le=~"${bound}(\\\\.0)?"`
}

/** The series of any name, such as a recorded one. */
export function selector(
  name: string,
  wanted: Readonly<Record<string, LabelFilter<string> | undefined>>,
  more: readonly string[] = [],
): string {
  const matchers = Object.entries(wanted).flatMap(([label, values]) =>
    values === undefined ? [] : [matcher(label, values)],
  )
  return `${name}{${[SCOPE, ...matchers, ...more].join(', ')}}`
}

function matcher(label: string, wanted: LabelFilter<string>): string {
  if (typeof wanted === 'string') {
    return `${label}=~"${wanted}"`
  }
  const values = 'not' in wanted ? wanted.not : wanted
  const sign = 'not' in wanted ? '!' : '='
  return values.length === 1
    ? `${label}${sign}${sign === '=' ? '' : '='}"${values[0]}"`
    : `${label}${sign}~"${values.join('|')}"`
}

/**
 * The alerts of the chosen exporters that fire, as Prometheus itself keeps them. One that tells of what is absent has no
 * instance, and is of every choice. `named`: a pattern of names; `urgent`: what is not only for the record.
 */
export function alerting(named?: string, severity?: 'critical' | 'urgent'): string {
  const names = named === undefined ? '' : `, alertname=~"${named}"`
  const severities = { critical: ', severity="critical"', urgent: ', severity!="info"', any: '' }[severity ?? 'any']
  return `ALERTS{alertstate="firing", job=~"$job", instance=~"$instance|"${names}${severities}}`
}

/** Per second, over the window that suits the step of the panel. */
export function rate(counter: string): string {
  return `rate(${counter}[$__rate_interval])`
}

/** How many within a window: the step's own when none is given. */
export function increase(counter: string, window: '$__rate_interval' | '$__range' = '$__rate_interval'): string {
  return `increase(${counter}[${window}])`
}

/** Added up; over everything when no label is named. */
export function sum(expression: string, by: readonly string[] = []): string {
  return by.length === 0 ? `sum(${expression})` : `sum by (${by.join(', ')}) (${expression})`
}

/** The largest; over everything when no label is named. */
export function max(expression: string, by: readonly string[] = []): string {
  return by.length === 0 ? `max(${expression})` : `max by (${by.join(', ')}) (${expression})`
}

/** Whole things within the panel's span, rounded: Prometheus guesses at the edges of a window and finds 2.97 calls. */
export function countOverRange(counter: string, by: readonly string[] = []): string {
  return `round(${sum(increase(counter, '$__range'), by)})`
}

/** 0 where there is no series at all. Only for what is truly none when nothing is told. */
export function orZero(expression: string): string {
  return `${expression} or vector(0)`
}

/** One by the other; nothing, rather than NaN, where there was nothing to divide by. */
export function ratio(part: string, whole: string): string {
  return `${part} / (${whole} > 0)`
}

/** The bound below which that share of a histogram's observations lies, where there are enough; `by` besides the bucket. */
export function quantile(
  share: number,
  { of, by = [], window }: { readonly of: string; readonly by?: readonly string[]; readonly window?: '$__range' },
): string {
  const observed = window === undefined ? rate(of) : increase(of, window)
  // How many there were, by the same labels: the 95th percentile of three is the largest of three.
  const observations = sum(increase(of.replace('_bucket{', '_count{'), window), by)
  return `histogram_quantile(${share}, ${sum(observed, ['le', ...by])}) and ${observations} >= ${ENOUGH}`
}
