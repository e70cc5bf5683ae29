// The call that a bucket's latest value came from: one for each bucket of each series, in memory only.
//
// Never a number or a name: the id of a call, by which its row can be opened. They start anew with each process.
// Source of the rules: OpenMetrics 1.0, Exemplars (a set of labels has at most 128 characters, its name included).

/** Where an observed value comes from: the call, by the id of its channel, and the event's own time (epoch ms). */
export interface Origin {
  readonly callId: string
  readonly at: number
}

/** One value of a bucket and its origin. */
export interface Exemplar extends Origin {
  readonly value: number
}

/** The one label that an exemplar has. */
export const EXEMPLAR_LABEL = 'call_id'

const MOST_CHARACTERS = 128 - EXEMPLAR_LABEL.length

export interface Exemplars {
  /** Replaces the older one of its bucket. An id that must not be exported is left out. */
  keep(series: string, exemplar: Exemplar): void
  /** Of the bucket with this upper bound; `+Inf` is Infinity. */
  of(series: string, upTo: number): Exemplar | undefined
}

/** For histograms with these upper bounds, rising. */
export function createExemplars(bounds: readonly number[]): Exemplars {
  const kept = new Map<string, Map<number, Exemplar>>()
  return {
    keep(series, exemplar) {
      if (!isExportable(exemplar.callId)) {
        return
      }
      const upTo = bounds.find((bound) => exemplar.value <= bound) ?? Infinity
      const buckets = kept.get(series) ?? new Map<number, Exemplar>()
      kept.set(series, buckets)
      // A call that ended while disconnected is reported late. Prometheus rejects an exemplar older than the one that it has.
      if ((buckets.get(upTo)?.at ?? -Infinity) <= exemplar.at) {
        buckets.set(upTo, exemplar)
      }
    },
    of: (series, upTo) => kept.get(series)?.get(upTo),
  }
}

// An application can choose its channel ids. Digits alone could be a telephone number; some parsers cannot read an escaped value.
function isExportable(callId: string): boolean {
  return callId.length <= MOST_CHARACTERS && /^[!#-[\]-~]+$/.test(callId) && /[^\d+*#()-]/.test(callId)
}
