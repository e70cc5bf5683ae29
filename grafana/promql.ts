// PromQL from the catalogue: selectors and aggregations.
//
// A metric, label or label value that is not in the catalogue does not compile. No metric name is written here, and every selector
// contains the board's site, job and instance, but for those of the program in fleet mode. A site is the label `cluster`; a single Prometheus may have none. Source: the manuals of Prometheus and Grafana.

import type { CounterEntry, GaugeEntry, HistogramEntry, MetricEntry } from '../src/metrics/catalogue/entry.ts'

/** A variable of the board, such as `$queue`. */
export type Variable = `$${string}`

/** Required values of a label, excluded ones, or the variable that holds the required ones. */
export type LabelFilter<Value extends string> = readonly Value[] | { readonly not: readonly Value[] } | Variable

type ValueOf<Values> = Values extends readonly (infer Value extends string)[] ? Value : string

/** Filters by label; labels without a filter may have any value. */
export type Matchers<Metric extends Pick<MetricEntry, 'labels'>> = {
  readonly [Label in keyof Metric['labels']]?: LabelFilter<ValueOf<Metric['labels'][Label]>>
}

/** Calls (or callers, seizures, streams) below which no ratio and no percentile is shown. */
export const ENOUGH = 5

/** The selected exporters. */
export const SCOPE = 'cluster=~"$cluster", job=~"$job", instance=~"$instance"'

/** The label of a site. Two sites may have an instance of one name. */
export const SITE = 'cluster'

/** Selector of a counter or gauge. */
export function series<Metric extends CounterEntry | GaugeEntry>(
  metric: Metric,
  filters: Matchers<Metric> = {},
): string {
  return selector(metric.name, filters)
}

/** Selector of a histogram's buckets. */
export function buckets<Metric extends HistogramEntry>(metric: Metric, filters: Matchers<Metric> = {}): string {
  return selector(`${metric.name}_bucket`, filters)
}

/** Selector of a gauge of the program in fleet mode: of all such programs, whatever site, job and PBX are selected. */
export function ofFleet<Metric extends GaugeEntry>({ name }: Metric, filters: Matchers<Metric> = {}): string {
  return `${name}{${matchersOf(filters).join(', ')}}`
}

/** The same of a histogram's buckets. */
export function bucketsOfFleet({ name }: HistogramEntry): string {
  return `${name}_bucket{}`
}

/** Selector of a histogram's number of observations. */
export function countOf<Metric extends HistogramEntry>(metric: Metric, filters: Matchers<Metric> = {}): string {
  return selector(`${metric.name}_count`, filters)
}

/** Selector of a histogram's sum. */
export function sumOf<Metric extends HistogramEntry>(metric: Metric, filters: Matchers<Metric> = {}): string {
  return selector(`${metric.name}_sum`, filters)
}

/** Selector of one bucket; throws unless `bound` is a bound of the histogram. Prometheus 3 writes `20` as `20.0`. */
export function upTo<Metric extends HistogramEntry>(
  metric: Metric,
  bound: number,
  filters: Matchers<Metric> = {},
): string {
  if (!metric.buckets.includes(bound)) {
    throw new Error(`${metric.name} has no ${bound}`)
  }
  return selector(`${metric.name}_bucket`, filters, [bucketOf(String(bound).replace('.', '\\\\.'))])
}

/** Matcher of one bucket, in the spelling of Prometheus 2 or 3; `bound` may be a variable. */
export function bucketOf(bound: string): string {
  // PromQL strings need a double backslash.
  return `le=~"${bound}(\\\\.0)?"`
}

/** Selector of any name, such as that of a recording rule. */
export function selector(
  name: string,
  filters: Readonly<Record<string, LabelFilter<string> | undefined>>,
  more: readonly string[] = [],
): string {
  return `${name}{${[SCOPE, ...matchersOf(filters), ...more].join(', ')}}`
}

