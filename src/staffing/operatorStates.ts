// What each phone does, the knowledge about queues included: paused and in wrap-up are states of an idle phone.

import type { PhoneState } from '../call/views/phoneStates.ts'
import type { Agent } from './agent.ts'

/** `paused`: in every queue that it is a member of. `wrapup`: in one of them. */
export type OperatorState = PhoneState | 'paused' | 'wrapup'

/** The states of phones, refined by what is known of their agents. */
export function operatorStates(
  phones: ReadonlyMap<string, PhoneState>,
  agents: Iterable<Agent>,
): ReadonlyMap<string, OperatorState> {
  const states = new Map<string, OperatorState>(phones)
  const places = new Map<string, Agent[]>()
  for (const agent of agents) {
    if (agent.operator !== null && agent.state !== null && phones.get(agent.operator) === 'idle') {
      const known = places.get(agent.operator)
      if (known === undefined) {
        places.set(agent.operator, [agent])
      } else {
        known.push(agent)
      }
    }
  }
  for (const [operator, members] of places) {
    if (members.some(({ state }) => state === 'wrapup')) {
      states.set(operator, 'wrapup')
    } else if (members.every(({ state }) => state === 'paused')) {
      states.set(operator, 'paused')
    }
  }
  return states
}
