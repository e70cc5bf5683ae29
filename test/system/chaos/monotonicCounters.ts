// Counters never fall: the highest value of each series that was ever served is the least that is served later.
//
// Across a `kill -9` this holds for values that the call log keeps and that were shown to be on disk.

import { CATALOGUE } from '../../../src/metrics/catalogue/catalogue.ts'

type Samples = ReadonlyMap<string, number>

/** Sums of seconds come back from the disk with the last digit rounded. */
const ROUNDING = 1e-6

export interface CounterCheck {
  /** Takes the next scrape. `previousOnDisk`: it shows that what the one before it counted is on disk. */
  take(samples: Samples, previousOnDisk: boolean): void
  /** The program has ended and another one takes over. */
  restarted(end: { readonly by: string } | null): void
  /** Every series that fell, once each time. */
  readonly fallen: readonly string[]
}

const NOTHING: Samples = new Map()

export function createCounterCheck(): CounterCheck {
  const fallen: string[] = []
  const onDisk = new Map<string, number>()
  let previous = NOTHING

  function keep(samples: Samples): void {
    for (const [series, value] of samples) {
      if (PERSISTED.has(nameOf(series))) {
        onDisk.set(series, Math.max(value, onDisk.get(series) ?? 0))
      }
    }
  }

  return {
    take(samples, previousOnDisk) {
      if (samples.size === 0) {
        return
      }
      for (const [series, value] of samples) {
        const least = Math.max(onDisk.get(series) ?? 0, previous.get(series) ?? 0)
        if (COUNTERS.has(nameOf(series)) && value < least - ROUNDING) {
          fallen.push(`${series}: ${least} -> ${value}`)
        }
      }
      if (previousOnDisk) {
        keep(previous)
      }
      previous = samples
    },
    restarted(end) {
      if (end?.by !== 'SIGKILL') {
        keep(previous)
      }
      previous = NOTHING
    },
    fallen,
  }
}

const COUNTERS = new Set<string>()
const PERSISTED = new Set<string>()
for (const entry of Object.values(CATALOGUE)) {
  if (entry.type === 'gauge') {
    continue
  }
  const names = entry.type === 'counter' ? [entry.name] : ['_bucket', '_sum', '_count'].map((end) => entry.name + end)
  for (const name of names) {
    COUNTERS.add(name)
    if (entry.persisted) {
      PERSISTED.add(name)
    }
  }
}

function nameOf(series: string): string {
  return series.split('{', 1)[0] ?? series
}
