// Keeps one exemplar for each bucket of each series: the call that the bucket's latest value came from. In memory only.
//
// Never contains a number or a name, only the id of a call, with which its row can be opened. Not kept across restarts.
// Source of the rules: OpenMetrics 1.0, Exemplars (a label set has at most 128 characters, names included).

/** The call that an observed value comes from (its channel id), and the time of the event (epoch ms). */
export interface Origin {
  readonly callId: string
  readonly at: number
}

/** One value of a bucket and its origin. */
export interface Exemplar extends Origin {
  readonly value: number
}

/** The only label of an exemplar. */
export const EXEMPLAR_LABEL = 'call_id'

const MAX_CHARACTERS = 128 - EXEMPLAR_LABEL.length

export interface Exemplars {
  /** Replaces the older exemplar of the bucket. Ignores an id that must not be exported. */
  keep(series: string, exemplar: Exemplar): void
  /** The exemplar of the bucket with this upper bound; `+Inf` is Infinity. */
  of(series: string, upTo: number): Exemplar | undefined
}

/** The exemplars of one histogram. `bounds`: its upper bounds, ascending. */
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
  return callId.length <= MAX_CHARACTERS && /^[!#-[\]-~]+$/.test(callId) && /[^\d+*#()-]/.test(callId)
}
