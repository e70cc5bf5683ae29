// The missed callers who wait: opened by a missed call, closed by an answer or when their time is over.
//
// The only place that makes records of missed callers, and facts about them.

import type { CallRecord } from '../call/fact.ts'
import { createDeadlines } from './deadlines.ts'
import type { MissedCaller, MissedCallerFact } from './missedCaller.ts'
import { createNumberEnds } from './numberEnds.ts'

export interface WaitingCallersOptions {
  /** How long after the last miss a caller expires. */
  readonly windowMs: number
  /** How many may wait; above it, those expire first that would expire next. */
  readonly limit: number
}

/** An answered call that closes a missed caller. */
export interface Answer {
  readonly state: 'returned' | 'called_again'
  readonly at: number
  readonly call: string
  /** The phone inside; null if there is no single one. */
  readonly phone: string | null
}

export interface WaitingCallers {
  /** Before anything else. */
  restore(callers: readonly MissedCaller[], lastId: number): void
  /** The caller with this key was missed at this time. */
  miss(call: CallRecord, missed: { readonly key: string; readonly at: number }): readonly MissedCallerFact[]
  /** A call to the number was not answered. */
  tryAgain(key: string, at: number): readonly MissedCallerFact[]
  answer(key: string, answer: Answer): readonly MissedCallerFact[]
  /** False if nobody who waits can have this number: it need not be compared. */
  mayInclude(number: string): boolean
  /** Closes those whose time is over at this time. */
  expire(at: number): readonly MissedCallerFact[]
  all(): Iterable<MissedCaller>
}

const NONE: readonly MissedCallerFact[] = []

/** Nobody waits. */
export function createWaitingCallers({ windowMs, limit }: WaitingCallersOptions): WaitingCallers {
  const waiting = new Map<string, MissedCaller>()
  const deadlines = createDeadlines()
  const ends = createNumberEnds()
  let lastId = 0

  function removeEnd(caller: MissedCaller | undefined): void {
    if (caller !== undefined) {
      ends.remove(caller.number)
    }
  }

  function put(caller: MissedCaller): MissedCaller {
    const known = waiting.get(caller.key)
    if (known?.number !== caller.number) {
      removeEnd(known)
      ends.add(caller.number)
    }
    waiting.set(caller.key, caller)
    deadlines.set(caller.key, caller.lastMissAt + windowMs)
    return caller
  }

  function take(key: string): MissedCaller | undefined {
    const found = waiting.get(key)
    removeEnd(found)
    waiting.delete(key)
    deadlines.delete(key)
    return found
  }

  function displace(at: number): readonly MissedCallerFact[] {
    const first = waiting.size > limit ? deadlines.takeFirst() : undefined
    const found = first === undefined ? undefined : take(first)
    return found === undefined ? NONE : [expired(found, at, true)]
  }

  return {
    restore(callers, last) {
      callers.forEach(put)
      lastId = last
    },
    miss(call, { key, at }) {
      const known = waiting.get(key)
      if (known !== undefined) {
        return [
          { type: 'MissedCallerChanged', at, caller: put(missedAgain(known, call, at)), missedCall: call.channelId },
        ]
      }
      lastId += 1
      const caller = put(firstMissed(call, { id: lastId, key, at }))
      return [{ type: 'MissedCallerOpened', at, caller, missedCall: call.channelId }, ...displace(at)]
    },
    tryAgain(key, at) {
      const found = waiting.get(key)
      if (found === undefined) {
        return NONE
      }
      const caller = { ...found, tries: found.tries + 1, untriedSince: null }
      waiting.set(key, caller)
      return [{ type: 'MissedCallerChanged', at, caller, missedCall: null }]
    },
    answer(key, { state, at, call, phone }) {
      const found = take(key)
      if (found === undefined) {
        return NONE
      }
      const caller: MissedCaller = {
        ...found,
        state,
        untriedSince: null,
        closedAt: Math.max(at, found.firstMissAt),
        closedBy: call,
        closedByPhone: phone,
      }
      return [{ type: 'MissedCallerClosed', at, caller, displaced: false }]
    },
    expire(at) {
      const closed: MissedCallerFact[] = []
      for (let due = deadlines.takeDue(at); due !== undefined; due = deadlines.takeDue(at)) {
        const found = take(due)
        if (found !== undefined) {
          closed.push(expired(found, found.lastMissAt + windowMs, false))
        }
      }
      return closed
    },
    mayInclude: ends.mayInclude,
    all: () => waiting.values(),
  }
}

function expired(caller: MissedCaller, at: number, displaced: boolean): MissedCallerFact {
  const closedAt = Math.max(at, caller.firstMissAt)
  const closed: MissedCaller = { ...caller, state: 'expired', untriedSince: null, closedAt }
  return { type: 'MissedCallerClosed', at, caller: closed, displaced }
}

interface First {
  readonly id: number
  readonly key: string
  readonly at: number
}

function firstMissed(call: CallRecord, { id, key, at }: First): MissedCaller {
  return {
    id,
    key,
    ...shownOf(call),
    state: 'waiting',
    firstMissAt: at,
    lastMissAt: at,
    attempts: 1,
    tries: 0,
    untriedSince: at,
    closedAt: null,
    closedBy: null,
    closedByPhone: null,
  }
}

function missedAgain(known: MissedCaller, call: CallRecord, at: number): MissedCaller {
  return {
    ...known,
    ...(at >= known.lastMissAt && shownOf(call)),
    firstMissAt: Math.min(known.firstMissAt, at),
    lastMissAt: Math.max(known.lastMissAt, at),
    attempts: known.attempts + 1,
    // A try before this call is no try to answer it.
    untriedSince: Math.min(known.untriedSince ?? at, at),
  }
}

function shownOf({ caller, callerName, queue, callee }: CallRecord) {
  return { number: caller, name: callerName, queue, called: callee }
}
