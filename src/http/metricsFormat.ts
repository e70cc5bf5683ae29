// Chooses the format of the metrics by the Accept header.
//
// No I/O. OpenMetrics only if the client names it; otherwise, and for an unreadable header, the text format. Sources: RFC 9110,
// Accept; the media types of OpenMetrics 1.0 and of Prometheus, which also sends parameters of its own.

/** Formats of the metrics. */
export type MetricsFormat = 'text' | 'openmetrics'

interface Range {
  readonly type: string
  /** Empty if the range has no version. */
  readonly version: string
  /** 0..1 */
  readonly weight: number
}

/** The format that the header prefers; OpenMetrics on a tie, because it carries exemplars. */
export function metricsFormat(accept: string | undefined): MetricsFormat {
  const ranges = (accept ?? '').split(',').map(rangeOf)
  const weightOf = (type: string, version: string): number | undefined => {
    const matching = ranges.filter((range) => range.type === type && ['', version].includes(range.version))
    return matching.length === 0 ? undefined : Math.max(...matching.map(({ weight }) => weight))
  }
  const openMetricsWeight = weightOf('application/openmetrics-text', '1.0.0') ?? 0
  // The most specific range that matches a type decides.
  const text = weightOf('text/plain', '0.0.4') ?? weightOf('text/*', '') ?? weightOf('*/*', '') ?? 0
  return openMetricsWeight > 0 && openMetricsWeight >= text ? 'openmetrics' : 'text'
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const named = new Map(parameters.map((parameter) => pairOf(parameter)))
  const weight = Number(named.get('q') ?? 1)
  return { type, version: named.get('version') ?? '', weight: weight >= 0 && weight <= 1 ? weight : 0 }
}

function pairOf(parameter: string): readonly [string, string] {
  const [name = '', value = ''] = parameter.split('=')
  return [name.trim(), value.trim().replace(/^"(.*)"$/, '$1')]
}
