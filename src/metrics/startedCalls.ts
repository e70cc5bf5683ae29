// Counts each call that starts, in the direction that it finally has.
//
// The stored series counts a call from its first fact on, in one transaction with its row, and the call is moved to another
// direction when its first target shows that: every call with a row is counted, whenever the program ends. The exported counter
// waits until the direction is settled or a scrape reads it: what was exported is never moved.

import type { Direction } from '../call/event.ts'
import type { CallFact, CallRecord } from '../call/fact.ts'

/** An amount by which the stored sum of a direction changes; below 0 for the one that a call is moved from. */
export interface StoredStep {
  readonly direction: Direction
  readonly value: number
}

/** What becomes of the count of started calls. */
export interface StartedCalls {
  /** Takes a fact; counts a call once its direction is settled. Returns what changes in the stored series. */
  see(fact: CallFact): readonly StoredStep[]
  /** Counts all calls that are still waiting, in their stored direction; to be called before a scrape. */
  settle(): void
  /** Calls that an earlier run left open and already counted, in case they are reported as new again. */
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

  const begin = (call: CallRecord): readonly StoredStep[] => {
    if (remembered.has(call.channelId)) {
      return []
    }
    update(call, false)
    return [{ direction: call.direction, value: 1 }]
  }

  const goOn = (call: CallRecord, isFinal: boolean): readonly StoredStep[] => {
    const stored = waiting.get(call.channelId)
    if (stored === undefined) {
      return []
    }
    update(call, isFinal)
    if (stored === call.direction) {
      return []
    }
    return [
      { direction: stored, value: -1 },
      { direction: call.direction, value: 1 },
    ]
  }

  return {
    see(fact) {
      switch (fact.type) {
        case 'CallStarted': {
          return begin(fact.call)
        }
        case 'CallChanged':
        case 'CallAnswered': {
          return goOn(fact.call, false)
        }
        case 'CallEnded': {
          remembered.delete(fact.call.channelId)
          return goOn(fact.call, true)
        }
        default: {
          return []
        }
      }
    },
    settle() {
      for (const direction of waiting.values()) {
        count(direction)
      }
      waiting.clear()
    },
    remember(channelIds) {
      for (const id of channelIds) {
        remembered.add(id)
      }
    },
  }
}
