// People who speak with missed callers of a made-up office: phones that call them back, and callers who call again.
//
// The office looks at the list that the exporter keeps, as its people would.

import type { MissedCaller } from '../../../src/callback/missedCaller.ts'
import type { MissedCallers } from '../../../src/callback/missedCallers.ts'
import type { Random } from '../../../src/pbx-sim/random.ts'
import type { Simulator } from '../../../src/pbx-sim/simulator.ts'

export interface CallbackOptions {
  /** Epoch ms. */
  readonly startAt: number
  readonly callbacksPerHour?: (at: number) => number
}

export interface CallbackSurroundings {
  readonly waiting: MissedCallers['waiting']
  readonly random: Random
  readonly place: Simulator['place']
}

export interface Callbacks {
  /** When the next one is due. */
  readonly nextAt: () => number
  /** Somebody on the list is called, or calls again; nothing happens if nobody waits. */
  readonly call: () => void
}

/** How often the office considers a call where it makes none. */
const LOOKS_PER_HOUR = 4
const CALLS_AGAIN = 0.2
const IS_ANSWERED = 0.8

/** Nobody has been called back yet. */
export function createCallbacks(
  { startAt, callbacksPerHour = () => 0 }: CallbackOptions,
  { waiting, random, place }: CallbackSurroundings,
): Callbacks {
  const after = (at: number) =>
    at + Math.max(1, Math.round(random.wait(3_600_000 / (callbacksPerHour(at) || LOOKS_PER_HOUR))))
  let nextAt = after(startAt)
  return {
    nextAt: () => nextAt,
    call() {
      const isAtWork = callbacksPerHour(nextAt) > 0
      nextAt = after(nextAt)
      const next = isAtWork ? longestWaiting(waiting()) : undefined
      if (next === undefined) {
        return
      }
      const outside = { number: next.number, name: next.name }
      if (random.chance(CALLS_AGAIN)) {
        place('inbound', { outside })
      } else {
        place(random.chance(IS_ANSWERED) ? 'outbound' : 'outbound-busy', { outside })
      }
    },
  }
}

function longestWaiting(callers: Iterable<MissedCaller>): MissedCaller | undefined {
  return [...callers].toSorted((one, other) => one.firstMissAt - other.firstMissAt)[0]
}
