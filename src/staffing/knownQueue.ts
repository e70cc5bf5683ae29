// What is known of one queue: its members, who of them is paused, and how old each part is.
//
// Who is a member is believed until the PBX says otherwise: from the last list, from log-ins and log-outs by phone, from an earlier run.
// Only answers make it known: `seenAt` is the age of the oldest part. Mutable, and private to this folder.

import { isAskable } from './askable.ts'
import type { StaffingAnswer } from './question.ts'
import type { MemberCommand } from './queueCommand.ts'

export interface Member {
  readonly interface: string
  isPaused: boolean
  /** When it was paused, or was first seen so; null if it is not. */
  pausedAt: number | null
  pauseReason: string | null
  name: string | null
  stateInterface: string | null
  /** When an answer told whether it is paused; null if none did since the session began. */
  seenAt: number | null
  /** It is not asked again before. */
  notBefore: number
}

export interface KnownQueue {
  readonly name: string
  readonly isAskable: boolean
  /** False: Asterisk does not know it. */
  exists: boolean
  /** When it was named by an event, or Asterisk last knew it. */
  namedAt: number
  /** The members that it is believed to have. */
  readonly members: Map<string, Member>
  /** False while the members were never told completely. */
  isListed: boolean
  /** When an answer told that it has no members that are available; null if none did since the session began. */
  emptySeenAt: number | null
  /** The last answer about all of it in this session. */
  counts: { readonly at: number; readonly free: number; readonly ready: number } | null
  /** Something happened: it is to be asked at this time. */
  urgentAt: number | null
  /** It is not asked before. */
  notBefore: number
  /** How often it was refused in a row. */
  refusals: number
  /** How long wrap-up lasts, as far as was seen; 0: no wrap-up. */
  wrapUpMs: number
}

/** Asterisk writes a warning for each question about a queue that it does not know. */
const UNKNOWN_MS = 3_600_000

/** So soon it is asked again about such a queue if somebody calls it. */
const UNKNOWN_AGAIN_MS = 60_000

/** The event comes before what it tells of has happened. */
const SOON_MS = 300

/** An event names it. */
export function noteNamed(queue: KnownQueue, at: number): void {
  queue.namedAt = at
  if (!queue.exists) {
    queue.notBefore = Math.min(queue.notBefore, Math.max(at, queue.notBefore - UNKNOWN_MS + UNKNOWN_AGAIN_MS))
  }
}

/** Something changes now: it is to be asked soon, and not earlier than `notBefore`. */
export function noteUrgent(queue: KnownQueue, at: number, notBefore = 0): void {
  queue.urgentAt ??= Math.max(at + SOON_MS, notBefore)
}

export function newQueue(name: string, at: number): KnownQueue {
  return {
    name,
    isAskable: isAskable(name),
    exists: true,
    namedAt: at,
    members: new Map(),
    isListed: false,
    emptySeenAt: null,
    counts: null,
    urgentAt: null,
    notBefore: 0,
    refusals: 0,
    wrapUpMs: 0,
  }
}

function newMember(name: string, seenAt: number | null): Member {
  return {
    interface: name,
    isPaused: false,
    pausedAt: null,
    pauseReason: null,
    name: null,
    stateInterface: null,
    seenAt,
    notBefore: 0,
  }
}

/** When the oldest part of what is known was true; null if a part is not known. */
export function seenAt(queue: KnownQueue): number | null {
  if (!queue.isListed || !queue.exists) {
    return null
  }
  let oldest = queue.members.size === 0 ? queue.emptySeenAt : Number.POSITIVE_INFINITY
  for (const member of queue.members.values()) {
    if (member.seenAt === null) {
      return null
    }
    oldest = Math.min(oldest ?? member.seenAt, member.seenAt)
  }
  return oldest
}

/** Nothing is known any more; what is believed stays. */
export function forgetAnswers(queue: KnownQueue): void {
  queue.emptySeenAt = null
  queue.counts = null
  queue.urgentAt = null
  queue.notBefore = 0
  for (const member of queue.members.values()) {
    member.seenAt = null
    member.notBefore = 0
  }
}

