// The text of a registry, in either of its formats.

import type { Registry } from 'prom-client'
import { OPEN_METRICS_TYPE, renderOpenMetrics } from './openMetrics.ts'

/** `openmetrics` carries exemplars; the counts are the same in both. */
export type ExpositionFormat = 'text' | 'openmetrics'

export interface Exposition {
  readonly contentType: string
  readonly body: string
}

/** All metrics in a format: that of OpenMetrics, or the text format of Prometheus. */
export async function expositionOf(registry: Registry, format: ExpositionFormat): Promise<Exposition> {
  return format === 'openmetrics'
    ? { contentType: OPEN_METRICS_TYPE, body: await renderOpenMetrics(registry) }
    : { contentType: registry.contentType, body: await registry.metrics() }
}
