// An office whose calls are written as facts, in the words of its people; times are minutes.

import type { CallFact, CallRecord, LegRecord } from '../../../src/call/fact.ts'
import type { MissedCaller, MissedCallerFact } from '../../../src/callback/missedCaller.ts'
import { createMissedCallers, type MissedCallers } from '../../../src/callback/missedCallers.ts'
import { type KeyOfNumber, numberMatcher } from '../../../src/numbers/phoneNumber.ts'
import { callRecord, legRecord, T0 } from '../metrics/records.ts'

export const MINUTE = 60_000
export const HOUR = 60
export const minute = (at: number): number => T0 + at * MINUTE

const UNANSWERED = { ringingAt: null, answeredAt: null, endedAt: null, durationMs: 0, answerDelayMs: null } as const
const OPEN = { disposition: null, missed: false, offered: false, answeredBy: [], quality: null } as const

/** Collects the facts of calls, in the order in which it is told of them. */
export class Office {
  readonly facts: CallFact[] = []
  readonly #calls = new Map<string, CallRecord>()
  readonly #legs = new Map<string, LegRecord[]>()
  #legCount = 0

  /** Somebody outside calls the office. */
  calls(id: string, caller: string, at: number, changes: Partial<CallRecord> = {}): this {
    return this.#start(id, at, {
      caller,
      callee: '5550100',
      callerName: '',
      callerEndpoint: 'trunk-a',
      callerRole: 'trunk',
      direction: 'inbound',
      trunk: 'trunk-a',
      ...changes,
    })
  }

  /** A phone dials a number outside; the extension may have an outside-line digit. */
  dials(id: string, phone: string, dialString: string, at: number, changes: Partial<CallRecord> = {}): this {
    this.#start(id, at, {
      caller: phone,
      callee: `9${dialString.split('@')[0]}`,
      callerEndpoint: phone,
      callerRole: 'phone',
      direction: 'outbound',
      trunk: 'trunk-a',
      ...changes,
    })
    return this.tries(id, dialString, at)
  }

  /** A call inside the office. */
  internal(id: string, phone: string, at: number): this {
    return this.#start(id, at, { caller: phone, callee: '102', callerEndpoint: phone, callerRole: 'phone' })
  }

  /** Another dial attempt of a call, on a trunk unless the changes say otherwise. */
  tries(id: string, dialString: string, at: number, changes: Partial<LegRecord> = {}): this {
    this.#legCount += 1
    const leg = legRecord({
      id: `leg-${this.#legCount}`,
      callId: id,
      endpoint: 'trunk-a',
      endpointRole: 'trunk',
      dialed: dialString,
      direction: this.#call(id).direction,
      startedAt: minute(at),
      answeredAt: null,
      endedAt: null,
      talkMs: 0,
      result: null,
      ...changes,
    })
    this.#legs.set(id, [...(this.#legs.get(id) ?? []), leg])
    this.facts.push({ type: 'LegStarted', at: minute(at), leg })
    return this
  }

  /** The last leg picks up. */
  picksUp(id: string, at: number): this {
    return this.#changeLeg(id, 'LegChanged', { answeredAt: minute(at) }, at)
  }

  /** The last leg ends without an answer. */
  givesUp(id: string, at: number, result: LegRecord['result'] = 'no_answer'): this {
    return this.#changeLeg(id, 'LegEnded', { endedAt: minute(at), result }, at)
  }

  /** The caller is connected with somebody. */
  answers(id: string, at: number, by = '101'): this {
    const call = this.#change(id, { answeredAt: minute(at), answeredBy: [by], state: 'talking' })
    this.facts.push({ type: 'CallAnswered', at: minute(at), call })
    return this
  }

  changes(id: string, at: number, changes: Partial<CallRecord>): this {
    this.facts.push({ type: 'CallChanged', at: minute(at), call: this.#change(id, changes) })
    return this
  }

  /** The call ends; an inbound call that nobody answered is missed. */
  ends(id: string, at: number, changes: Partial<CallRecord> = {}): this {
    const before = this.#call(id)
    const answered = before.answeredAt !== null
    const call = this.#change(id, {
      endedAt: minute(at),
      disposition: answered ? 'answered' : 'no_answer',
      missed: !answered && (before.direction === 'inbound' || before.direction === 'internal'),
      ...changes,
    })
    this.facts.push({ type: 'CallEnded', at: minute(at), call })
    return this
  }

  /** The whole of a call that nobody answers. */
  misses(id: string, caller: string, at: number, until = at + 1, changes: Partial<CallRecord> = {}): this {
    return this.calls(id, caller, at, changes).ends(id, until)
  }

  /** The whole of an inbound call that 101 answers. */
  speaks(id: string, caller: string, at: number, until: number): this {
    return this.calls(id, caller, at).answers(id, at).ends(id, until)
  }

  /** The whole of a call that a phone makes and that is answered after a minute. */
  reaches(id: string, phone: string, dialString: string, at: number): this {
    this.dials(id, phone, dialString, at).picksUp(id, at + 1)
    return this.answers(id, at + 1, 'trunk-a').ends(id, at + 5)
  }

  /** The whole of a call that a phone makes and that nobody answers. */
  failsToReach(id: string, phone: string, dialString: string, at: number): this {
    return this.dials(id, phone, dialString, at)
      .givesUp(id, at + 1)
      .ends(id, at + 1)
  }

  #start(id: string, at: number, changes: Partial<CallRecord>): this {
    const call = callRecord({
      channelId: id,
      startedAt: minute(at),
      ...UNANSWERED,
      ...OPEN,
      state: 'setup',
      ...changes,
    })
    this.#calls.set(id, call)
    this.facts.push({ type: 'CallStarted', at: minute(at), call })
    return this
  }

  #changeLeg(id: string, type: 'LegChanged' | 'LegEnded', changes: Partial<LegRecord>, at: number): this {
    const legs = this.#legs.get(id) ?? []
    const leg = legRecord({ ...legs.at(-1), ...changes })
    this.#legs.set(id, [...legs.slice(0, -1), leg])
    this.facts.push({ type, at: minute(at), leg })
    return this
  }

  #change(id: string, changes: Partial<CallRecord>): CallRecord {
    const call = { ...this.#call(id), ...changes }
    this.#calls.set(id, call)
    return call
  }

  #call(id: string): CallRecord {
    return this.#calls.get(id) ?? callRecord({ channelId: id })
  }
}

