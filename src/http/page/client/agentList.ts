// The queues and agents that the page knows: those of the last answer of the API, and what the feed reported since.
//
// No I/O. A report that arrives while an answer is on its way may be newer than the answer, so that it is applied to it once more.

import type { AgentEntry, Agents } from '../../../query/agentSchema.ts'
import type { AgentState } from '../../../staffing/agent.ts'
import type { Change } from '../../live/message.ts'

export type AgentReport = Pick<Extract<Change, { type: 'agent' }>, 'change' | 'agent'>

export interface AgentQueue {
  readonly queue: string
  /** False: it is not known who is a member of it. */
  readonly isKnown: boolean
  readonly agents: readonly AgentEntry[]
}

export interface AgentList {
  /** A request begins. */
  begin(): void
  /** Its answer: replaces what is known. */
  load(answer: Agents): void
  /** The feed reported this agent. */
  apply(report: AgentReport): void
  has(queue: string): boolean
  /** By name. */
  queues(): readonly AgentQueue[]
  /** Since when occupancy is known (ISO 8601); null while it is not. */
  occupancySince(): string | null
}

/** Nothing is known. `compare`: the order of names. */
export function createAgentList(compare: (one: string, other: string) => number): AgentList {
  let queues = new Map<string, { isKnown: boolean; readonly agents: Map<string, AgentEntry> }>()
  let reports: AgentReport[] | null = null

  const put = ({ change, agent }: AgentReport): void => {
    const queue = queues.get(agent.queue) ?? { isKnown: true, agents: new Map<string, AgentEntry>() }
    queues.set(agent.queue, queue)
    if (change === 'left') {
      queue.agents.delete(agent.member)
    } else {
      queue.agents.set(agent.member, agent)
    }
  }
  const all = (): readonly AgentEntry[] => [...queues.values()].flatMap(({ agents }) => [...agents.values()])

  return {
    begin() {
      reports = []
    },
    load(answer) {
      queues = new Map(
        answer.queues.map(({ queue, agents }) => [queue, { isKnown: agents !== null, agents: new Map() }]),
      )
      for (const agent of answer.agents) {
        put({ change: 'changed', agent })
      }
      reports?.forEach(put)
      reports = null
    },
    apply(report) {
      put(report)
      reports?.push(report)
    },
    has: (queue) => queues.has(queue),
    queues: () =>
      [...queues]
        .map(([queue, { isKnown, agents }]) => ({
          queue,
          isKnown,
          // By name, so that rows keep their places while states change.
          agents: [...agents.values()].sort((one, other) => compare(nameOf(one), nameOf(other))),
        }))
        .sort((one, other) => compare(one.queue, other.queue)),
    occupancySince: () => all().find(({ occupancy }) => occupancy !== null)?.occupancy?.since ?? null,
  }
}

/** The phone, or the interface if that is not known. */
export function nameOf({ operator, member }: AgentEntry): string {
  return operator ?? member
}

/** How many agents are in each state, in the order of the states; states of nobody are left out. Null: some are not known. */
export function countStates(agents: readonly AgentEntry[]): ReadonlyMap<AgentState, number> | null {
  const counts = new Map<AgentState, number>()
  for (const { state } of agents) {
    if (state === null) {
      return null
    }
    counts.set(state, (counts.get(state) ?? 0) + 1)
  }
  return new Map(STATES.flatMap((state) => (counts.has(state) ? [[state, counts.get(state) ?? 0] as const] : [])))
}

/** The order of the states. */
export const STATES: readonly AgentState[] = ['free', 'ringing', 'talking', 'wrapup', 'paused', 'offline']
