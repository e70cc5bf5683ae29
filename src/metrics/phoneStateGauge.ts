// The gauge of what each phone is doing right now.
//
// A phone is offline only if its endpoint is, or was when the connection was lost, and no call shows otherwise. Phones beyond the
// limit are counted together as `other`. The states are decided in src/call/views/phoneStates.ts and src/staffing/operatorStates.ts.

import type { LiveCount } from '../call/views/liveCounts.ts'
import { type KnownPhone, phoneStates } from '../call/views/phoneStates.ts'
import type { Agent } from '../staffing/agent.ts'
import { type OperatorState, operatorStates } from '../staffing/operatorStates.ts'
import type { LabelLimiter } from './cardinality.ts'
import { OPERATOR_STATES, OTHER } from './catalogue/labelValues.ts'
import type { KnownEndpoint } from './endpointGauges.ts'
import type { Instruments } from './registry.ts'

interface PhonesNow {
  readonly groups: readonly LiveCount[]
  readonly endpoints: readonly KnownEndpoint[]
  readonly agents: Iterable<Agent>
}

/** Sets the state of all phones: those that are endpoints of the PBX, those in active calls, those that ever were in one. */
export function setOperatorStates(
  instruments: Instruments,
  limiter: LabelLimiter,
  { groups, endpoints, agents }: PhonesNow,
): void {
  const states = operatorStates(phoneStates(knownPhones(limiter, endpoints), groups), agents)
  const shown = limiter.forScrape(states.keys())
  const counts = new Map<string, Map<OperatorState, number>>()
  for (const [phone, state] of states) {
    const operator = shown(phone)
    const soFar = counts.get(operator) ?? new Map<OperatorState, number>()
    counts.set(operator, soFar.set(state, (soFar.get(state) ?? 0) + 1))
  }
  instruments.clearGauge('operatorState')
  for (const [operator, byState] of counts) {
    for (const state of OPERATOR_STATES) {
      instruments.setGauge('operatorState', { operator, state }, byState.get(state) ?? 0)
    }
  }
}

function* knownPhones(limiter: LabelLimiter, endpoints: readonly KnownEndpoint[]): Iterable<KnownPhone> {
  for (const operator of limiter.registered()) {
    if (operator !== OTHER) {
      yield { endpoint: operator, isOffline: false }
    }
  }
  for (const { endpoint, role, state, lastState = state } of endpoints) {
    if (role === 'phone') {
      yield { endpoint, isOffline: lastState === 'offline' }
    }
  }
}
