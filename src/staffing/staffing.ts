// Who is there: what is asked about queues, and what the answers and the events together say of their agents.
//
//   events (Queue, AddQueueMember, PauseQueueMember …) ─▶ queues that exist, members that are believed ─▶ questions
//   answers ─▶ what is known; with the states of phones and the ends of calls ─▶ the state of each agent ─▶ facts
//
// Nothing is known while the session is not in sync, nor of a queue whose answers are too old: unknown is not zero. No clock, no I/O.

import type { PbxEvent } from '../call/event.ts'
import type { CallFact } from '../call/fact.ts'
import type { RoleOf } from '../call/outcome/direction.ts'
import type { PhoneCall } from '../call/views/phoneCalls.ts'
import type { PhoneState } from '../call/views/phoneStates.ts'
import type { Agent, AgentFact, QueueStaffing } from './agent.ts'
import { createAgentList } from './agentList.ts'
import { type AgentsNow, agentStates, countsOf, learnWrapUp } from './agentStates.ts'
import { isAskable } from './askable.ts'
import {
  type KnownQueue,
  noteUrgent,
  seenAt,
  takeAvailableAnswer,
  takeMemberAnswer,
  takeQueueAnswer,
} from './knownQueue.ts'
import { createKnownQueues, type RememberedQueue } from './knownQueues.ts'
import { createLiveChannel } from './liveChannel.ts'
import { createMemberPhones } from './memberPhones.ts'
import { createOccupancies } from './occupancy.ts'
import type { StaffingAnswer, StaffingFailure, StaffingQuestion } from './question.ts'
import { createQueueCalls } from './queueCalls.ts'
import { earliest, nextAbout, noteFailure } from './schedule.ts'

export interface StaffingOptions {
  readonly roleOf: RoleOf
  /** Ids of the channels that exist, whoever they belong to. */
  readonly liveChannels: () => Iterable<string>
  /** What each phone does. */
  readonly phones: () => ReadonlyMap<string, PhoneState>
  /** What a phone talks about or rings for; null if it does neither. */
  readonly callOf: (phone: string) => PhoneCall | null
  /** When the day of an instant began (epoch ms). */
  readonly dayStart: (at: number) => number
  /** Once for each name that cannot be part of a question. */
  readonly onUnaskable?: (name: string) => void
}

export interface Staffing {
  /** What an earlier run remembered; before the first event. */
  restore(queues: readonly RememberedQueue[]): void
  apply(event: PbxEvent): void
  note(fact: CallFact): void
  /** The question that is due most; null for none. */
  next(at: number): StaffingQuestion | null
  answered(question: StaffingQuestion, answer: StaffingAnswer, at: number): void
  failed(question: StaffingQuestion, failure: StaffingFailure, at: number): void
  /** It is this time of the PBX (epoch ms): what has changed since the last time. */
  advance(at: number): readonly AgentFact[]
  /** As of the last `advance`, by queue and member. */
  agents(): Iterable<Agent>
  /** Every queue that Asterisk may know. */
  queues(at: number): Iterable<QueueStaffing>
  remembered(): readonly RememberedQueue[]
}

/** Older than this, an answer says nothing of the present. */
const KNOWN_FOR_MS = 60_000

/** Of an agent, while there is no connection. */
const NOT_KNOWN = { state: null, since: null, pauseReason: null, call: null, seenAt: null } as const

/** A busy queue is asked after the end of a call, and not after each. */
const AFTER_CALL_MS = 2_000

export function createStaffing(options: StaffingOptions): Staffing {
  const { roleOf, liveChannels, phones, callOf, dayStart, onUnaskable = () => {} } = options
  const queues = createKnownQueues(onUnaskable)
  const calls = createQueueCalls()
  const memberPhones = createMemberPhones(roleOf)
  const liveChannel = createLiveChannel(liveChannels)
  const occupancies = createOccupancies(dayStart)
  const list = createAgentList(occupancies)
  let isInSync = false

  function present(at: number): AgentsNow {
    const states = phones()
    const isPhone = (name: string): boolean => states.has(name)
    return {
      at,
      phones: states,
      phoneOf: (member) => memberPhones.phoneOf(member.stateInterface ?? member.interface, isPhone),
      callOf,
      calls,
    }
  }

  function isKnown(queue: KnownQueue, at: number): boolean {
    const since = seenAt(queue)
    return isInSync && since !== null && at - since <= KNOWN_FOR_MS
  }

  function take(queue: KnownQueue, question: StaffingQuestion, { answer, at }: Answered): void {
    if (answer.about === 'queue' && question.about === 'queue') {
      takeQueueAnswer(queue, answer, { asked: question.members, at })
      learnWrapUp(queue, present(at))
      answer.members.filter((member) => !isAskable(member)).forEach(queues.noteUnaskable)
    } else if (answer.about === 'member' && question.about === 'member') {
      takeMemberAnswer(queue, answer, { asked: question.member, at })
    } else if (answer.about === 'available') {
      takeAvailableAnswer(queue, answer, at)
    }
  }

  return {
    restore: queues.restore,
    apply(event) {
      switch (event.type) {
        case 'SnapshotTaken':
        case 'ConnectionLost': {
          isInSync = event.type === 'SnapshotTaken'
          liveChannel.reset()
          break
        }
        case 'Dialed': {
          memberPhones.apply(event)
        }
      }
      queues.apply(event)
    },
    note(fact) {
      const ended = calls.apply(fact)
      const queue = ended === null ? undefined : queues.get(ended)
      if (queue !== undefined) {
        noteUrgent(queue, fact.at, (queue.counts?.at ?? 0) + AFTER_CALL_MS)
      }
    },
    next(at) {
      if (!isInSync) {
        return null
      }
      const channelId = liveChannel.id()
      const first = earliest([...queues.all()].map((queue) => nextAbout(queue, channelId)))
      return first !== null && first.at <= at ? first.question : null
    },
    answered(question, answer, at) {
      const queue = queues.get(question.queue)
      // An event that came after the question knows better; it has asked for another one.
      const isOutdated = queue !== undefined && queue.urgentAt !== null && at < queue.urgentAt
      if (isInSync && queue !== undefined && !isOutdated) {
        take(queue, question, { answer, at })
      }
    },
    failed(question, failure, at) {
      const queue = queues.get(question.queue)
      if (failure === 'gone' && question.about === 'queue') {
        liveChannel.noteGone(question.channelId)
      } else if (queue !== undefined) {
        noteFailure(queue, question, { failure, at })
      }
    },
    advance(at) {
      queues.forget(at)
      occupancies.add(list.all(), at)
      const now = present(at)
      for (const queue of queues.all()) {
        list.put(queue, isKnown(queue, at) ? agentStates(queue, now) : null, now)
      }
      return list.changes(at)
    },
    *agents() {
      for (const agent of list.all()) {
        yield isInSync ? agent : { ...agent, ...NOT_KNOWN }
      }
    },
    *queues(at) {
      const now = present(at)
      for (const queue of queues.all()) {
        if (queue.exists) {
          const agents = isKnown(queue, at) ? countsOf(agentStates(queue, now)) : null
          yield { queue: queue.name, agents, seenAt: isInSync ? seenAt(queue) : null }
        }
      }
    },
    remembered: queues.remembered,
  }
}

interface Answered {
  readonly answer: StaffingAnswer
  readonly at: number
}
