// Connects the watch of toll calls with the rest: which countries were ever called is stored in the call log, and a first call is logged.
//
// What is stored are sums that are added to once: they outlast the rows of the calls, and are in one transaction with the first call.

import type { CallFact } from '../call/fact.ts'
import type { RoleOf } from '../call/outcome/direction.ts'
import type { TollFact } from '../fraud/tollCall.ts'
import { createTollWatch, type EarlierTollCalls, type TollWatch } from '../fraud/tollWatch.ts'
import type { Logger } from '../log.ts'
import type { TollSource } from '../metrics/tollGauges.ts'
import type { Total } from '../totals/total.ts'

/** Names of stored sums: of each country, when it was first called; and since when that is stored. Epoch ms. */
const FIRST_CALL = 'first_call_to_country'
const SINCE = 'first_calls_since'

export interface FraudDependencies {
  readonly roleOf: RoleOf
  /** All stored sums. */
  readonly totals: readonly Total[]
  readonly restored: { readonly calls: EarlierTollCalls['calls'] }
  /** The PBX's time, epoch ms. */
  readonly now: () => number
  readonly log: Pick<Logger, 'info'>
}

export interface Fraud extends TollSource {
  readonly apply: (fact: CallFact) => readonly TollFact[]
  /** The amounts to store of these facts. */
  readonly totals: (facts: readonly TollFact[]) => readonly Total[]
  /** To be stored before the first fact; empty if an earlier run has. */
  readonly owed: readonly Total[]
}

/** The watch, with what an earlier run stored. */
export function openFraud({ roleOf, totals, restored, now, log }: FraudDependencies): Fraud {
  const countries = new Map(totals.flatMap(countryOf))
  const stored = totals.find(({ name }) => name === SINCE)?.value
  const since = stored ?? now()
  const watch: TollWatch = createTollWatch({ roleOf })
  watch.restore({ countries: countries.keys(), calls: restored.calls })

  function note(fact: TollFact): readonly Total[] {
    if (fact.type !== 'CountryFirstCalled') {
      return []
    }
    const { country, at, phone, call } = fact
    countries.set(country, at)
    log.info({ country, phone, call }, 'first call to this country')
    return [{ name: FIRST_CALL, labels: { country }, value: at }]
  }

  return {
    apply: watch.apply,
    totals: (facts) => facts.flatMap(note),
    owed: stored === undefined ? [{ name: SINCE, labels: {}, value: since }] : [],
    peaks: watch.peaks,
    countries: () => countries,
    since: () => since,
  }
}

/** Whether a stored sum is one of these, and so none of the metrics. */
export function isOfFraud({ name }: Total): boolean {
  return name === FIRST_CALL || name === SINCE
}

function countryOf({ name, labels, value }: Total): readonly (readonly [string, number])[] {
  const country = labels['country']
  return name === FIRST_CALL && country !== undefined ? [[country, value]] : []
}
