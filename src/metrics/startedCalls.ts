// Counts each call that begins, in the direction that it turns out to have.
//
// A call's direction is settled by its first target, so a new call waits here until then. Whoever reads the metrics
// meanwhile must find it counted, for started = ended + active: it is then counted in the direction it has so far.
// The size of the memory is the number of live calls without a target.

import type { Direction } from '../call/event.ts'
import type { CallFact, CallRecord } from '../call/fact.ts'

/** What becomes of the count of started calls. */
export interface StartedCalls {
  /** Takes a fact in; counts a call once its direction is settled. */
  see(fact: CallFact): void
  /** Counts whatever is not counted yet; to be called before the metrics are read. */
  settle(): void
  /** Calls that a former run left open and that are counted already, should they be told of as new again. */
  remember(channelIds: Iterable<string>): void
}

/** `count` is called once for each call. */
export function createStartedCalls(count: (direction: Direction) => void): StartedCalls {
  const waiting = new Map<string, Direction>()
  const remembered = new Set<string>()

  const update = (call: CallRecord, isFinal: boolean): void => {
    if (isFinal || call.directionSettled) {
      waiting.delete(call.channelId)
      count(call.direction)
    } else {
      waiting.set(call.channelId, call.direction)
    }
  }

  return {
    see(fact) {
      switch (fact.type) {
        case 'CallStarted': {
          if (!remembered.has(fact.call.channelId)) update(fact.call, false)
          return
        }
        case 'CallChanged':
        case 'CallAnswered': {
          if (waiting.has(fact.call.channelId)) update(fact.call, false)
          return
        }
        case 'CallEnded': {
          if (waiting.has(fact.call.channelId)) update(fact.call, true)
          remembered.delete(fact.call.channelId)
          return
        }
        default: {
          return
        }
      }
    },
    settle() {
      for (const direction of waiting.values()) count(direction)
      waiting.clear()
    },
    remember(channelIds) {
      for (const id of channelIds) remembered.add(id)
    },
  }
}
