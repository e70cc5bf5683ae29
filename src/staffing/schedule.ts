// When a queue is to be asked about, and what: the oldest first, at once after an event that concerns it.
//
// Each question makes what is known younger, so that under a small budget all queues wait equally. Asks nothing about names that were
// not seen, nor about names that an expression would interpret.

import { isAskable } from './askable.ts'
import { type KnownQueue, type Member, seenAt } from './knownQueue.ts'
import type { StaffingFailure, StaffingQuestion } from './question.ts'

/** A question and when it is due, epoch ms. */
export interface Due {
  readonly at: number
  readonly question: StaffingQuestion
}

/** How long an answer is good enough: with a live channel, and without. */
const REFRESH_MS = 5_000
const REFRESH_WITHOUT_CHANNEL_MS = 10_000

/** Request lines and values of Asterisk have about 4,096 bytes. */
const MEMBERS_PER_QUESTION = 20

/** What is to be asked about a queue next, due or not; null for nothing. `channelId`: a live channel, null if there is none. */
export function nextAbout(queue: KnownQueue, channelId: string | null): Due | null {
  if (!queue.isAskable) {
    return null
  }
  if (channelId !== null) {
    return aboutQueue(queue, channelId)
  }
  if (queue.members.size > 0) {
    return earliest(aboutMembers(queue))
  }
  return queue.isListed && queue.exists ? aboutAvailable(queue) : null
}

function aboutQueue(queue: KnownQueue, channelId: string): Due {
  const members = [...queue.members.values()].filter((member) => isAskable(member.interface))
  const oldest = members.sort((one, other) => (one.seenAt ?? 0) - (other.seenAt ?? 0)).slice(0, MEMBERS_PER_QUESTION)
  const names = oldest.map((member) => member.interface)
  return {
    at: Math.max(queue.notBefore, dueAt(queue, oldest[0])),
    question: { about: 'queue', queue: queue.name, members: names, channelId },
  }
}

function dueAt({ exists, namedAt, urgentAt, counts, isListed }: KnownQueue, oldest: Member | undefined): number {
  if (!exists) {
    return namedAt
  }
  if (counts === null || !isListed) {
    return urgentAt ?? namedAt
  }
  // Who was never asked about is asked at once: nothing is known of the queue before.
  const refreshAt = oldest?.seenAt === null ? counts.at : Math.min(counts.at, oldest?.seenAt ?? counts.at) + REFRESH_MS
  return urgentAt ?? refreshAt
}

function* aboutMembers(queue: KnownQueue): Iterable<Due> {
  for (const member of queue.members.values()) {
    if (isAskable(member.interface)) {
      yield {
        at: Math.max(member.notBefore, memberDueAt(queue, member)),
        question: { about: 'member', queue: queue.name, member: member.interface },
      }
    }
  }
}

function memberDueAt({ namedAt, urgentAt }: KnownQueue, member: Member): number {
  if (member.seenAt === null) {
    return namedAt
  }
  const isUrgent = urgentAt !== null && member.seenAt < urgentAt
  return isUrgent ? urgentAt : member.seenAt + REFRESH_WITHOUT_CHANNEL_MS
}

function aboutAvailable(queue: KnownQueue): Due {
  const lastAt = seenAt(queue)
  const at = lastAt === null ? queue.namedAt : lastAt + REFRESH_WITHOUT_CHANNEL_MS
  return { at: Math.max(queue.notBefore, at), question: { about: 'available', queue: queue.name } }
}

/** The one that is due first; null if there are none. */
export function earliest(dues: Iterable<Due | null>): Due | null {
  let first: Due | null = null
  for (const due of dues) {
    if (due !== null && (first === null || due.at < first.at)) {
      first = due
    }
  }
  return first
}

/** After a refusal, or none in time, it waits: each time longer for a queue that is refused. */
const RETRY_MS = 5_000
const LONGEST_RETRY_MS = 300_000

/** A question about a queue or a member was not answered. */
export function noteFailure(
  queue: KnownQueue,
  question: StaffingQuestion,
  { failure, at }: { readonly failure: StaffingFailure; readonly at: number },
): void {
  const member = question.about === 'member' ? queue.members.get(question.member) : undefined
  if (member !== undefined) {
    member.notBefore = at + RETRY_MS
    return
  }
  queue.refusals = failure === 'refused' ? queue.refusals + 1 : 0
  queue.notBefore = at + Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** Math.max(0, queue.refusals - 1))
}
