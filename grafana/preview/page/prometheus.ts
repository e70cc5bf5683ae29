// Queries to Prometheus, and their results as the frames of Grafana's Prometheus data source.
//
// Through the server of the preview. Rejects with the error of Prometheus.

import { createDataFrame, type DataFrame, FieldType, type Labels, type TimeRange } from '@grafana/data'
import type { Target } from './boardJson.ts'

type Pair = readonly [seconds: number, value: string]

interface Sample {
  readonly metric: Labels
  readonly value: Pair
}

export interface Series {
  readonly metric: Labels
  readonly values: readonly Pair[]
}

type Parameters = Readonly<Record<string, string | number>>

async function request<Answer>(path: string, parameters: Parameters): Promise<Answer> {
  const search = new URLSearchParams(Object.entries(parameters).map(([key, value]) => [key, String(value)]))
  const answer: { readonly status: string; readonly error?: string; readonly data: Answer } = await (
    await fetch(`/prometheus/api/v1/${path}?${search}`)
  ).json()
  if (answer.status !== 'success') {
    throw new Error(answer.error ?? 'Prometheus does not answer')
  }
  return answer.data
}

/** The values of a label among the series of a selector. */
export function labelValues(label: string, selector: string, range: TimeRange): Promise<readonly string[]> {
  return request(`label/${label}/values`, { 'match[]': selector, start: range.from.unix(), end: range.to.unix() })
}

/** A range query, its steps at whole multiples of the step. */
export async function overTime(query: string, range: TimeRange, stepMs: number): Promise<readonly Series[]> {
  const step = stepMs / 1000
  const start = Math.floor(range.from.unix() / step) * step
  return (await request<{ result: Series[] }>('query_range', { query, start, end: range.to.unix(), step })).result
}

interface PanelQuery {
  readonly target: Target
  /** The expression, filled in. */
  readonly expr: string
  readonly range: TimeRange
  readonly stepMs: number
  /** Whether it is the only query of the panel. */
  readonly isOnly: boolean
}

/** The frames of one query of a panel. */
export async function framesOf({ target, expr, range, stepMs, isOnly }: PanelQuery): Promise<DataFrame[]> {
  if (target.instant === true) {
    const samples = await now(expr, range)
    if (target.format === 'table') {
      return [tableFrame(target, samples, isOnly)]
    }
    return samples.map(({ metric, value }) => seriesFrame(target, { metric, values: [value] }))
  }
  const series = await overTime(expr, range, stepMs)
  const frames = (target.format === 'heatmap' ? singleBuckets(series) : series).map((each) =>
    seriesFrame(target, each, stepMs),
  )
  return frames
}

async function now(query: string, range: TimeRange): Promise<readonly Sample[]> {
  const data = await request<{ resultType: 'scalar'; result: Pair } | { resultType: 'vector'; result: Sample[] }>(
    'query',
    {
      query,
      time: range.to.unix(),
    },
  )
  return data.resultType === 'scalar' ? [{ metric: {}, value: data.result }] : data.result
}

function numberOf(value: string): number {
  return value.endsWith('Inf') ? (value.startsWith('-') ? -1 : 1) * Number.POSITIVE_INFINITY : Number(value)
}

function seriesFrame(target: Target, { metric, values }: Series, interval?: number): DataFrame {
  const points = interval === undefined ? values : withGaps(values, interval / 1000)
  const name = legend(target, metric)
  return createDataFrame({
    refId: target.refId,
    // Grafana's data source sets both: one is for the colour of lines, the other for the legend.
    name,
    fields: [
      { name: 'Time', type: FieldType.time, config: { interval }, values: points.map(([at]) => at * 1000) },
      {
        name: 'Value',
        type: FieldType.number,
        labels: metric,
        config: { displayNameFromDS: name },
        values: points.map(([, value]) => (value === null ? null : numberOf(value))),
      },
    ],
  })
}

// A step without a sample is a gap in the line.
function withGaps(values: readonly Pair[], step: number): readonly (readonly [number, string | null])[] {
  return values.flatMap(([at, value], index) => {
    const [before = at] = values[index - 1] ?? []
    const sample = [at, value] as const
    return at - before > step ? [[before + step, null] as const, sample] : [sample]
  })
}

function legend({ legendFormat = '' }: Target, metric: Labels): string {
  if (legendFormat !== '' && legendFormat !== '__auto') {
    return legendFormat.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => metric[label] ?? '')
  }
  const { __name__ = '', ...labels } = metric
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  return `${__name__}{${pairs.join(', ')}}`
}

function tableFrame({ refId }: Target, samples: readonly Sample[], isOnly: boolean): DataFrame {
  const labels = [...new Set(samples.flatMap(({ metric }) => Object.keys(metric)))].sort()
  const times = samples.map(({ value: [at] }) => at * 1000)
  return createDataFrame({
    refId,
    fields: [
      { name: 'Time', type: FieldType.time, config: {}, values: times },
      ...labels.map((label) => ({
        name: label,
        type: FieldType.string,
        config: { filterable: true },
        values: samples.map(({ metric }) => metric[label] ?? ''),
      })),
      {
        name: isOnly ? 'Value' : `Value #${refId}`,
        type: FieldType.number,
        config: {},
        values: samples.map(({ value: [, value] }) => numberOf(value)),
      },
    ],
  })
}

/** Converts cumulative buckets to single ones, the lowest first. */
function singleBuckets(series: readonly Series[]): readonly Series[] {
  const bound = ({ metric }: Series) => numberOf((metric['le'] ?? '').replace('+', ''))
  const sorted = series.toSorted((one, other) => bound(one) - bound(other))
  return sorted.map(({ metric, values }, row) => {
    const below = new Map(sorted[row - 1]?.values)
    const own = values.map(([at, value]): Pair => [at, String(Math.max(0, Number(value) - Number(below.get(at) ?? 0)))])
    return { metric, values: own }
  })
}
