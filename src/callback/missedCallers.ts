// Who was missed and has not been spoken with since: facts of calls in, changes of missed callers out.
//
//   missed inbound call ends ──> waiting ──outbound call to the number answered──> returned
//                                  │ │ └──inbound call from the number answered──> called_again
//                                  │ └──the window after the last miss is over───> expired
//                                  └─another missed call: attempts; an outbound call that nobody answers: tries
//
// A try closes nobody, but somebody has cared: who was tried since the last miss is not overdue until the next one.
//
// Nothing opens while somebody speaks with the number, or if somebody began to since the missed call started. No clock, no I/O:
// `advance` says what time it is. No fact costs more when more callers wait.

import type { CallFact, CallRecord } from '../call/fact.ts'
import type { KeyOfNumber } from '../numbers/phoneNumber.ts'
import { endDialed, isOut, newlyReached, noteDialed } from './callsOut.ts'
import { createConversations } from './conversations.ts'
import { type CallParties, type Dialed, type LegParty, type LiveCall, liveCall, noteParties } from './liveCalls.ts'
import type { MissedCaller, MissedCallerFact } from './missedCaller.ts'
import { createWaitingCallers, type WaitingCallersOptions } from './waitingCallers.ts'

export interface MissedCallersOptions extends WaitingCallersOptions {
  readonly keyOf: KeyOfNumber
}

/** What an earlier run left: to be restored before the first fact. */
export interface EarlierMissedCallers {
  /** The largest id that was ever given. */
  readonly lastId: number
  readonly waiting: readonly MissedCaller[]
  /** Open calls, and then those that were answered and ended since the oldest of them began; the legs of all of them. */
  readonly calls: readonly CallParties[]
  readonly legs: readonly LegParty[]
}

export interface MissedCallers {
  restore(earlier: EarlierMissedCallers): void
  /** What a fact means for missed callers; mostly nothing. */
  apply(fact: CallFact): readonly MissedCallerFact[]
  /** It is this time of the PBX (epoch ms): closes the callers whose time is over. */
  advance(at: number): readonly MissedCallerFact[]
  /** All who wait. */
  waiting(): Iterable<MissedCaller>
}

const NONE: readonly MissedCallerFact[] = []

/** Nobody waits. */
export function createMissedCallers({ keyOf, ...options }: MissedCallersOptions): MissedCallers {
  const callers = createWaitingCallers(options)
  const conversations = createConversations()
  const liveCalls = new Map<string, LiveCall>()

  function speak(live: LiveCall, number: string, at: number): readonly MissedCallerFact[] {
    conversations.begin(live, number, at)
    const key = waitingKey(number)
    if (key === null) {
      return NONE
    }
    const { id, isFromInside, phone } = live
    return callers.answer(key, { state: isFromInside ? 'returned' : 'called_again', at, call: id, phone })
  }

  /** Null if nobody who waits can have this number: then it is not compared. */
  function waitingKey(number: string): string | null {
    return callers.mayInclude(number) ? keyOf(number) : null
  }

  function liveCallOf(call: CallParties): LiveCall {
    const known = liveCalls.get(call.channelId)
    if (known !== undefined) {
      noteParties(known, call)
      return known
    }
    const live = liveCall(call)
    liveCalls.set(call.channelId, live)
    return live
  }

  function noteCall(call: CallParties): readonly MissedCallerFact[] {
    return changed(liveCallOf(call), call)
  }

  function changed(live: LiveCall, call: CallParties): readonly MissedCallerFact[] {
    if (live.isFromInside) {
      return reachedBy(live)
    }
    if (call.answeredAt === null) {
      conversations.awaits(live, call)
      return NONE
    }
    if (live.isAnswered) {
      return NONE
    }
    live.isAnswered = call.direction === 'inbound'
    const facts = live.isAnswered ? speak(live, call.caller, call.answeredAt) : NONE
    conversations.awaitsNoMore(live)
    return facts
  }

  function reachedBy(live: LiveCall): readonly MissedCallerFact[] {
    const reached = newlyReached(live)
    return reached.length === 0 ? NONE : reached.flatMap(({ number, at }) => speak(live, number, at))
  }

  function noteLeg(leg: LegParty): readonly MissedCallerFact[] {
    const live = isOut(leg) ? liveCalls.get(leg.callId) : undefined
    if (live === undefined) {
      return NONE
    }
    noteDialed(live, leg)
    return reachedBy(live)
  }

  function endCall(call: CallRecord, at: number): readonly MissedCallerFact[] {
    const live = liveCallOf(call)
    const before = changed(live, call)
    const missed = call.missed && call.direction === 'inbound' && !live.isFromInside ? miss(call, at) : NONE
    const into = call.mergedInto === null ? null : (liveCalls.get(call.mergedInto) ?? null)
    const tried = tryAgain(endDialed(live, into), at)
    forget(live, into)
    return before.length + missed.length + tried.length === 0 ? NONE : [...before, ...missed, ...tried]
  }

  function forget(live: LiveCall, into: LiveCall | null): void {
    liveCalls.delete(live.id)
    conversations.end(live, into)
    conversations.awaitsNoMore(live)
  }

  function tryAgain(dialed: readonly Dialed[], at: number): readonly MissedCallerFact[] {
    if (dialed.length === 0) {
      return NONE
    }
    const keys = new Set(dialed.flatMap(({ number }) => waitingKey(number) ?? []))
    return [...keys].flatMap((key) => callers.tryAgain(key, at))
  }

  function miss(call: CallRecord, at: number): readonly MissedCallerFact[] {
    const key = keyOf(call.caller)
    if (key === null) {
      return [{ type: 'UnknownCallerMissed', at, missedCall: call.channelId }]
    }
    const isSpokenWith = conversations.since(call.caller, call.startedAt).some((number) => keyOf(number) === key)
    return isSpokenWith ? NONE : callers.miss(call, { key, at: call.endedAt ?? at })
  }

  return {
    restore({ lastId, waiting, calls, legs }) {
      calls.forEach(noteCall)
      legs.forEach(noteLeg)
      for (const call of calls.filter(({ endedAt }) => endedAt !== null)) {
        forget(liveCallOf(call), null)
      }
      // Last: what was spoken before they were missed closes nobody.
      callers.restore(waiting, lastId)
    },
    apply(fact) {
      switch (fact.type) {
        case 'CallStarted':
        case 'CallChanged':
        case 'CallAnswered': {
          return noteCall(fact.call)
        }
        case 'CallEnded': {
          return endCall(fact.call, fact.at)
        }
        case 'LegStarted':
        case 'LegChanged':
        case 'LegEnded': {
          return noteLeg(fact.leg)
        }
        case 'QueueLeft':
        case 'LegInTrouble':
        case 'NumberDialed':
        case 'CallsReconciled': {
          return NONE
        }
      }
    },
    advance: callers.expire,
    waiting: callers.all,
  }
}
