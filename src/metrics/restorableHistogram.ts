// A prom-client histogram to which the sums of former runs can be added.
//
// prom-client can only observe one value at a time, and a million calls cannot be observed anew at each start. So the
// restored sums lie beside the live ones and are added when the histogram is read; the live part is left as it is.

import { Histogram } from 'prom-client'

/** One line of a histogram as prom-client hands it to its text writer; `sharedLabels` are those of the series. */
interface HistogramSample {
  readonly value: number
  readonly metricName?: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly sharedLabels?: Readonly<Record<string, string | number>>
}

// The registry's text writer prefers this method to get(), and get() is made of it; only the type declarations lack it.
declare module 'prom-client' {
  interface Histogram<T extends string = string> {
    getForPromString(): Promise<{ readonly values: readonly HistogramSample[] }>
  }
}

interface Restored {
  /** By bucket, not cumulative. */
  readonly counts: number[]
  sum: number
  count: number
}

/** What one stored sum of a histogram is: the hits of one bucket (by upper bound), the sum, or the count. */
export type HistogramPart =
  | { readonly part: 'bucket'; readonly upTo: number }
  | { readonly part: 'sum' }
  | { readonly part: 'count' }

export class RestorableHistogram extends Histogram<string> {
  readonly #bounds: readonly number[]
  readonly #restored = new Map<string, Restored>()

  constructor(definition: ConstructorParameters<typeof Histogram>[0] & { readonly buckets: number[] }) {
    super(definition)
    this.#bounds = [...definition.buckets]
  }

  /**
   * Adds a stored sum. The series must exist (`zero`). Hits of a bucket that is gone count in the next larger one:
   * later buckets stay right, and so do sum and count.
   */
  restore(labels: Readonly<Record<string, string>>, part: HistogramPart, value: number): void {
    const series = this.#seriesOf(labels)
    switch (part.part) {
      case 'bucket': {
        const index = this.#bounds.findIndex((bound) => bound >= part.upTo)
        const counted = series.counts[index]
        if (counted !== undefined) series.counts[index] = counted + value
        return
      }
      case 'sum': {
        series.sum += value
        return
      }
      case 'count': {
        series.count += value
        return
      }
    }
  }

  override async getForPromString(): ReturnType<Histogram['getForPromString']> {
    const live = await super.getForPromString()
    if (this.#restored.size === 0) return live
    return { ...live, values: live.values.map((sample) => this.#withRestored(sample)) }
  }

  #seriesOf(labels: Readonly<Record<string, string | number>>): Restored {
    const key = seriesKey(labels)
    const known = this.#restored.get(key)
    if (known !== undefined) return known
    const series = { counts: this.#bounds.map(() => 0), sum: 0, count: 0 }
    this.#restored.set(key, series)
    return series
  }

  #withRestored(sample: HistogramSample): HistogramSample {
    const series = this.#restored.get(seriesKey(sample.sharedLabels ?? {}))
    if (series === undefined) return sample
    return { ...sample, value: sample.value + restoredValue(sample, series, this.#bounds) }
  }
}

function restoredValue(sample: HistogramSample, series: Restored, bounds: readonly number[]): number {
  if (sample.metricName?.endsWith('_sum') === true) return series.sum
  const { le: upTo } = sample.labels
  // The count and the +Inf bucket are one and the same figure.
  if (typeof upTo !== 'number') return series.count
  return series.counts.reduce((sum, count, index) => ((bounds[index] ?? Infinity) <= upTo ? sum + count : sum), 0)
}

function seriesKey(labels: Readonly<Record<string, string | number>>): string {
  return JSON.stringify(Object.entries(labels).sort())
}
