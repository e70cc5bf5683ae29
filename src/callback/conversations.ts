// With whom somebody speaks, and with whom somebody lately began to: a call that is missed meanwhile opens nothing.
//
// What is over is remembered only as long as an inbound call waits whose number ends alike and that began before it, so that memory
// is bounded by the live calls. Numbers are compared only when a call is missed, and only with those that end alike.

import { endOf } from '../numbers/phoneNumber.ts'

/** Of numbers that end alike. A call that never ends would otherwise have every later conversation remembered. */
const MAX_REMEMBERED = 1_000

export interface Conversations {
  /** An inbound call from this number waits for an answer. */
  awaits(call: string, number: string, startedAt: number): void
  /** The call was answered, or it ended. */
  awaitsNoMore(call: string): void
  /** In this call, somebody speaks with this number. */
  begin(call: string, number: string, at: number): void
  /** The call is over: its conversations end, or go on in the call that it became part of. */
  end(call: string, mergedInto: string | null): void
  /** Whether the call had a conversation. */
  has(call: string): boolean
  /** The numbers that end like this one, with which somebody speaks now or has begun to since `at`. */
  since(number: string, at: number): readonly string[]
}

interface Conversation {
  readonly number: string
  readonly at: number
  isOver: boolean
}

/** Calls and conversations whose numbers end alike. */
interface Alike {
  /** When the calls that wait began. */
  readonly waiting: Map<string, number>
  readonly conversations: Set<Conversation>
}

/** No conversation. */
export function createConversations(): Conversations {
  const alike = new Map<string, Alike>()
  const waitingEnd = new Map<string, string>()
  const byCall = new Map<string, Conversation[]>()

  function groupOf(end: string): Alike {
    const group = alike.get(end) ?? { waiting: new Map(), conversations: new Set() }
    alike.set(end, group)
    return group
  }

  function forget(end: string): void {
    const group = groupOf(end)
    const oldest = Math.min(...group.waiting.values())
    for (const conversation of group.conversations) {
      if (conversation.isOver && (conversation.at < oldest || group.conversations.size > MAX_REMEMBERED)) {
        group.conversations.delete(conversation)
      }
    }
    if (group.waiting.size + group.conversations.size === 0) {
      alike.delete(end)
    }
  }

  function awaitsNoMore(call: string): void {
    const end = waitingEnd.get(call)
    if (end !== undefined) {
      waitingEnd.delete(call)
      groupOf(end).waiting.delete(call)
      forget(end)
    }
  }

  return {
    awaits(call, number, startedAt) {
      const end = endOf(number)
      if (waitingEnd.get(call) !== end) {
        awaitsNoMore(call)
        waitingEnd.set(call, end)
        groupOf(end).waiting.set(call, startedAt)
      }
    },
    awaitsNoMore,
    begin(call, number, at) {
      const known = byCall.get(call) ?? []
      if (known.some((one) => one.number === number)) {
        return
      }
      const conversation: Conversation = { number, at, isOver: false }
      byCall.set(call, [...known, conversation])
      groupOf(endOf(number)).conversations.add(conversation)
    },
    end(call, mergedInto) {
      const ended = byCall.get(call) ?? []
      byCall.delete(call)
      if (mergedInto !== null && ended.length > 0) {
        byCall.set(mergedInto, [...(byCall.get(mergedInto) ?? []), ...ended])
        return
      }
      for (const conversation of ended) {
        conversation.isOver = true
        forget(endOf(conversation.number))
      }
    },
    has: (call) => byCall.has(call),
    since(number, at) {
      const found = [...(alike.get(endOf(number))?.conversations ?? [])]
      return found.filter((one) => !one.isOver || one.at >= at).map((one) => one.number)
    },
  }
}
