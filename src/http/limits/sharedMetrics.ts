// Shares one exposition of the metrics among all requests within 100 ms, because making it blocks the event loop.
//
// Each format is made at most ten times a second, and each exposition is compressed at most once. A failed one is not shared.

import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { ticks } from '../../time/clock.ts'
import type { MetricsFormat } from '../metricsFormat.ts'

/** The metrics in one format, as text and compressed. */
export interface Exposition {
  readonly contentType: string
  readonly plain: Buffer
  gzipped(): Promise<Buffer>
}

type Expose = (format: MetricsFormat) => Promise<{ readonly contentType: string; readonly body: string }>

const SHARED_MS = 100

const compress = promisify(gzip)

/** Wraps `expose`. Rejects when `expose` rejects. */
export function shareMetrics(expose: Expose): (format: MetricsFormat) => Promise<Exposition> {
  const cache = new Map<MetricsFormat, { readonly at: number; readonly exposition: Promise<Exposition> }>()
  return (format) => {
    const cached = cache.get(format)
    if (cached !== undefined && ticks() - cached.at < SHARED_MS) {
      return cached.exposition
    }
    const exposition = expose(format).then(expositionOf)
    cache.set(format, { at: ticks(), exposition })
    const remove = (): void => {
      if (cache.get(format)?.exposition === exposition) {
        cache.delete(format)
      }
    }
    // Removed as soon as it is no longer shared: it may be several megabytes.
    exposition.then(() => setTimeout(remove, SHARED_MS).unref(), remove)
    return exposition
  }
}

function expositionOf({ contentType, body }: Awaited<ReturnType<Expose>>): Exposition {
  const plain = Buffer.from(body)
  let gzipped: Promise<Buffer> | undefined
  return {
    contentType,
    plain,
    gzipped() {
      gzipped ??= compress(plain)
      return gzipped
    },
  }
}
