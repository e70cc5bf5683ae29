// The arithmetic of the benchmarks: medians, percentiles, ratios, quantiles of a Prometheus histogram.
//
// Pure. What cannot be said (no sample, a ratio to nothing) is NaN and shows as "not measured", never as a number.

/** The middle of the values; of an even number, halfway between the two in the middle. */
export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** The value below which `percent` of the values lie, linear between neighbours; NaN without any. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  const place = ((sorted.length - 1) * percent) / 100
  const [low = Number.NaN, high = low] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return low + (high - low) * (place - Math.floor(place))
}

/** How many times `floor` goes into `value`; NaN when there is no floor. */
export function ratio(value: number, floor: number): number {
  return floor > 0 ? value / floor : Number.NaN
}

/** The ratio of each pair of measurements: what disturbs both sides of one pair alike cancels out. */
export function ratios(pairs: readonly { readonly value: number; readonly floor: number }[]): readonly number[] {
  return pairs.map(({ value, floor }) => ratio(value, floor))
}

/** One bucket of a Prometheus histogram: how many were at most `le`, those of the buckets below included. */
export interface Bucket {
  readonly le: number
  readonly count: number
}

/**
 * The quantile (0 to 1) of what was counted between two readings of the same histogram, linear inside a bucket as
 * Prometheus has it; NaN when nothing was, the highest bound when it lies above that.
 */
export function bucketQuantile(quantile: number, before: readonly Bucket[], after: readonly Bucket[]): number {
  const grown = after
    .map(({ le, count }) => ({ le, count: count - (before.find((bucket) => bucket.le === le)?.count ?? 0) }))
    .sort((one, other) => one.le - other.le)
  const wanted = (grown.at(-1)?.count ?? 0) * quantile
  if (wanted === 0) {
    return Number.NaN
  }
  const index = grown.findIndex(({ count }) => count >= wanted)
  const [below, hit] = [grown[index - 1] ?? { le: 0, count: 0 }, grown[index]]
  if (hit === undefined || hit.le === Number.POSITIVE_INFINITY) {
    return below.le
  }
  return below.le + ((hit.le - below.le) * (wanted - below.count)) / (hit.count - below.count)
}
