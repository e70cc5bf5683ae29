// The agents: who is a member of a queue and what they do, the only output of this folder.
//
// Records never change after they were handed out. Times are epoch milliseconds, by the clock of the PBX.

/** What an agent does; `wrapup`: the time after a call in which the queue offers no other. */
export const AGENT_STATES = ['free', 'ringing', 'talking', 'wrapup', 'paused', 'offline'] as const

export type AgentState = (typeof AGENT_STATES)[number]

/** The call of an agent that rings or talks. */
export interface AgentCall {
  /** `channelId` of the call. */
  readonly callId: string
  /** Of the other party; empty if it is not known. */
  readonly number: string
  readonly name: string
}

/** How an agent spent the day, as far as it was observed. */
export interface Occupancy {
  /** Ringing, talking or in wrap-up. */
  readonly busyMs: number
  /** That, or free: neither paused nor offline. */
  readonly staffedMs: number
  /** Since when it is counted: the start of the day, or of the observation. */
  readonly since: number
}

/** A member of a queue; whoever is a member of two queues is two agents. */
export interface Agent {
  readonly queue: string
  /** The interface, as in the configuration of the queue: `PJSIP/102`, `Local/102@agents/n`. */
  readonly member: string
  /** The phone that it leads to; null if that is not known. */
  readonly operator: string | null
  /** As given when the agent logged in by phone; null if that was not seen. */
  readonly name: string | null
  /** Null while it is not known. */
  readonly state: AgentState | null
  /** When the state began, or was first seen; null while it is not known. */
  readonly since: number | null
  /** As given by phone; null if nothing was given, or the agent was paused in another way. */
  readonly pauseReason: string | null
  /** Null unless it rings or talks. */
  readonly call: AgentCall | null
  /** Null while nothing of the day was observed. */
  readonly occupancy: Occupancy | null
  /** When the PBX last answered about this agent; null if it has not since the session began. */
  readonly seenAt: number | null
}

export type AgentFact =
  /** A new agent, another state or call, or the state is no longer known. */
  | { readonly type: 'AgentChanged'; readonly at: number; readonly agent: Agent }
  /** No member of the queue any more; `agent` is as it was. */
  | { readonly type: 'AgentLeft'; readonly at: number; readonly agent: Agent }

/** How many agents of a queue are in each state. */
export interface QueueStaffing {
  readonly queue: string
  /** Null while it is not known. */
  readonly agents: Readonly<Record<AgentState, number>> | null
  /** When the oldest part of what is known was true; null if nothing is known. */
  readonly seenAt: number | null
}
