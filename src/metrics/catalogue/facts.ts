// Helpers for the `from` of the catalogue: from which facts a metric is derived, and times in seconds.

import type { CallRecord, LegRecord } from '../../call/fact.ts'
import type { Derivation, Sample } from './entry.ts'

/** From each ended call that did not merge into another: the other call counts for both. */
export function wholeCall<Labels>(derive: (call: CallRecord) => readonly Sample<Labels>[]): Derivation<Labels> {
  return { CallEnded: ({ call }) => (call.disposition === 'merged' ? [] : derive(call)) }
}

/** From each ended leg of a called party; not from the caller's own leg, nor from that of a paged phone. */
export function calleeLeg<Labels>(derive: (leg: LegRecord) => readonly Sample<Labels>[]): Derivation<Labels> {
  return { LegEnded: ({ leg }) => (leg.role === 'callee' ? derive(leg) : []) }
}

/** One sample of this time; none if it is null. */
export function seconds<const Labels>(ms: number | null, labels: Labels): readonly Sample<Labels>[] {
  return ms === null ? [] : [{ labels, value: ms / 1000 }]
}
