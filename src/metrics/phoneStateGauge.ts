// The gauge of what each phone is doing right now.
//
// A phone is offline only when its endpoint is known to be, or was when sight was lost, and no call says otherwise. Phones
// beyond the cap are counted together as `other`. What a phone does is src/call/views/phoneStates.ts' business.

import type { LiveCount } from '../call/views/liveCounts.ts'
import { type KnownPhone, type PhoneState, phoneStates } from '../call/views/phoneStates.ts'
import type { LabelGuard } from './cardinality.ts'
import { OPERATOR_STATES, OTHER } from './catalogue/labelValues.ts'
import type { KnownEndpoint } from './liveGauges.ts'
import type { Instruments } from './registry.ts'

interface PhonesNow {
  readonly groups: readonly LiveCount[]
  readonly endpoints: readonly KnownEndpoint[]
}

/** Sets the state of all phones: those of the PBX' endpoints, those with live calls, those that ever had one. */
export function setOperatorStates(instruments: Instruments, guard: LabelGuard, { groups, endpoints }: PhonesNow): void {
  const states = phoneStates(knownPhones(guard, endpoints), groups)
  const shown = guard.view(states.keys())
  const counts = new Map<string, Map<PhoneState, number>>()
  for (const [phone, state] of states) {
    const operator = shown(phone)
    const sofar = counts.get(operator) ?? new Map<PhoneState, number>()
    counts.set(operator, sofar.set(state, (sofar.get(state) ?? 0) + 1))
  }
  instruments.clearGauge('operatorState')
  for (const [operator, byState] of counts) {
    for (const state of OPERATOR_STATES) {
      instruments.setGauge('operatorState', { operator, state }, byState.get(state) ?? 0)
    }
  }
}

function* knownPhones(guard: LabelGuard, endpoints: readonly KnownEndpoint[]): Iterable<KnownPhone> {
  for (const operator of guard.admitted()) {
    if (operator !== OTHER) yield { endpoint: operator, isOffline: false }
  }
  for (const { endpoint, role, state, lastState = state } of endpoints) {
    if (role === 'phone') yield { endpoint, isOffline: lastState === 'offline' }
  }
}
