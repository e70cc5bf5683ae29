// The missed callers that the page knows: those of the last answers of the API, and what the feed reported since.
//
// No I/O. A report may be newer than an answer that arrives after it: because it came while the answer was on its way, or, in a fleet,
// because the central call log learns of it later. So it is applied to that answer once more.

import { type Caller, compareIds, type EntryId } from './entries.ts'

/** By the first missed call: who waits longest, or who was missed last, comes first. */
export const ORDERS = ['longest', 'newest'] as const

export type Order = (typeof ORDERS)[number]

export interface MissedCallerList {
  /** A request begins. */
  begin(): void
  /** Its answer: replaces what is known. */
  load(callers: readonly Caller[]): void
  /** The feed reported this caller. */
  apply(caller: Caller): void
  waiting(order: Order): readonly Caller[]
  /** Those that were closed since this instant (ISO 8601), the last first; earlier ones are forgotten. */
  closedSince(from: string): readonly Caller[]
}

export interface MissedCallerListOptions {
  /** How long after a report an answer may not know of it yet. */
  readonly lagMs: number
  /** A monotonic clock, ms. */
  readonly ticks: () => number
}

/** Nobody is known. */
export function createMissedCallerList({ lagMs, ticks }: MissedCallerListOptions): MissedCallerList {
  let known = new Map<EntryId, Caller>()
  /** The last of each caller that an answer may not know of yet, the oldest first. */
  const reports = new Map<EntryId, { readonly caller: Caller; readonly at: number }>()
  let isAsked = false

  const forgetReports = (): void => {
    const now = ticks()
    for (const [id, { at }] of reports) {
      if (now - at < lagMs) {
        return
      }
      reports.delete(id)
    }
  }

  return {
    begin() {
      forgetReports()
      isAsked = true
    },
    load(callers) {
      known = new Map(callers.map((caller) => [caller.id, caller] as const))
      for (const [id, { caller }] of reports) {
        const answered = known.get(id)
        if (answered === undefined || !isLater(answered, caller)) {
          known.set(id, caller)
        }
      }
      isAsked = false
      forgetReports()
    },
    apply(caller) {
      known.set(caller.id, caller)
      if (!isAsked) {
        forgetReports()
      }
      reports.delete(caller.id)
      reports.set(caller.id, { caller, at: ticks() })
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

// What is known of a caller only grows, until it is closed.
function isLater(one: Caller, other: Caller): boolean {
  const [isClosed, isOtherClosed] = [one.closed_time !== null, other.closed_time !== null]
  return isClosed === isOtherClosed ? one.attempts + one.tries > other.attempts + other.tries : isClosed
}

// The order of ISO instants is the order of time.
function byFirstMiss(one: Caller, other: Caller): number {
  return compare(one.first_miss_time, other.first_miss_time) || compareIds(one.id, other.id)
}

function byClosing(one: Caller, other: Caller): number {
  return compare(other.closed_time ?? '', one.closed_time ?? '') || compareIds(other.id, one.id)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
