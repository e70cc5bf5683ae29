// What each phone is doing now: its live calls decide, or, when it has none, the state of its endpoint.
//
// Never from device states: a subscription to them can stall the PBX. One definition for the metrics and the API.

import type { LiveCount } from './liveCounts.ts'

export type PhoneState = 'idle' | 'ringing' | 'talking' | 'offline'

/** A phone that is listed whether it has a call or not. */
export interface KnownPhone {
  readonly endpoint: string
  readonly isOffline: boolean
}

/** Phone -> state, in insertion order; the last entry for a name wins. */
export function phoneStates(known: Iterable<KnownPhone>, groups: Iterable<LiveCount>): ReadonlyMap<string, PhoneState> {
  const states = new Map<string, PhoneState>()
  for (const { endpoint, isOffline } of known) {
    states.set(endpoint, isOffline ? 'offline' : 'idle')
  }
  for (const { key } of groups) {
    // A phone that talks and rings for a second call is talking.
    if (key.family === 'phone' && states.get(key.endpoint) !== 'talking') {
      states.set(key.endpoint, key.activity)
    }
  }
  return states
}
