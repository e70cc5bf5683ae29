// A live feed with live calls and a service status that a test can change, all in memory.

import type { CallFact, CallRecord } from '../../../src/call/fact.ts'
import { createLiveFeed, type LiveFeed } from '../../../src/http/live/liveFeed.ts'
import type { LiveMessage } from '../../../src/http/live/message.ts'
import type { ServiceStatus } from '../../../src/http/serviceStatus.ts'
import { sampleCall } from '../calllog/samples.ts'
import { serviceStatus } from './testServer.ts'

export interface FeedHarness {
  readonly feed: LiveFeed
  readonly live: Map<string, CallRecord>
  /** Publishes a fact about the call `id` after changing its record. */
  publish(
    type: 'CallStarted' | 'CallChanged' | 'CallAnswered' | 'CallEnded',
    id: string,
    changes?: Partial<CallRecord>,
  ): void
  /** Starts and ends this many calls: two messages each. */
  runCalls(count: number): void
  setStatus(changes: Partial<ServiceStatus>): void
}

/** `kept`: option of the feed. Row ids begin at 100 and are known while a call is live. */
export function feedHarness({ epoch = 'run-1', kept = 8 }: { epoch?: string; kept?: number } = {}): FeedHarness {
  const live = new Map<string, CallRecord>()
  const rows = new Map<string, number>()
  let status = serviceStatus()
  let started = 0
  const feed = createLiveFeed(
    { epoch, kept },
    {
      live: () => live.values(),
      rowId: (id) => (live.has(id) ? rows.get(id) : undefined),
      status: () => status,
    },
  )
  const harness: FeedHarness = {
    feed,
    live,
    publish(type, id, changes = {}) {
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
    runCalls(count) {
      for (let i = 0; i < count; i++) {
        started += 1
        harness.publish('CallStarted', `run.${started}`)
        harness.publish('CallEnded', `run.${started}`, { disposition: 'answered', endedAt: 1 })
      }
    },
    setStatus(changes) {
      status = { ...status, ...changes }
    },
  }
  return harness
}

/** Parses the messages. */
export function parsed(texts: readonly string[]): readonly LiveMessage[] {
  return texts.map((text): LiveMessage => JSON.parse(text))
}

/** The sequence numbers of the changes. */
export function sequence(messages: readonly LiveMessage[]): readonly number[] {
  return messages.flatMap((message) =>
    'seq' in message && message.type !== 'snapshot' && message.type !== 'resumed' ? [message.seq] : [],
  )
}
