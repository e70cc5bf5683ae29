// What each phone is doing right now: its live calls come first, and what the PBX says of its endpoint when it has none.
//
// Pure. Never from device states: to subscribe to them can stall the PBX. Here once, for the metrics and for the API.

import type { LiveCount } from './liveCounts.ts'

export type PhoneState = 'idle' | 'ringing' | 'talking' | 'offline'

/** A phone that is to be told of whether it has a call or not. */
export interface KnownPhone {
  readonly endpoint: string
  readonly isOffline: boolean
}

/** By name, those that are known first; of a phone that is known twice, the later word counts. */
export function phoneStates(known: Iterable<KnownPhone>, groups: Iterable<LiveCount>): ReadonlyMap<string, PhoneState> {
  const states = new Map<string, PhoneState>()
  for (const { endpoint, isOffline } of known) states.set(endpoint, isOffline ? 'offline' : 'idle')
  for (const { key } of groups) {
    // A phone that talks and rings for a second call is talking.
    if (key.family === 'phone' && states.get(key.endpoint) !== 'talking') states.set(key.endpoint, key.activity)
  }
  return states
}
