// With whom somebody speaks, and with whom somebody lately began to: a call that is missed meanwhile opens nothing.
//
// What is over is remembered only as long as an inbound call waits that began before it, so that memory is bounded by the live calls.
// Numbers are compared only when a call is missed, and only with those that end alike.

import { endOf } from './phoneNumber.ts'

/** A call that never ends would otherwise have every later conversation remembered. */
const MAX_REMEMBERED = 10_000

export interface Conversations {
  /** An inbound call waits for an answer. */
  awaits(call: string, startedAt: number): void
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

/** No conversation. */
export function createConversations(): Conversations {
  const waiting = new Map<string, number>()
  const byCall = new Map<string, Conversation[]>()
  const byEnd = new Map<string, Set<Conversation>>()
  /** In the order in which they ended. */
  const over = new Set<Conversation>()

  function oldestWait(): number {
    const [oldest = Infinity] = waiting.values()
    return oldest
  }

  function remove(conversation: Conversation): void {
    const end = endOf(conversation.number)
    const others = byEnd.get(end)
    others?.delete(conversation)
    if (others?.size === 0) {
      byEnd.delete(end)
    }
    over.delete(conversation)
  }

  function forget(): void {
    const oldest = oldestWait()
    for (const conversation of over) {
      if (conversation.at >= oldest && over.size <= MAX_REMEMBERED) {
        break
      }
      remove(conversation)
    }
  }

  return {
    awaits(call, startedAt) {
      if (!waiting.has(call)) {
        waiting.set(call, startedAt)
      }
    },
    awaitsNoMore(call) {
      if (waiting.delete(call)) {
        forget()
      }
    },
    begin(call, number, at) {
      const known = byCall.get(call) ?? []
      if (known.some((one) => one.number === number)) {
        return
      }
      const conversation: Conversation = { number, at, isOver: false }
      byCall.set(call, [...known, conversation])
      const end = endOf(number)
      byEnd.set(end, (byEnd.get(end) ?? new Set()).add(conversation))
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
        over.add(conversation)
      }
      forget()
    },
    has: (call) => byCall.has(call),
    since(number, at) {
      const alike = byEnd.get(endOf(number)) ?? []
      return [...alike].filter((one) => !one.isOver || one.at >= at).map((one) => one.number)
    },
  }
}
