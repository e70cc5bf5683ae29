// The list of all agents, and what has changed in it since it was last read.

import type { PhoneCall } from '../call/views/phoneCalls.ts'
import type { Agent, AgentCall, AgentFact, AgentState } from './agent.ts'
import type { AgentsNow } from './agentStates.ts'
import type { KnownQueue, Member } from './knownQueue.ts'
import type { Occupancies } from './occupancy.ts'

export interface AgentList {
  /** Puts the members of a queue with their states; null: they are not known. */
  put(queue: KnownQueue, states: ReadonlyMap<string, AgentState> | null, now: AgentsNow): void
  /** What was put, compared with what was put before the last call. */
  changes(at: number): readonly AgentFact[]
  all(): Iterable<Agent>
}

export function createAgentList(occupancies: Pick<Occupancies, 'of'>): AgentList {
  let agents: ReadonlyMap<string, Agent> = new Map()
  let next = new Map<string, Agent>()

  return {
    put(queue, states, now) {
      for (const member of queue.members.values()) {
        const key = keyOf(queue.name, member.interface)
        const state = states?.get(member.interface) ?? null
        next.set(key, agentOf(queue, member, { state, before: agents.get(key), now, occupancies }))
      }
    },
    changes(at) {
      const facts: AgentFact[] = []
      for (const [key, agent] of next) {
        const before = agents.get(key)
        if (before === undefined || isChanged(before, agent)) {
          facts.push({ type: 'AgentChanged', at, agent })
        }
      }
      for (const [key, agent] of agents) {
        if (!next.has(key)) {
          facts.push({ type: 'AgentLeft', at, agent })
        }
      }
      agents = next
      next = new Map()
      return facts
    },
    all: () => agents.values(),
  }
}

function keyOf(queue: string, member: string): string {
  return `${queue}\u0000${member}`
}

interface Present {
  readonly state: AgentState | null
  readonly before: Agent | undefined
  readonly now: AgentsNow
  readonly occupancies: Pick<Occupancies, 'of'>
}

function agentOf(queue: KnownQueue, member: Member, present: Present): Agent {
  const { state, now, occupancies } = present
  const operator = now.phoneOf(member)
  const hasCall = operator !== null && (state === 'ringing' || state === 'talking')
  const phoneCall = hasCall ? now.callOf(operator) : null
  return {
    queue: queue.name,
    member: member.interface,
    operator,
    name: member.name,
    state,
    since: sinceOf(member, phoneCall, present),
    pauseReason: state === 'paused' ? member.pauseReason : null,
    call: phoneCall && { callId: phoneCall.callId, number: phoneCall.number, name: phoneCall.name },
    occupancy: occupancies.of(queue.name, member.interface),
    seenAt: member.seenAt,
  }
}

function sinceOf(member: Member, call: PhoneCall | null, { state, before, now: { at } }: Present): number | null {
  if (state === null) {
    return null
  }
  if (before?.state === state && before.call?.callId === call?.callId) {
    return before.since
  }
  return call?.since ?? (state === 'paused' ? (member.pausedAt ?? at) : at)
}

function isChanged(before: Agent, { operator, name, state, since, pauseReason, call }: Agent): boolean {
  return (
    before.operator !== operator ||
    before.name !== name ||
    before.state !== state ||
    before.since !== since ||
    before.pauseReason !== pauseReason ||
    !isSameCall(before.call, call)
  )
}

function isSameCall(one: AgentCall | null, other: AgentCall | null): boolean {
  return one?.callId === other?.callId && one?.number === other?.number && one?.name === other?.name
}
