// How many people are free: a person who is an agent of several queues counts once. No I/O.

import type { AgentEntry } from '../../../query/agentSchema.ts'
import type { AgentState } from '../../../staffing/agent.ts'
import { nameOf } from './agentList.ts'

/** What a person does who does different things in different queues: the first of these. */
const STRONGEST: readonly AgentState[] = ['talking', 'ringing', 'wrapup', 'free', 'paused', 'offline']

export interface Staff {
  /** Without states of nobody. */
  readonly counts: ReadonlyMap<AgentState, number>
  readonly all: number
}

/** Null: not known of everybody. */
export function staffOf(agents: readonly AgentEntry[]): Staff | null {
  const states = new Map<string, AgentState>()
  for (const agent of agents) {
    if (agent.state === null) {
      return null
    }
    const known = states.get(nameOf(agent))
    const isStronger = known === undefined || STRONGEST.indexOf(agent.state) < STRONGEST.indexOf(known)
    states.set(nameOf(agent), isStronger ? agent.state : known)
  }
  const counts = new Map<AgentState, number>()
  for (const state of states.values()) {
    counts.set(state, (counts.get(state) ?? 0) + 1)
  }
  return { counts, all: states.size }
}