function matchersOf(filters: Readonly<Record<string, LabelFilter<string> | undefined>>): readonly string[] {
  return Object.entries(filters).flatMap(([label, values]) => (values === undefined ? [] : [matcher(label, values)]))
}

function matcher(label: string, filters: LabelFilter<string>): string {
  if (typeof filters === 'string') {
    return `${label}=~"${filters}"`
  }
  const values = 'not' in filters ? filters.not : filters
  const sign = 'not' in filters ? '!' : '='
  return values.length === 1
    ? `${label}${sign}${sign === '=' ? '' : '='}"${values[0]}"`
    : `${label}${sign}~"${values.join('|')}"`
}

/**
 * Firing alerts of the selected exporters. Alerts about absent series have no instance, or no site, and are always included. `named`: a regular
 * expression for names; `urgent`: critical and warning.
 */
export function alerting(named?: string, severity?: 'critical' | 'urgent'): string {
  const names = named === undefined ? '' : `, alertname=~"${named}"`
  const severities = { critical: ', severity="critical"', urgent: ', severity!="info"', any: '' }[severity ?? 'any']
  return `ALERTS{alertstate="firing", cluster=~"$cluster|", job=~"$job", instance=~"$instance|"${names}${severities}}`
}

/** Rate per second, over the window that fits the step of the panel. */
export function rate(counter: string): string {
  return `rate(${counter}[$__rate_interval])`
}

/** Increase within a window; default: the window that fits the step. */
export function increase(counter: string, window: '$__rate_interval' | '$__range' = '$__rate_interval'): string {
  return `increase(${counter}[${window}])`
}

/** Labels with the site, if the instance is one of them. */
export function withSite(labels: readonly string[]): readonly string[] {
  return labels.includes('instance') ? [SITE, ...labels] : labels
}

/** `by` or `on` these labels, and the site of the instance. */
export function grouping(word: 'by' | 'on', labels: readonly string[]): string {
  return `${word} (${withSite(labels).join(', ')})`
}

/** Sum by the given labels, or over all series. */
export function sum(expression: string, by: readonly string[] = []): string {
  return by.length === 0 ? `sum(${expression})` : `sum ${grouping('by', by)} (${expression})`
}

/** Maximum by the given labels, or over all series. */
export function max(expression: string, by: readonly string[] = []): string {
  return by.length === 0 ? `max(${expression})` : `max ${grouping('by', by)} (${expression})`
}

/** Rows that a figure has room for. */
const FEW = 3

/** The few series with the highest or the lowest values, so that the rows of many PBXs are not one above the other. */
export function few(order: 'highest' | 'lowest', expression: string): string {
  return `${order === 'highest' ? 'topk' : 'bottomk'}(${FEW}, ${expression})`
}

/** Count within the time range, rounded: Prometheus extrapolates to the edges of a window and returns 2.97 calls. */
export function countOverRange(counter: string, by: readonly string[] = []): string {
  return `round(${sum(increase(counter, '$__range'), by)})`
}

/** 0 if there is no series. Only where a missing series means none. */
export function orZero(expression: string): string {
  return `${expression} or vector(0)`
}

/** Quotient; no result, rather than NaN, if the denominator is 0. */
export function ratio(part: string, whole: string): string {
  return `${part} / (${whole} > 0)`
}

/** Share of a count. At most 1: each increase is extrapolated in its own way, so that the part may exceed the whole while a window is not full. */
export function share(part: string, whole: string): string {
  return `clamp_max(${ratio(part, whole)}, 1)`
}

/** Quantile of a histogram, if there are enough observations. `by`: labels besides the bucket. */
export function quantile(
  share: number,
  { of, by = [], window }: { readonly of: string; readonly by?: readonly string[]; readonly window?: '$__range' },
): string {
  const observed = window === undefined ? rate(of) : increase(of, window)
  // The 95th percentile of three observations is the largest of them.
  const observations = sum(increase(of.replace('_bucket{', '_count{'), window), by)
  return `histogram_quantile(${share}, ${sum(observed, ['le', ...by])}) and ${observations} >= ${ENOUGH}`
}
