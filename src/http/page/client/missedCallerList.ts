// The missed callers that the page knows: those of the last answers of the API, and what the feed reported since.
//
// No I/O. A report that arrives while an answer is on its way may be newer than the answer, so that it is applied to it once more.

import type { MissedCallerEntry } from '../../../query/schema.ts'

/** By the first missed call: who waits longest, or who was missed last, comes first. */
export const ORDERS = ['longest', 'newest'] as const

export type Order = (typeof ORDERS)[number]

export interface MissedCallerList {
  /** A request begins. */
  begin(): void
  /** Its answer: replaces what is known. */
  load(callers: readonly MissedCallerEntry[]): void
  /** The feed reported this caller. */
  apply(caller: MissedCallerEntry): void
  waiting(order: Order): readonly MissedCallerEntry[]
  /** Those that were closed since this instant (ISO 8601), the last first; earlier ones are forgotten. */
  closedSince(from: string): readonly MissedCallerEntry[]
}

/** Nobody is known. */
export function createMissedCallerList(): MissedCallerList {
  let known = new Map<number, MissedCallerEntry>()
  let reported: Map<number, MissedCallerEntry> | null = null

  return {
    begin() {
      reported = new Map()
    },
    load(callers) {
      known = new Map([...callers.map((caller) => [caller.id, caller] as const), ...(reported ?? [])])
      reported = null
    },
    apply(caller) {
      known.set(caller.id, caller)
      reported?.set(caller.id, caller)
    },
    waiting(order) {
      const waiting = [...known.values()].filter(({ state }) => state === 'waiting').sort(byFirstMiss)
      return order === 'longest' ? waiting : waiting.reverse()
    },
    closedSince(from) {
      for (const [id, { closed_time: closedAt }] of known) {
        if (closedAt !== null && closedAt < from) {
          known.delete(id)
        }
      }
      return [...known.values()].filter(({ closed_time }) => closed_time !== null).sort(byClosing)
    },
  }
}

// The order of ISO instants is the order of time.
function byFirstMiss(one: MissedCallerEntry, other: MissedCallerEntry): number {
  return compare(one.first_miss_time, other.first_miss_time) || one.id - other.id
}

function byClosing(one: MissedCallerEntry, other: MissedCallerEntry): number {
  return compare(other.closed_time ?? '', one.closed_time ?? '') || other.id - one.id
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
