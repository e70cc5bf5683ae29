// The capacity of trunks: how many calls each can carry, and for how long it was full.
//
// Only trunks that TRUNK_CHANNELS names. A trunk that has no room under its own name has neither: the capacity of `other` would be that
// of some of its trunks and the calls those of all.

import type { LiveCount } from '../call/views/liveCounts.ts'
import type { Total } from '../totals/total.ts'
import type { LabelLimiter } from './cardinality.ts'
import { OTHER } from './catalogue/labelValues.ts'
import type { OpenValue } from './observe.ts'
import type { Instruments } from './registry.ts'

/** How many calls at a time a trunk can carry. */
export interface TrunkCapacity {
  readonly trunk: string
  readonly channels: number
}

/** Trunks of the PBX that have a capacity, which of them carry as many calls, and for how long they have done so, in seconds. */
export interface TrunksNow {
  readonly known: readonly string[]
  readonly full: readonly string[]
  readonly seconds: number
}

/** Adds the time, and returns the amounts of new series for the call log. */
export type CountTrunksFull = (now: TrunksNow) => readonly Total[]

export function trunksFullCounter(
  instruments: Instruments,
  limiter: LabelLimiter,
  registerParty: (party: OpenValue) => readonly Total[],
): CountTrunksFull {
  return ({ known, full, seconds }) => {
    const newSeries = known.flatMap((value) => registerParty({ label: 'trunk', value }))
    for (const name of full) {
      const trunk = limiter.labelFor(name)
      if (trunk !== OTHER && seconds > 0) {
        instruments.counter('trunkFull').inc({ trunk }, seconds)
      }
    }
    return newSeries
  }
}

/** Sets the gauge of capacities. */
export function setTrunkCapacities(
  instruments: Instruments,
  limiter: LabelLimiter,
  capacities: readonly TrunkCapacity[],
): void {
  const shown = limiter.forScrape(capacities.map(({ trunk }) => trunk))
  instruments.clearGauge('trunkCapacity')
  for (const { trunk, channels } of capacities) {
    if (shown(trunk) !== OTHER) {
      instruments.setGauge('trunkCapacity', { trunk }, channels)
    }
  }
}

/** The calls of each trunk that has some now. */
export function callsByTrunk(groups: Iterable<LiveCount>): ReadonlyMap<string, number> {
  const calls = new Map<string, number>()
  for (const { key, count } of groups) {
    if (key.family === 'trunk') {
      calls.set(key.trunk, (calls.get(key.trunk) ?? 0) + count)
    }
  }
  return calls
}
