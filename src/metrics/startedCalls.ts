// Counts each call that starts, in its final direction.
//
// The stored series counts a call from its first fact on, in one transaction with its row, so that every call with a row is counted
// whenever the program ends. The call moves to another direction if its first target decides that. The exported counter waits until the
// direction is settled or a scrape reads it: an exported count never moves.

import type { Direction } from '../call/event.ts'
import type { CallRecord } from '../call/fact.ts'
import type { Fact } from './catalogue/entry.ts'

/** An amount by which the stored sum of a direction changes; below 0 for the one that a call is moved from. */
export interface StoredStep {
  readonly direction: Direction
  readonly value: number
}

export interface StartedCalls {
  /** Counts the call of a fact when its direction is settled. Returns the changes of the stored series. */
  observe(fact: Fact): readonly StoredStep[]
  /** Counts all calls that are still waiting, in their stored direction; to be called before a scrape. */
  settle(): void
  /** Open calls that an earlier run already counted; they are not counted again if they are reported as new. */
  restore(channelIds: Iterable<string>): void
}

/** `count` is called once for each call. */
export function createStartedCalls(count: (direction: Direction) => void): StartedCalls {
  const waiting = new Map<string, Direction>()
  const restored = new Set<string>()

  const update = (call: CallRecord, isFinal: boolean): void => {
    if (isFinal || call.directionSettled) {
      waiting.delete(call.channelId)
      count(call.direction)
    } else {
      waiting.set(call.channelId, call.direction)
    }
  }

  const start = (call: CallRecord): readonly StoredStep[] => {
    if (restored.has(call.channelId)) {
      return []
    }
    update(call, false)
    return [{ direction: call.direction, value: 1 }]
  }

  const change = (call: CallRecord, isFinal: boolean): readonly StoredStep[] => {
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
    observe(fact) {
      switch (fact.type) {
        case 'CallStarted': {
          return start(fact.call)
        }
        case 'CallChanged':
        case 'CallAnswered': {
          return change(fact.call, false)
        }
        case 'CallEnded': {
          restored.delete(fact.call.channelId)
          return change(fact.call, true)
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
    restore(channelIds) {
      for (const id of channelIds) {
        restored.add(id)
      }
    },
  }
}
