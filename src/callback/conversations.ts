// With whom somebody speaks, and with whom somebody lately began to: a call that is missed meanwhile opens nothing.
//
// What is over is remembered only as long as an inbound call waits whose number ends alike and that began before it, so that memory
// is bounded by the live calls. Numbers are compared only when a call is missed, and only with those that end alike.

import { endOf, mayBeSame } from '../numbers/phoneNumber.ts'
import type { Alike, Conversation, LiveCall } from './liveCalls.ts'

/** Of numbers that end alike. A call that never ends would otherwise have every later conversation remembered. */
const MAX_REMEMBERED = 1_000

export interface Conversations {
  /** An inbound call waits for an answer; its caller's number may have changed. */
  awaits(live: LiveCall): void
  /** The call was answered, or it ended. */
  awaitsNoMore(live: LiveCall): void
  /** In this call, somebody speaks with this number. */
  begin(live: LiveCall, number: string, at: number): void
  /** The call is over: its conversations end, or go on in the call that it became part of. */
  end(live: LiveCall, into: LiveCall | null): void
  /** The numbers that may be the same as this one, with which somebody speaks now or has begun to since `at`. */
  since(number: string, at: number): readonly string[]
}

const NONE: readonly never[] = []

/** No conversation. */
export function createConversations(): Conversations {
  const groups = new Map<string, Alike>()

  function groupOf(end: string): Alike {
    const found = groups.get(end)
    if (found !== undefined) {
      return found
    }
    const group: Alike = { end, waiting: [], conversations: [] }
    groups.set(end, group)
    return group
  }

  function forget(group: Alike): void {
    if (group.conversations.length > 0) {
      group.conversations = remembered(group)
    }
    if (group.waiting.length + group.conversations.length === 0) {
      groups.delete(group.end)
    }
  }

  function awaitsNoMore(live: LiveCall): void {
    const group = live.waitsIn
    live.waitsFor = null
    live.waitsIn = null
    if (group !== null) {
      group.waiting.splice(group.waiting.indexOf(live), 1)
      forget(group)
    }
  }

  return {
    awaits(live) {
      const { caller } = live.call
      if (live.waitsFor !== caller) {
        awaitsNoMore(live)
        live.waitsFor = caller
        const end = endOf(caller)
        // Nobody speaks with somebody who has no number.
        live.waitsIn = end === '' ? null : groupOf(end)
        live.waitsIn?.waiting.push(live)
      }
    },
    awaitsNoMore,
    begin(live, number, at) {
      const known = live.conversations ?? NONE
      if (known.some((one) => one.number === number)) {
        return
      }
      const conversation: Conversation = { number, at, group: groupOf(endOf(number)), isOver: false }
      live.conversations = [...known, conversation]
      conversation.group.conversations.push(conversation)
    },
    end({ conversations }, into) {
      if (conversations === null) {
        return
      }
      if (into !== null) {
        into.conversations = [...(into.conversations ?? NONE), ...conversations]
        return
      }
      for (const conversation of conversations) {
        conversation.isOver = true
        forget(conversation.group)
      }
    },
    since(number, at) {
      const found = groups.get(endOf(number))?.conversations ?? NONE
      return found
        .filter((one) => (!one.isOver || one.at >= at) && mayBeSame(one.number, number))
        .map((one) => one.number)
    },
  }
}

function remembered({ waiting, conversations }: Alike): Conversation[] {
  const oldest = waiting.reduce((least, { call }) => Math.min(least, call.startedAt), Number.POSITIVE_INFINITY)
  let surplus = conversations.length - MAX_REMEMBERED
  return conversations.filter(({ isOver, at }) => {
    const isForgotten = isOver && (at < oldest || surplus > 0)
    surplus -= isForgotten ? 1 : 0
    return !isForgotten
  })
}
