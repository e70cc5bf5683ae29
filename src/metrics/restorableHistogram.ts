// A prom-client histogram to which the sums of earlier runs can be added, and whose buckets keep exemplars.
//
// prom-client can only observe one value at a time, and a start cannot observe a million calls again. So the restored counts are kept
// beside the live ones and added when the histogram is read. New values are added to the restored sum one by one: in another order,
// the sum could differ from the stored one in the last bit, and a restart could lower it. Exemplars are kept here too, because
// prom-client would date them by the clock instead of the event.

import { Histogram } from 'prom-client'
import { createExemplars, type Exemplar, type Exemplars, type Origin } from './exemplars.ts'

/** A sample of a histogram as prom-client passes it to its text writer; `sharedLabels` are the labels of the series. */
interface HistogramSample {
  readonly value: number
  readonly metricName?: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly sharedLabels?: Readonly<Record<string, string | number>>
  readonly exemplar?: Exemplar | null
}

// The registry's text writer calls this method, and get() uses it; the type declarations lack it.
declare module 'prom-client' {
  interface Histogram<T extends string = string> {
    getForPromString(): Promise<{ readonly values: readonly HistogramSample[] }>
  }
}

interface Restored {
  /** By bucket, not cumulative. */
  readonly counts: number[]
  /** Of all values, including those observed since. */
  sum: number
  count: number
}

/** The part of a histogram that a stored sum is: the count of one bucket (by upper bound), the sum, or the total count. */
export type HistogramPart =
  | { readonly part: 'bucket'; readonly upTo: number }
  | { readonly part: 'sum' }
  | { readonly part: 'count' }

type RestorableDefinition = ConstructorParameters<typeof Histogram>[0] & {
  readonly buckets: number[]
  readonly exemplars?: boolean
}

export class RestorableHistogram extends Histogram<string> {
  readonly #bounds: readonly number[]
  readonly #names: readonly string[]
  readonly #restored = new Map<string, Restored>()
  readonly #exemplars: Exemplars | null

  constructor({ exemplars, ...definition }: RestorableDefinition) {
    super(definition)
    this.#bounds = [...definition.buckets]
    this.#names = [...(definition.labelNames ?? [])]
    this.#exemplars = exemplars === true ? createExemplars(this.#bounds) : null
  }

  /** Observes a value, and keeps its origin if the histogram was defined with exemplars. */
  observeFrom(labels: Readonly<Record<string, string>>, value: number, origin: Origin | null): void {
    this.observe(labels, value)
    const key = this.#keyOf(labels)
    const restored = this.#restored.get(key)
    if (restored !== undefined) {
      restored.sum += value
    }
    if (origin !== null) {
      this.#exemplars?.keep(key, { ...origin, value })
    }
  }

  /**
   * Adds a stored series, before anything is observed. The series must exist (`zero`). The count of a bucket that no longer exists
   * goes to the next larger one, so that later buckets, sum and count are right.
   */
  restore(labels: Readonly<Record<string, string>>, part: HistogramPart, value: number): void {
    const series = this.#seriesOf(labels)
    switch (part.part) {
      case 'bucket': {
        const index = this.#bounds.findIndex((bound) => bound >= part.upTo)
        const counted = series.counts[index]
        if (counted !== undefined) {
          series.counts[index] = counted + value
        }
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
    if (this.#restored.size === 0 && this.#exemplars === null) {
      return live
    }
    return { ...live, values: live.values.map((sample) => this.#completed(sample)) }
  }

  #seriesOf(labels: Readonly<Record<string, string | number>>): Restored {
    const key = this.#keyOf(labels)
    const known = this.#restored.get(key)
    if (known !== undefined) {
      return known
    }
    const series = { counts: this.#bounds.map(() => 0), sum: 0, count: 0 }
    this.#restored.set(key, series)
    return series
  }

  // The values of the labels, in the order of the definition.
  #keyOf(labels: Readonly<Record<string, string | number>>): string {
    let key = ''
    for (const name of this.#names) {
      key += `${labels[name]}\0`
    }
    return key
  }

  #completed(sample: HistogramSample): HistogramSample {
    const key = this.#keyOf(sample.sharedLabels ?? {})
    const series = this.#restored.get(key)
    const exemplar = this.#exemplarOf(sample, key)
    if (series === undefined && exemplar === undefined) {
      return sample
    }
    const value = series === undefined ? sample.value : valueWith(series, sample, this.#bounds)
    return { ...sample, value, ...(exemplar !== undefined && { exemplar }) }
  }

  #exemplarOf({ labels: { le: upTo } }: HistogramSample, key: string): Exemplar | undefined {
    return upTo === undefined ? undefined : this.#exemplars?.of(key, upTo === '+Inf' ? Infinity : Number(upTo))
  }
}

function valueWith(
  restored: Restored,
  { value, metricName, labels }: HistogramSample,
  bounds: readonly number[],
): number {
  if (metricName?.endsWith('_sum') === true) {
    return restored.sum
  }
  const { le: upTo } = labels
  // The count and the +Inf bucket are the same number.
  if (typeof upTo !== 'number') {
    return value + restored.count
  }
  return restored.counts.reduce((sum, count, index) => ((bounds[index] ?? Infinity) <= upTo ? sum + count : sum), value)
}
