// With whom somebody speaks, and with whom somebody lately began to: a call that is missed meanwhile opens nothing.
//
// A conversation that is over matters only to an inbound call that began before it and still waits, and whose number ends alike. Others
// are forgotten when the next call with such an end comes, so that memory is bounded by the live calls. Numbers are compared only when a
// call is missed, and only with those that end alike.

import { endOf, mayBeSame } from '../numbers/phoneNumber.ts'
import type { CallParties, LiveCall, OutsideParty } from './liveCalls.ts'

/** Conversations with numbers that end alike. A call that never ends would otherwise have every later conversation remembered. */
const MAX_REMEMBERED = 1_000

export interface Conversations {
  /** An inbound call waits for an answer; its caller's number may have changed. */
  awaits(live: LiveCall, call: Pick<CallParties, 'caller' | 'startedAt'>): void
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
  /** By the end of their numbers: a thousand groups at most. */
  const groups = new Map<number | null, OutsideParty[]>()

  function enter(number: string, waitsSince: number, at: number | null): OutsideParty {
    const party: OutsideParty = { number, waitsSince, at, isOver: false }
    const end = endOf(number)
    // Nobody speaks with somebody who has no number.
    if (end !== null) {
      const group = groups.get(end)
      if (group === undefined) {
        groups.set(end, [party])
      } else {
        group.push(party)
        forget(group)
      }
    }
    return party
  }

  function awaitsNoMore(live: LiveCall): void {
    if (live.waits !== null) {
      live.waits.isOver = true
      live.waits = null
    }
  }

  return {
    awaits(live, { caller, startedAt }) {
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
      let party = live.waits
      if (party?.number === number) {
        party.at = at
        live.waits = null
      } else {
        party = enter(number, at, at)
      }
      live.conversations = [...live.conversations, party]
    },
    end({ conversations }, into) {
      if (into !== null) {
        into.conversations = [...into.conversations, ...conversations]
        return
      }
      for (const party of conversations) {
        party.isOver = true
      }
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
