// What the page knows of each queue: who waits, who works in it, and the figures of the period. No I/O.

import type { QueueNow } from '../../../query/queueSchema.ts'
import type { AgentQueue } from './agentList.ts'
import { type LiveCall, liveKeyOf } from './entries.ts'
import { waitsSince } from './liveOrder.ts'

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

export interface KnownOfQueues {
  readonly agents: readonly AgentQueue[]
  readonly calls: Iterable<LiveCall>
  /** The last answer about queues. */
  readonly figures: readonly QueueNow[]
  /** False: who waits is not known now. */
  readonly isKnown: boolean
}

/** Every queue that has agents, callers or figures, by name. */
export function queuesOf(
  { agents, calls, figures, isKnown }: KnownOfQueues,
  compare: (one: string, other: string) => number,
): readonly ShownQueue[] {
  const figuresOf = new Map(figures.map((one) => [one.queue, one] as const))
  const agentsOf = new Map(agents.map((one) => [one.queue, one] as const))
  const waitingIn = new Map<string, WaitingCaller[]>()
  for (const call of calls) {
    if (call.state === 'queued' && call.queue !== null) {
      const waiting = waitingIn.get(call.queue) ?? []
      waitingIn.set(call.queue, waiting)
      waiting.push({ key: liveKeyOf(call), call, since: waitsSince(call) })
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
