// The lag of events as the program counts it: from the instant that an event carries to when it was heard.

import { bucketQuantile } from './figures.ts'

const BUCKET = /^asterisk_exporter_event_lag_seconds_bucket\{le="(.+)"\}$/

/** The quantile (0 to 1) in ms of the events between two scrapes; as fine as the histogram's buckets are. */
export function lagMs(
  quantile: number,
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): number {
  return bucketQuantile(quantile, bucketsOf(before), bucketsOf(after)) * 1000
}

function bucketsOf(samples: ReadonlyMap<string, number>) {
  return [...samples].flatMap(([series, count]) => {
    const le = BUCKET.exec(series)?.[1]
    return le === undefined ? [] : [{ le: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), count }]
  })
}
