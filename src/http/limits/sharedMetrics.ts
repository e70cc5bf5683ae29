// One exposition for all who ask within a tenth of a second: making it costs the loop milliseconds, and some ask at once.
//
// Each format is made at most ten times a second and compressed at most once for each time, whoever asks and how often.
// One that failed is not kept.

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

/** As `expose`, shared. Rejects as it does. */
export function shareMetrics(expose: Expose): (format: MetricsFormat) => Promise<Exposition> {
  const made = new Map<MetricsFormat, { readonly at: number; readonly exposition: Promise<Exposition> }>()
  return (format) => {
    const known = made.get(format)
    if (known !== undefined && ticks() - known.at < SHARED_MS) {
      return known.exposition
    }
    const exposition = expose(format).then(expositionOf)
    made.set(format, { at: ticks(), exposition })
    const forget = (): void => {
      if (made.get(format)?.exposition === exposition) {
        made.delete(format)
      }
    }
    // Not kept longer than it is shared: it may be megabytes.
    exposition.then(() => setTimeout(forget, SHARED_MS).unref(), forget)
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