/** An earlier run knew these members. */
export function believeMembers(queue: KnownQueue, members: readonly string[]): void {
  queue.isListed = true
  for (const name of members) {
    queue.members.set(name, newMember(name, null))
  }
}

/** Believes what a command is about to do. */
export function applyCommand(queue: KnownQueue, command: MemberCommand, at: number): void {
  const known = queue.members.get(command.member)
  switch (command.type) {
    case 'added': {
      const { name, stateInterface } = command
      const member = known ?? newMember(command.member, at)
      queue.members.set(command.member, Object.assign(member, { name, stateInterface }))
      return
    }
    case 'removed': {
      removeMember(queue, command.member, at)
      return
    }
    case 'paused': {
      if (known !== undefined) {
        Object.assign(known, { isPaused: true, pausedAt: known.pausedAt ?? at, pauseReason: command.reason })
      }
      return
    }
    case 'unpaused': {
      if (known !== undefined) {
        setPaused(known, false, at)
      }
    }
  }
}

function removeMember(queue: KnownQueue, member: string, at: number): void {
  const before = seenAt(queue)
  if (queue.members.delete(member) && queue.members.size === 0) {
    queue.emptySeenAt = before === null ? null : at
  }
}

function setPaused(member: Member, isPaused: boolean, at: number): void {
  if (member.isPaused === isPaused) {
    return
  }
  member.isPaused = isPaused
  member.pausedAt = isPaused ? at : null
  member.pauseReason = null
}

type AnswerAbout<About> = Extract<StaffingAnswer, { about: About }>

/** Takes the answer about the whole queue; `asked`: the members whose pause was asked for. */
export function takeQueueAnswer(
  queue: KnownQueue,
  answer: AnswerAbout<'queue'>,
  { asked, at }: { readonly asked: readonly string[]; readonly at: number },
): void {
  queue.exists = answer.exists
  queue.urgentAt = null
  queue.refusals = 0
  if (!answer.exists) {
    queue.members.clear()
    queue.notBefore = at + UNKNOWN_MS
    return
  }
  const before = seenAt(queue)
  const listed = new Set(answer.members)
  for (const name of [...queue.members.keys()].filter((member) => !listed.has(member))) {
    queue.members.delete(name)
  }
  for (const name of listed) {
    if (!queue.members.has(name)) {
      // The others stay known until it has been asked whether this one is paused, which is at once.
      queue.members.set(name, newMember(name, before))
      queue.urgentAt = at
    }
  }
  takePauses(queue, answer.paused, { asked, at })
  queue.namedAt = at
  queue.isListed = true
  queue.emptySeenAt = listed.size === 0 ? at : null
  queue.counts = { at, free: answer.free, ready: answer.ready }
}

function takePauses(
  queue: KnownQueue,
  paused: readonly string[],
  { asked, at }: { readonly asked: readonly string[]; readonly at: number },
): void {
  const isAsked = new Set(asked)
  const isPaused = new Set(paused)
  for (const [name, member] of queue.members) {
    if (isAsked.has(name)) {
      setPaused(member, isPaused.has(name), at)
      member.seenAt = at
    } else if (!isAskable(name)) {
      // It is only known to be a member; whether it is paused, by its own commands.
      member.seenAt = at
    }
  }
}

/** Takes the answer about one member. */
export function takeMemberAnswer(
  queue: KnownQueue,
  { state }: AnswerAbout<'member'>,
  { asked, at }: { readonly asked: string; readonly at: number },
): void {
  const member = queue.members.get(asked)
  if (member === undefined) {
    return
  }
  if (state === 'no_member') {
    removeMember(queue, asked, at)
    return
  }
  setPaused(member, state === 'paused', at)
  member.seenAt = at
}

/** Takes the answer about a queue without members: who became available is not told. */
export function takeAvailableAnswer(queue: KnownQueue, { state }: AnswerAbout<'available'>, at: number): void {
  queue.exists = state !== 'no_queue'
  if (state === 'some') {
    queue.isListed = false
  }
  if (queue.members.size === 0) {
    queue.emptySeenAt = state === 'none' ? at : null
  }
}
