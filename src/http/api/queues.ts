// `/api/queues`: who waits and who works in each queue now, and what became of the calls of a period, by default of today.

import type { CallQueries } from '../../query/query.ts'
import { type QueuePeriod, queueFigures } from '../../query/queueFigures.ts'
import type { Queues } from '../../query/queueSchema.ts'
import { isoInstant, seconds } from '../../time/format.ts'
import type { ApiDependencies } from './dependencies.ts'

/** The parts of the answer that say what was asked. */
export function askedOfQueues({ from, to, within }: QueuePeriod, now: number): Omit<Queues, 'queues'> {
  return { at: isoInstant(now), from: isoInstant(from), to: isoInstant(to), within_seconds: within }
}

/** The queues that have members, callers or calls, by name. */
export async function queues(
  period: QueuePeriod,
  {
    queries,
    staffing,
    queuesNow,
    now,
    signal,
  }: Pick<ApiDependencies, 'staffing' | 'queuesNow' | 'now'> & {
    readonly queries: Pick<CallQueries, 'queueFigures'>
    readonly signal: AbortSignal
  },
): Promise<Queues> {
  const sums = new Map((await queries.queueFigures(period, signal)).map((one) => [one.queue, one]))
  const members = new Map([...staffing.queues()].map((one) => [one.queue, one]))
  const waiting = queuesNow()
  const names = [...new Set([...sums.keys(), ...members.keys(), ...(waiting?.keys() ?? [])])].sort()
  return {
    ...askedOfQueues(period, now()),
    queues: names.map((queue) => {
      const callers = waiting?.get(queue)
      return {
        queue,
        waiting: waiting === null ? null : (callers?.count ?? 0),
        longest_wait_seconds: callers === undefined ? null : seconds(callers.longestMs),
        agents: members.get(queue)?.agents ?? null,
        ...queueFigures(sums.get(queue)),
      }
    }),
  }
}
