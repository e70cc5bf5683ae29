// What the agents of one queue do: their calls decide, then what the PBX answered, then how long ago their last call ended.
//
// Asterisk tells how many agents are in wrap-up, and not who: they are those whose last call of the queue ended last. Between answers, and
// without any, an agent is in wrap-up as long as others were seen to be.

import type { PhoneCall } from '../call/views/phoneCalls.ts'
import type { PhoneState } from '../call/views/phoneStates.ts'
import type { AgentState, QueueStaffing } from './agent.ts'
import type { KnownQueue, Member } from './knownQueue.ts'
import type { QueueCalls } from './queueCalls.ts'

export interface AgentsNow {
  readonly at: number
  readonly phones: ReadonlyMap<string, PhoneState>
  readonly phoneOf: (member: Member) => string | null
  /** What a phone talks about or rings for. */
  readonly callOf: (phone: string) => PhoneCall | null
  readonly calls: Pick<QueueCalls, 'endedAt' | 'lastEndedAt'>
}

/** As long as counts say more than the time since the last call. */
const COUNTS_HOLD_MS = 15_000

/** The state of each member. */
export function agentStates(queue: KnownQueue, now: AgentsNow): ReadonlyMap<string, AgentState> {
  const states = new Map<string, AgentState>()
  const { idle, unclear } = sorted(queue, now, states)
  const counts = freshCounts(queue, now.at)
  // A member whose phone is not known is free if Asterisk counts it so.
  const free = counts === null ? unclear.length : Math.max(0, counts.free - idle.length)
  for (const member of unclear) {
    states.set(member.interface, 'offline')
  }
  const available = [...idle, ...unclear.slice(0, free)]
  for (const member of available) {
    states.set(member.interface, 'free')
  }
  for (const member of inWrapUp(queue, available, now)) {
    states.set(member.interface, 'wrapup')
  }
  return states
}

interface Sorted {
  /** Nothing shows that they are not free. */
  readonly idle: readonly Member[]
  /** Their phones are not known. */
  readonly unclear: readonly Member[]
}

function sorted(queue: KnownQueue, { phones, phoneOf }: AgentsNow, states: Map<string, AgentState>): Sorted {
  const idle: Member[] = []
  const unclear: Member[] = []
  for (const member of queue.members.values()) {
    const phone = phoneOf(member)
    const state = phone === null ? undefined : phones.get(phone)
    if (state !== undefined && state !== 'idle') {
      states.set(member.interface, state)
    } else if (member.isPaused) {
      states.set(member.interface, 'paused')
    } else if (state === 'idle') {
      idle.push(member)
    } else {
      unclear.push(member)
    }
  }
  return { idle, unclear }
}

function freshCounts({ counts }: KnownQueue, at: number): KnownQueue['counts'] {
  return counts !== null && at - counts.at <= COUNTS_HOLD_MS ? counts : null
}

function inWrapUp(
  queue: KnownQueue,
  available: readonly Member[],
  { at, phoneOf, calls }: AgentsNow,
): readonly Member[] {
  const counts = freshCounts(queue, at)
  const endedAt = endsOf(queue, { phoneOf, calls })
  const isRecent = (member: Member) => at - (endedAt.inQueue(member) ?? Number.NEGATIVE_INFINITY) < queue.wrapUpMs
  if (counts === null) {
    return available.filter(isRecent)
  }
  const sinceAnswer = available.filter((member) => (endedAt.inQueue(member) ?? 0) > counts.at)
  const others = available.filter((member) => !sinceAnswer.includes(member))
  return [...sinceAnswer.filter(isRecent), ...lastOnes(others, counts.free - counts.ready, endedAt)]
}

interface Ends {
  inQueue(member: Member): number | null
  anywhere(member: Member): number | null
}

function endsOf({ name }: KnownQueue, { phoneOf, calls }: Pick<AgentsNow, 'phoneOf' | 'calls'>): Ends {
  const ofPhone = (member: Member, read: (phone: string) => number | null): number | null => {
    const phone = phoneOf(member)
    return phone === null ? null : read(phone)
  }
  return {
    inQueue: (member) => ofPhone(member, (phone) => calls.endedAt(phone, name)),
    anywhere: (member) => ofPhone(member, calls.lastEndedAt),
  }
}

// A queue with `shared_lastcall` counts the calls of other queues too.
function lastOnes(members: readonly Member[], count: number, ends: Ends): readonly Member[] {
  const later = (one: number | null, other: number | null): number => (other ?? 0) - (one ?? 0)
  const byEnd = (one: Member, other: Member): number =>
    later(ends.inQueue(one), ends.inQueue(other)) || later(ends.anywhere(one), ends.anywhere(other))
  return count <= 0 ? [] : members.toSorted(byEnd).slice(0, count)
}

/** Learns from the counts that came just now how long wrap-up lasts in this queue. */
export function learnWrapUp(queue: KnownQueue, now: AgentsNow): void {
  const { counts } = queue
  const { idle, unclear } = sorted(queue, now, new Map())
  // Otherwise the PBX has not noticed yet what its events say, or the other way round.
  if (counts === null || unclear.length > 0 || idle.length !== counts.free) {
    return
  }
  const ends = endsOf(queue, now)
  const wrapping = lastOnes(idle, counts.free - counts.ready, ends)
  for (const member of idle) {
    const endedAt = ends.inQueue(member)
    if (endedAt !== null) {
      const elapsed = now.at - endedAt
      const limit = wrapping.includes(member) ? Math.max : Math.min
      queue.wrapUpMs = limit(queue.wrapUpMs, elapsed)
    }
  }
}

/** How many agents are in each state. */
export function countsOf(states: ReadonlyMap<string, AgentState>): NonNullable<QueueStaffing['agents']> {
  const counts = { free: 0, ringing: 0, talking: 0, wrapup: 0, paused: 0, offline: 0 } satisfies Record<
    AgentState,
    number
  >
  for (const state of states.values()) {
    counts[state] += 1
  }
  return counts
}
