// The gauges of who is there in each queue.
//
// A queue of which nothing is known now has no series: unknown is not zero. Queues beyond the limit are counted together as `other`,
// those of them that are known.

import { AGENT_STATES, type AgentState, type QueueStaffing } from '../staffing/agent.ts'
import type { LabelLimiter } from './cardinality.ts'
import type { Instruments } from './registry.ts'

type Counts = Record<AgentState, number>

/** Sets them at `now`, epoch ms. */
export function setQueueAgents(
  instruments: Instruments,
  limiter: LabelLimiter,
  { queues, now }: { readonly queues: readonly QueueStaffing[]; readonly now: number },
): void {
  const shown = limiter.forScrape(queues.map(({ queue }) => queue))
  const agents = new Map<string, Counts>()
  const oldest = new Map<string, number>()
  for (const { queue, agents: counts, seenAt } of queues) {
    const label = shown(queue)
    if (counts !== null) {
      agents.set(label, sum(agents.get(label), counts))
    }
    if (seenAt !== null) {
      oldest.set(label, Math.min(oldest.get(label) ?? seenAt, seenAt))
    }
  }
  instruments.clearGauge('queueAgents')
  instruments.clearGauge('queueAgentsAge')
  for (const [queue, counts] of agents) {
    for (const state of AGENT_STATES) {
      instruments.setGauge('queueAgents', { queue, state }, counts[state])
    }
  }
  for (const [queue, seenAt] of oldest) {
    instruments.setGauge('queueAgentsAge', { queue }, Math.max(0, now - seenAt) / 1000)
  }
}

function sum(soFar: Counts | undefined, counts: Readonly<Counts>): Counts {
  const total = { ...counts }
  for (const state of AGENT_STATES) {
    total[state] += soFar?.[state] ?? 0
  }
  return total
}
