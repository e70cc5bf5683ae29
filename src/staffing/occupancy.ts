// How much of the day each agent spent with calls: added up from the states that were seen.
//
// Kept while the program runs: a start begins anew, and says since when. As in the recording rules, time on a pause is no staffed time.

import type { Agent, AgentState, Occupancy } from './agent.ts'

export interface Occupancies {
  /** It is this time (epoch ms); until now the agents were as given. */
  add(agents: Iterable<Agent>, at: number): void
  /** Null while nothing of the day was observed. */
  of(queue: string, member: string): Occupancy | null
}

/** Longer than this after the last time, what was in between is not known. */
const LONGEST_STEP_MS = 2_000

/** More than agents of any PBX. */
const MOST = 20_000

/** `dayStart`: when the day of an instant began. */
export function createOccupancies(dayStart: (at: number) => number): Occupancies {
  const spent = new Map<string, { busyMs: number; staffedMs: number }>()
  let lastAt: number | null = null
  let since = 0

  return {
    add(agents, at) {
      const stepMs = lastAt === null ? 0 : Math.min(LONGEST_STEP_MS, Math.max(0, at - lastAt))
      const today = dayStart(at)
      if (lastAt === null) {
        since = at
      } else if (since < today) {
        spent.clear()
        since = today
      }
      lastAt = at
      for (const { queue, member, state } of agents) {
        const key = keyOf(queue, member)
        const one = spent.get(key) ?? { busyMs: 0, staffedMs: 0 }
        if (isStaffed(state) && (spent.has(key) || spent.size < MOST)) {
          one.staffedMs += stepMs
          one.busyMs += state === 'free' ? 0 : stepMs
          spent.set(key, one)
        }
      }
    },
    of(queue, member) {
      const one = spent.get(keyOf(queue, member))
      return one === undefined || one.staffedMs === 0 ? null : { ...one, since }
    },
  }
}

function isStaffed(state: AgentState | null): boolean {
  return state !== null && state !== 'paused' && state !== 'offline'
}

function keyOf(queue: string, member: string): string {
  return `${queue}\u0000${member}`
}