export interface Settings {
  readonly keyOf?: KeyOfNumber
  readonly windowMs?: number
  readonly limit?: number
}

/** By default: Finland, three days, as many as the program allows. */
export function missedCallersOf({
  keyOf = numberMatcher('FI'),
  windowMs = 72 * HOUR * MINUTE,
  limit = 100_000,
}: Settings = {}): MissedCallers {
  return createMissedCallers({ keyOf, windowMs, limit })
}

/** Applies facts, each at its own time. */
export function applyAll(callers: MissedCallers, facts: readonly CallFact[]): readonly MissedCallerFact[] {
  return facts.flatMap((fact) => [...callers.advance(fact.at), ...callers.apply(fact)])
}

/** The last record of each missed caller, in the order in which they opened. */
export function listOf(facts: readonly MissedCallerFact[]): readonly MissedCaller[] {
  const last = new Map<number, MissedCaller>()
  for (const fact of facts) {
    if ('caller' in fact) {
      last.set(fact.caller.id, fact.caller)
    }
  }
  return [...last.values()]
}

/** The list after everything that happened in the office, and then until this minute. */
export function listAfter(office: Office, settings: Settings = {}, until = 0): readonly MissedCaller[] {
  const callers = missedCallersOf(settings)
  return listOf([...applyAll(callers, office.facts), ...callers.advance(minute(until))])
}

/** A missed caller who waits. */
export function missedCaller(id: number, changes: Partial<MissedCaller> = {}): MissedCaller {
  return {
    id,
    key: `key-${id}`,
    number: `+35840123${4000 + id}`,
    name: 'Ann',
    state: 'waiting',
    firstMissAt: minute(0),
    lastMissAt: minute(0),
    attempts: 1,
    tries: 0,
    untriedSince: changes.firstMissAt ?? minute(0),
    queue: null,
    called: '5550100',
    closedAt: null,
    closedBy: null,
    closedByPhone: null,
    ...changes,
  }
}

/** What differs in one whom 101 called back after a minute. */
export const CLOSED = {
  state: 'returned',
  untriedSince: null,
  closedAt: minute(1),
  closedBy: 'back',
  closedByPhone: '101',
} as const
