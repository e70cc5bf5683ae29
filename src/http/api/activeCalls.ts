// Answers about the present: the active calls, the agents, the endpoints with their roles, and the current state of each phone beside its figures of a period.

import type { Agents } from '../../query/agentSchema.ts'
import type { EndpointList } from '../../query/endpointSchema.ts'
import type { CallQueries, Period } from '../../query/query.ts'
import type { ActiveCalls, OperatorEntry, Operators } from '../../query/schema.ts'
import { activeCall, agentEntry, endpointEntry, queueEntry } from '../../query/serialize.ts'
import type { ApiDependencies } from './dependencies.ts'

/** The active calls, the oldest first, at most `limit`. */
export function activeCalls({ live, liveCount, rowId, now }: ApiDependencies, limit: number): ActiveCalls {
  const calls = []
  for (const call of live()) {
    if (calls.length >= limit) {
      break
    }
    calls.push(activeCall(call, rowId(call.channelId) ?? null))
  }
  return { at: new Date(now()).toISOString(), total: liveCount(), calls }
}

/** The queues and their members; all, or one. */
export function agents(
  { staffing, now }: Pick<ApiDependencies, 'staffing' | 'now'>,
  queue: string | undefined,
): Agents {
  const isWanted = (entry: { readonly queue: string }): boolean => queue === undefined || entry.queue === queue
  return {
    at: new Date(now()).toISOString(),
    questions_per_second: staffing.questionsPerSecond,
    queues: [...staffing.queues()].map(queueEntry).filter(isWanted),
    agents: [...staffing.agents()].map(agentEntry).filter(isWanted),
  }
}

/** All endpoints and their roles. */
export function endpoints({
  endpoints: all,
  resPrometheus,
  now,
}: Pick<ApiDependencies, 'endpoints' | 'resPrometheus' | 'now'>): EndpointList {
  return {
    at: new Date(now()).toISOString(),
    res_prometheus: resPrometheus(),
    endpoints: [...all()].map(endpointEntry),
  }
}

/** The phones that were offered a call in the period, then the known phones that were not. */
export async function operators(
  period: Period,
  {
    queries,
    operatorStates,
    signal,
  }: Pick<ApiDependencies, 'operatorStates'> & {
    readonly queries: Pick<CallQueries, 'operators'>
    readonly signal: AbortSignal
  },
): Promise<Operators> {
  const offered = await queries.operators(period, signal)
  const states = operatorStates()
  const known = new Set(offered.map(({ operator }) => operator))
  const idle = [...states.keys()].filter((name) => !known.has(name)).sort()
  return {
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    operators: [
      ...offered.map((operator) => ({ ...operator, state: states.get(operator.operator) ?? null })),
      ...idle.map((operator) => idleOperator(operator, states.get(operator) ?? null)),
    ],
  }
}

function idleOperator(operator: string, state: OperatorEntry['state']): OperatorEntry {
  return {
    operator,
    offered: 0,
    answered: 0,
    missed: 0,
    answered_elsewhere: 0,
    cancelled: 0,
    talk_seconds: 0,
    average_talk_seconds: null,
    state,
  }
}
