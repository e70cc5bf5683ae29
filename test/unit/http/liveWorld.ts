// A small PBX in memory for the tests of the live feed: calls that live, their facts, and a page state to be changed.

import type { CallFact, CallRecord } from '../../../src/call/fact.ts'
import { createLiveFeed, type LiveFeed } from '../../../src/http/live/liveFeed.ts'
import type { LiveMessage } from '../../../src/http/live/message.ts'
import type { ServiceStatus } from '../../../src/http/serviceStatus.ts'
import { sampleCall } from '../calllog/samples.ts'
import { serviceStatus } from './testServer.ts'

export interface LiveWorld {
  readonly feed: LiveFeed
  readonly live: Map<string, CallRecord>
  /** Tells a fact about the call `id`, whose record changes so. */
  tell(
    type: 'CallStarted' | 'CallChanged' | 'CallAnswered' | 'CallEnded',
    id: string,
    changes?: Partial<CallRecord>,
  ): void
  /** Starts and ends so many calls: two messages each. */
  rush(calls: number): void
  setState(changes: Partial<ServiceStatus>): void
}

/** `kept` as of the feed. Row ids are 100 and counting, known while a call lives. */
export function liveWorld({ epoch = 'run-1', kept = 8 }: { epoch?: string; kept?: number } = {}): LiveWorld {
  const live = new Map<string, CallRecord>()
  const rows = new Map<string, number>()
  let state = serviceStatus()
  let rushed = 0
  const feed = createLiveFeed(
    { epoch, kept },
    {
      live: () => live.values(),
      rowId: (id) => (live.has(id) ? rows.get(id) : undefined),
      state: () => state,
    },
  )
  const world: LiveWorld = {
    feed,
    live,
    tell(type, id, changes = {}) {
      const call = { ...(live.get(id) ?? sampleCall({ channelId: id })), ...changes }
      if (!rows.has(id)) {
        rows.set(id, 100 + rows.size)
      }
      if (type === 'CallEnded') {
        live.delete(id)
      } else {
        live.set(id, call)
      }
      const fact: CallFact = { type, at: call.startedAt, call }
      feed.publish(fact)
    },
    rush(calls) {
      for (let i = 0; i < calls; i++) {
        rushed += 1
        world.tell('CallStarted', `rush.${rushed}`)
        world.tell('CallEnded', `rush.${rushed}`, { disposition: 'answered', endedAt: 1 })
      }
    },
    setState(changes) {
      state = { ...state, ...changes }
    },
  }
  return world
}

/** The messages behind the texts. */
export function read(texts: readonly string[]): readonly LiveMessage[] {
  return texts.map((text): LiveMessage => JSON.parse(text))
}

/** The numbers of those that have one. */
export function numbers(messages: readonly LiveMessage[]): readonly number[] {
  return messages.flatMap((message) =>
    'seq' in message && message.type !== 'snapshot' && message.type !== 'resumed' ? [message.seq] : [],
  )
}
