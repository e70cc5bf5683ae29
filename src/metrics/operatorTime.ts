// The time that each operator spends in each state.
//
// Counted for the members of queues and for phones that ever had a call: other endpoints would only fill the label's limit.

import type { OperatorState } from '../staffing/operatorStates.ts'
import type { Total } from '../totals/total.ts'
import type { LabelLimiter } from './cardinality.ts'
import { OTHER } from './catalogue/labelValues.ts'
import type { OpenValue } from './observe.ts'
import type { Instruments } from './registry.ts'

/** The operators' states, which of them are members of queues, and how long they have been so, in seconds. */
export interface OperatorsNow {
  readonly states: ReadonlyMap<string, OperatorState>
  readonly members: ReadonlySet<string>
  readonly seconds: number
}

/** Adds the time, and returns the amounts of new series for the call log. */
export type CountOperatorTime = (now: OperatorsNow) => readonly Total[]

export function operatorTimeCounter(
  instruments: Instruments,
  limiter: LabelLimiter,
  registerParty: (party: OpenValue) => readonly Total[],
): CountOperatorTime {
  return ({ states, members, seconds }) => {
    const newSeries = [...members].flatMap((value) => registerParty({ label: 'operator', value }))
    if (seconds > 0) {
      for (const [name, state] of states) {
        const operator = limiter.labelFor(name)
        if (operator !== OTHER || members.has(name)) {
          instruments.counter('operatorSeconds').inc({ operator, state }, seconds)
        }
      }
    }
    return newSeries
  }
}
