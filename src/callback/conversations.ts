// With whom somebody speaks, and with whom somebody lately began to: a call that is missed meanwhile opens nothing.
//
// What is over is remembered only as long as an inbound call waits whose number ends alike and that began before it, so that memory
// is bounded by the live calls. Numbers are compared only when a call is missed, and only with those that end alike.

import { endOf, mayBeSame } from '../numbers/phoneNumber.ts'
import type { LiveCall, OutsideParty } from './liveCalls.ts'

/** Conversations with numbers that end alike. A call that never ends would otherwise have every later conversation remembered. */
const MAX_REMEMBERED = 1_000

export interface Conversations {
  /** An inbound call waits for an answer; its caller's number may have changed. */
  awaits(live: LiveCall): void
  /** The call was answered, or it ended. */
  awaitsNoMore(live: LiveCall): void
  /** In this call, somebody speaks with this number, who may be the caller that waited. */
  begin(live: LiveCall, number: string, at: number): void
  /** The call is over: its conversations end, or go on in the call that it became part of. */
  end(live: LiveCall, into: LiveCall | null): void
  /** The numbers that may be the same as this one, with which somebody speaks now or has begun to since `at`. */
  since(number: string, at: number): readonly string[]
}

const NONE: readonly never[] = []

/** No conversation. */
export function createConversations(): Conversations {
  /** Those whose numbers end alike: mostly one. */
  const groups = new Map<string, OutsideParty[]>()

  function enter(number: string, waitsSince: number, at: number | null): OutsideParty {
    const party: OutsideParty = { number, end: endOf(number), waitsSince, at, isOver: false }
    // Nobody speaks with somebody who has no number.
    if (party.end !== '') {
      const group = groups.get(party.end)
      if (group === undefined) {
        groups.set(party.end, [party])
      } else {
        group.push(party)
      }
    }
    return party
  }

  /** This one waits no more, or is over: the others may have been remembered for it. */
  function review(party: OutsideParty): void {
    const group = groups.get(party.end)
    if (group === undefined) {
      return
    }
    forget(group)
    if (group.length === 0) {
      groups.delete(party.end)
    }
  }

  function leave(party: OutsideParty): void {
    party.isOver = true
    review(party)
  }

  function awaitsNoMore(live: LiveCall): void {
    if (live.waits !== null) {
      leave(live.waits)
      live.waits = null
    }
  }

  return {
    awaits(live) {
      const { caller, startedAt } = live.call
      if (live.waits?.number !== caller) {
        awaitsNoMore(live)
        live.waits = enter(caller, startedAt, null)
      }
    },
    awaitsNoMore,
    begin(live, number, at) {
      if (live.conversations.some((one) => one.number === number)) {
        return
      }
      const { waits } = live
      if (waits?.number === number) {
        waits.at = at
        live.waits = null
        live.conversations = [...live.conversations, waits]
        review(waits)
      } else {
        live.conversations = [...live.conversations, enter(number, at, at)]
      }
    },
    end({ conversations }, into) {
      if (into !== null) {
        into.conversations = [...into.conversations, ...conversations]
        return
      }
      conversations.forEach(leave)
    },
    since(number, at) {
      const found = groups.get(endOf(number)) ?? NONE
      return found
        .filter((one) => one.at !== null && (!one.isOver || one.at >= at) && mayBeSame(one.number, number))
        .map((one) => one.number)
    },
  }
}

/** Takes those out who need not be remembered. */
function forget(group: OutsideParty[]): void {
  let oldestWait = Number.POSITIVE_INFINITY
  let surplus = -MAX_REMEMBERED
  for (const { at, isOver, waitsSince } of group) {
    if (at !== null) {
      surplus += 1
    } else if (!isOver) {
      oldestWait = Math.min(oldestWait, waitsSince)
    }
  }
  let kept = 0
  for (const party of group) {
    const { isOver, at } = party
    const isForgotten = isOver && (at === null || at < oldestWait || surplus > 0)
    if (!isForgotten) {
      group[kept] = party
      kept += 1
    } else if (at !== null) {
      surplus -= 1
    }
  }
  group.length = kept
}
