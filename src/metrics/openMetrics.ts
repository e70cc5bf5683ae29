// Writes all metrics in the OpenMetrics text format, the only format with exemplars.
//
// Implemented here because prom-client permanently renames the counters of its registry when it writes this format. Only reads the
// registry. Source of the rules: OpenMetrics 1.0, and what the parsers of Prometheus 2 and 3 accept.

import type { Registry } from 'prom-client'
import { EXEMPLAR_LABEL, type Exemplar } from './exemplars.ts'

/** Content type of this format. */
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

type Family = Awaited<ReturnType<Registry['getMetricsAsJSON']>>[number]

type LabelValue = string | number | undefined

interface Sample {
  readonly value: number
  readonly labels: Readonly<Record<string, LabelValue>>
  readonly metricName?: string
  readonly exemplar?: Exemplar | null
}

/** All metrics of the registry at the time of the call. */
export async function renderOpenMetrics(registry: Registry): Promise<string> {
  const families = await registry.getMetricsAsJSON()
  return `${families.flatMap(linesOf).join('\n')}\n# EOF\n`
}

function linesOf(family: Family): readonly string[] {
  // Declared as a number, but a string at run time.
  const type = String(family.type)
  // OpenMetrics declares a counter without `_total`; its sample has the suffix.
  const name = type === 'counter' ? family.name.replace(/_total$/, '') : family.name
  const own = type === 'counter' ? `${name}_total` : name
  const samples: readonly Sample[] = family.values
  return [`# HELP ${name} ${escaped(family.help)}`, `# TYPE ${name} ${type}`, ...samples.map(lineOf(own))]
}

function lineOf(own: string): (sample: Sample) => string {
  return ({ metricName = own, labels, value, exemplar }) =>
    `${metricName}${labelText(labels)} ${numberText(value)}${exemplar == null ? '' : exemplarText(exemplar)}`
}

function exemplarText({ callId, value, at }: Exemplar): string {
  return ` # {${EXEMPLAR_LABEL}="${escaped(callId)}"} ${numberText(value)} ${at / 1000}`
}

function labelText(labels: Sample['labels']): string {
  const parts = Object.entries(labels).map(([label, value]) => `${label}="${labelValue(value)}"`)
  return parts.length === 0 ? '' : `{${parts.join(',')}}`
}

// Only upper bounds are numbers; OpenMetrics writes an integer as `20.0`.
function labelValue(value: LabelValue): string {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? `${value}.0` : String(value)
  }
  return escaped(value ?? '')
}

function numberText(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) {
    return String(value)
  }
  return value > 0 ? '+Inf' : '-Inf'
}

function escaped(text: string): string {
  return /["\\\n]/.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"') : text
}
