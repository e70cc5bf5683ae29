// What each phone did in toll calls within the last ten minutes: facts of calls in, the largest sums over all phones out.
//
// Calls that last are counted while they last, because fraudulent calls are long. No clock, no I/O: the readers say what time it is.

import type { RestoredCall } from '../call/event.ts'
import type { CallFact, CallRecord, LegRecord } from '../call/fact.ts'
import type { RoleOf } from '../call/outcome/direction.ts'
import { dialedNumber, isNumber } from '../numbers/phoneNumber.ts'
import { type Attempt, createAttempts } from './attempts.ts'
import { tailOf } from './sequence.ts'
import { TOLL_CLASSES, type TollFact, type TollSums } from './tollCall.ts'

/** What this folder reads of a call and of a leg. */
type TollCaller = Pick<CallRecord, 'channelId' | 'callee' | 'callerEndpoint'>
type TollLeg = Pick<LegRecord, 'id' | 'callId' | 'dialed' | 'destination' | 'answeredAt'>

export interface TollWatchOptions {
  readonly roleOf: RoleOf
  /** How many attempts are remembered; default 10,000, about 2 MB. */
  readonly most?: number
}

/** What an earlier run left: to be restored before the first fact. */
export interface EarlierTollCalls {
  /** Countries that were ever called. */
  readonly countries: Iterable<string>
  /** Calls that are open. */
  readonly calls: readonly Pick<
    RestoredCall,
    'channelId' | 'callee' | 'callerEndpoint' | 'destination' | 'startedAt' | 'legs'
  >[]
}

export interface TollWatch {
  restore(earlier: EarlierTollCalls): void
  /** What a fact means for toll calls; mostly nothing. */
  apply(fact: CallFact): readonly TollFact[]
  /** The largest of each sum over the phones, at this time (epoch ms). */
  peaks(at: number): TollSums
  /** How many attempts are remembered. */
  remembered(): number
}

interface LiveCall {
  /** Of a call that an application places through a Local channel, known only once somebody picks up. */
  phone: string
  callee: string
  /** By number; null: none was a toll call, as in most calls. */
  attempts: Map<string, Attempt> | null
}

const DEFAULT_MOST = 10_000

const NONE: readonly TollFact[] = []

/** Nobody has called. */
export function createTollWatch({ roleOf, most = DEFAULT_MOST }: TollWatchOptions): TollWatch {
  const calls = new Map<string, LiveCall>()
  const legs = new Map<string, Attempt>()
  const countries = new Set<string>()
  const attempts = createAttempts(most)

  function noteCall({ channelId, callerEndpoint, callee }: TollCaller): void {
    const known = calls.get(channelId)
    if (known === undefined) {
      calls.set(channelId, { phone: callerEndpoint, callee, attempts: null })
    } else {
      known.phone = callerEndpoint
      known.callee = callee
    }
  }

  function open({ id }: TollLeg, attempt: Attempt): void {
    legs.set(id, attempt)
    attempt.openLegs += 1
    attempt.endedAt = null
  }

  function dial(leg: TollLeg, at: number): readonly TollFact[] {
    const call = calls.get(leg.callId)
    const { destination } = leg
    const found = TOLL_CLASSES.find((one) => one === destination?.class)
    if (call === undefined || destination === null || found === undefined || legs.has(leg.id)) {
      return NONE
    }
    const number = digitsOf([dialedNumber(leg.dialed), call.callee].find(isNumber) ?? leg.id)
    call.attempts ??= new Map()
    const earlier = call.attempts.get(number)
    if (earlier !== undefined) {
      open(leg, earlier)
      return NONE
    }
    const { phone } = call
    const times = { startedAt: at, answeredAt: null, endedAt: null, openLegs: 0 }
    const attempt = { phone, class: found, value: tailOf(number), ...times }
    call.attempts.set(number, attempt)
    open(leg, attempt)
    attempts.add(attempt)
    const tried: TollFact = { type: 'TollCallTried', at, class: found, phone, call: leg.callId }
    return [tried, ...firstCallTo(destination.country, tried)]
  }

  function firstCallTo(country: string, { at, phone, call }: TollFact): readonly TollFact[] {
    if (country === '' || countries.has(country)) {
      return NONE
    }
    countries.add(country)
    return [{ type: 'CountryFirstCalled', at, country, phone, call }]
  }

  function noteLeg({ id, answeredAt }: Pick<TollLeg, 'id' | 'answeredAt'>): Attempt | undefined {
    const attempt = legs.get(id)
    if (attempt !== undefined) {
      attempt.answeredAt ??= answeredAt
    }
    return attempt
  }

  function endLeg(leg: TollLeg, at: number): void {
    const attempt = noteLeg(leg)
    legs.delete(leg.id)
    if (attempt !== undefined) {
      attempt.openLegs -= 1
      attempt.endedAt = attempt.openLegs === 0 ? at : null
    }
  }

  return {
    restore(earlier) {
      for (const country of earlier.countries) {
        countries.add(country)
      }
      for (const call of earlier.calls) {
        noteCall(call)
        for (const leg of call.legs.filter(({ endpoint }) => roleOf(endpoint) === 'trunk')) {
          const { channelId: id, dialed, answeredAt, startedAt } = leg
          dial({ id, callId: call.channelId, dialed, destination: call.destination, answeredAt }, startedAt)
          noteLeg({ id, answeredAt })
        }
      }
    },
    apply(fact) {
      switch (fact.type) {
        case 'CallStarted':
        case 'CallChanged':
        case 'CallAnswered': {
          noteCall(fact.call)
          return NONE
        }
        case 'CallEnded': {
          calls.delete(fact.call.channelId)
          return NONE
        }
        case 'NumberDialed': {
          const facts = dial(fact.leg, fact.at)
          noteLeg(fact.leg)
          return facts
        }
        case 'LegChanged': {
          noteLeg(fact.leg)
          return NONE
        }
        case 'LegEnded': {
          endLeg(fact.leg, fact.at)
          return NONE
        }
        case 'LegStarted':
        case 'QueueLeft':
        case 'LegInTrouble':
        case 'CallsReconciled': {
          return NONE
        }
      }
    },
    peaks: attempts.peaks,
    remembered: attempts.size,
  }
}

function digitsOf(number: string): string {
  return number.replace(/\D/g, '')
}
