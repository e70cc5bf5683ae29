// What the page knows of each queue: who waits, who works in it, and the figures of the period.
//
// No I/O. The feed tells which calls wait, and since when only if the page saw them come; otherwise a caller has waited no longer than the
// call lasts, and no longer than the first of its queue.

import type { QueueNow } from '../../../query/queueSchema.ts'
import type { AgentQueue } from './agentList.ts'
import { type AnyMessage, type LiveCall, liveKeyOf } from './entries.ts'
import type { EnteredAt } from './liveOrder.ts'

export interface WaitingCaller {
  readonly key: string
  readonly call: LiveCall
  /** Epoch ms. */
  readonly since: number
}

export interface ShownQueue extends AgentQueue {
  /** Who has waited longest comes first; null: not known. */
  readonly waiting: readonly WaitingCaller[] | null
  /** Null: not known yet. */
  readonly figures: QueueNow | null
}

/** When callers entered the queue in which they wait. */
export interface QueueEntries {
  /** A message of the feed; `now`: the server's time, epoch ms. */
  apply(message: AnyMessage, now: number): void
  /** Null: the page did not see it. */
  readonly enteredAt: EnteredAt
}

export function createQueueEntries(): QueueEntries {
  const entries = new Map<string, { readonly queue: string; readonly at: number }>()
  return {
    apply(message, now) {
      if (message.type === 'snapshot') {
        entries.clear()
      } else if (message.type === 'ended') {
        entries.delete(liveKeyOf(message.call))
      } else if (message.type === 'call' && (message.change === 'queued' || message.change === 'started')) {
        const { call } = message
        if (call.state === 'queued' && call.queue !== null) {
          entries.set(liveKeyOf(call), { queue: call.queue, at: now })
        }
      }
    },
    enteredAt(call) {
      const entry = entries.get(liveKeyOf(call))
      return entry !== undefined && entry.queue === call.queue ? entry.at : null
    },
  }
}

export interface KnownOfQueues {
  readonly agents: readonly AgentQueue[]
  readonly calls: Iterable<LiveCall>
  readonly enteredAt: EnteredAt
  /** The last answer about queues, and when it was given (epoch ms). */
  readonly figures: readonly QueueNow[]
  readonly figuresAt: number
  /** False: who waits is not known now. */
  readonly isKnown: boolean
}

/** Every queue that has agents, callers or figures, by name. */
export function queuesOf(
  { agents, calls, enteredAt, figures, figuresAt, isKnown }: KnownOfQueues,
  compare: (one: string, other: string) => number,
): readonly ShownQueue[] {
  const figuresOf = new Map(figures.map((one) => [one.queue, one] as const))
  const agentsOf = new Map(agents.map((one) => [one.queue, one] as const))
  const waitingIn = new Map<string, WaitingCaller[]>()
  for (const call of calls) {
    if (call.state === 'queued' && call.queue !== null) {
      const longest = figuresOf.get(call.queue)?.longest_wait_seconds ?? null
      const earliest = longest === null ? Number.NEGATIVE_INFINITY : figuresAt - longest * 1000
      const since = enteredAt(call) ?? Math.max(Date.parse(call.start_time), earliest)
      const waiting = waitingIn.get(call.queue) ?? []
      waitingIn.set(call.queue, waiting)
      waiting.push({ key: liveKeyOf(call), call, since })
    }
  }
  const names = [...new Set([...agentsOf.keys(), ...figuresOf.keys(), ...waitingIn.keys()])].sort(compare)
  return names.map((queue) => ({
    ...(agentsOf.get(queue) ?? { queue, isKnown: false, agents: [] }),
    waiting: isKnown ? (waitingIn.get(queue) ?? []).sort((one, other) => one.since - other.since) : null,
    figures: figuresOf.get(queue) ?? null,
  }))
}

export const QUEUE_ORDERS = ['name', 'wait'] as const

export type QueueOrder = (typeof QUEUE_ORDERS)[number]

/** Those whose name contains the text; in the order `wait`, the queue whose first caller has waited longest comes first. */
export function chooseQueues(
  queues: readonly ShownQueue[],
  { text, order }: { readonly text: string; readonly order: QueueOrder },
): readonly ShownQueue[] {
  const wanted = text.trim().toLowerCase()
  const chosen = queues.filter(({ queue }) => queue.toLowerCase().includes(wanted))
  return order === 'name' ? chosen : chosen.toSorted((one, other) => firstOf(one) - firstOf(other))
}

function firstOf({ waiting }: ShownQueue): number {
  return waiting?.[0]?.since ?? Number.MAX_SAFE_INTEGER
}

/** Calm at first, later as a warning, and late once the service level is missed. */
export function levelOf(waitedSeconds: number, withinSeconds: number): 'calm' | 'soon' | 'late' {
  return waitedSeconds > withinSeconds ? 'late' : waitedSeconds > withinSeconds / 2 ? 'soon' : 'calm'
}
