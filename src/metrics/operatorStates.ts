// What each phone is doing right now: from its live calls first, and from its endpoint's state when it has none.
//
// Never from device states: to subscribe to them can stall the PBX. A phone is offline only when its endpoint is known
// to be, or was when sight was lost, and no call says otherwise. Phones beyond the cap are counted together as `other`.

import type { CensusGroup } from '../call/census.ts'
import type { Instruments } from './instruments.ts'
import { OPERATOR_STATES, type OperatorState, OTHER } from './labelLists.ts'
import type { LabelGuard } from './labels.ts'
import type { KnownEndpoint } from './live.ts'

interface PhonesNow {
  readonly groups: readonly CensusGroup[]
  readonly endpoints: readonly KnownEndpoint[]
}

/** Sets the state of all phones: those of the PBX' endpoints, those with live calls, those that ever had one. */
export function setOperatorStates(instruments: Instruments, guard: LabelGuard, now: PhonesNow): void {
  const states = statesByPhone(guard, now)
  const shown = guard.view(states.keys())
  const counts = new Map<string, Map<OperatorState, number>>()
  for (const [phone, state] of states) {
    const operator = shown(phone)
    const sofar = counts.get(operator) ?? new Map<OperatorState, number>()
    counts.set(operator, sofar.set(state, (sofar.get(state) ?? 0) + 1))
  }
  instruments.clearGauge('operatorState')
  for (const [operator, byState] of counts) {
    for (const state of OPERATOR_STATES) {
      instruments.setGauge('operatorState', { operator, state }, byState.get(state) ?? 0)
    }
  }
}

function statesByPhone(guard: LabelGuard, { groups, endpoints }: PhonesNow): ReadonlyMap<string, OperatorState> {
  const states = new Map<string, OperatorState>()
  for (const operator of guard.admitted()) {
    if (operator !== OTHER) states.set(operator, 'idle')
  }
  for (const { endpoint, role, state, lastState = state } of endpoints) {
    if (role === 'phone') states.set(endpoint, lastState === 'offline' ? 'offline' : 'idle')
  }
  for (const { key } of groups) {
    if (key.family !== 'phone') continue
    // A phone that talks and rings for a second call is talking.
    if (states.get(key.endpoint) !== 'talking') states.set(key.endpoint, key.activity)
  }
  return states
}
