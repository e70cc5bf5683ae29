// Counters never fall: the highest value of each series that was ever served binds all later ones.
//
// Across a restart this holds for what the call log keeps. Of what was served just before a `kill -9` nothing is
// promised, for a call that ended less than 100 ms before may not be on disk.

import { CATALOGUE } from '../../../src/metrics/catalogue/catalogue.ts'
import { NOT_YET_ON_DISK_MS } from './observedIntervals.ts'

type Samples = ReadonlyMap<string, number>

/** Sums of seconds come back from the disk with the last digit rounded. */
const ROUNDING = 1e-6

export interface Ratchet {
  /** Takes a scrape that was there at `at`. */
  take(samples: Samples, at: number): void
  /** The program was ended and is another one now. */
  restarted(end: { readonly at: number; readonly by: string } | null): void
  /** Every series that fell, told once each time. */
  readonly fallen: readonly string[]
}

export function createRatchet(): Ratchet {
  const fallen: string[] = []
  const highest = new Map<string, number>()
  let recent: { readonly at: number; readonly samples: Samples }[] = []

  function bind(samples: Samples): void {
    for (const [series, value] of samples) {
      if (COUNTERS.has(nameOf(series))) {
        highest.set(series, Math.max(value, highest.get(series) ?? 0))
      }
    }
  }

  return {
    take(samples, at) {
      if (samples.size === 0) {
        return
      }
      const last = recent.at(-1)?.samples ?? new Map<string, number>()
      for (const [series, value] of samples) {
        if (!COUNTERS.has(nameOf(series))) {
          continue
        }
        const bound = Math.max(highest.get(series) ?? 0, last.get(series) ?? 0)
        if (value < bound - ROUNDING) {
          fallen.push(`${series}: ${bound} -> ${value}`)
        }
      }
      recent.push({ at, samples })
      while (recent.length > 1 && (recent[0]?.at ?? at) < at - 1_000) {
        bind(recent.shift()?.samples ?? samples)
      }
    },
    restarted(end) {
      const until = end?.by === 'SIGKILL' ? end.at - NOT_YET_ON_DISK_MS : Number.POSITIVE_INFINITY
      for (const { at, samples } of recent) {
        if (at < until) {
          bind(samples)
        }
      }
      recent = []
      for (const series of highest.keys()) {
        if (!KEPT.has(nameOf(series))) {
          highest.delete(series)
        }
      }
    },
    fallen,
  }
}

const COUNTERS = new Set<string>()
const KEPT = new Set<string>()
for (const entry of Object.values(CATALOGUE)) {
  if (entry.type === 'gauge') {
    continue
  }
  const names = entry.type === 'counter' ? [entry.name] : ['_bucket', '_sum', '_count'].map((end) => entry.name + end)
  for (const name of names) {
    COUNTERS.add(name)
    if (entry.persisted) {
      KEPT.add(name)
    }
  }
}

function nameOf(series: string): string {
  return series.split('{', 1)[0] ?? series
}
