// The live calls in which somebody inside dials numbers on trunks: which numbers, and which of them picked up.
//
// The number of such a call is what was dialed on the trunk: the extension that the caller dialed may begin with an outside-line digit.
// A call that merges leaves its numbers to the surviving call.

import type { CallRecord, LegRecord } from '../call/fact.ts'
import { dialedNumber, isNumber } from '../numbers/phoneNumber.ts'

/** What this folder reads of a call. */
export type CallParties = Pick<
  CallRecord,
  | 'channelId'
  | 'caller'
  | 'callee'
  | 'callerName'
  | 'callerEndpoint'
  | 'callerRole'
  | 'originated'
  | 'direction'
  | 'startedAt'
  | 'answeredAt'
  | 'answeredBy'
  | 'endedAt'
>

/** What it reads of a leg. */
export type LegParty = Pick<LegRecord, 'id' | 'callId' | 'endpointRole' | 'role' | 'dialed' | 'answeredAt'>

/** A number that a call reached, and when the two could speak. */
export interface Reached {
  readonly number: string
  readonly at: number
}

export interface CallsOut {
  /** The latest record of a live call. Returns the numbers that are reached by it. */
  noteCall(call: CallParties): readonly Reached[]
  /** A fact about a leg. Returns the call, and the numbers that it reaches by it. */
  noteLeg(leg: LegParty): { readonly call: CallParties; readonly reached: readonly Reached[] } | null
  /** Whether this call is live. */
  has(call: string): boolean
  /** The call ended. Returns the numbers that it did not reach, unless it leaves them to another call. */
  end(call: Pick<CallRecord, 'channelId' | 'mergedInto'>): readonly string[]
}

interface Dialed {
  answeredAt: number | null
  isReached: boolean
}

interface LiveCall {
  call: CallParties
  /** Null: none was dialed, as in most calls. */
  numbers: Map<string, Dialed> | null
}

const NONE: readonly never[] = []

/** Nobody outside called: the person outside is the one who is dialed. */
export function isFromInside({ callerRole, originated }: CallParties): boolean {
  return callerRole === 'phone' || originated
}

/** No live call. */
export function createCallsOut(): CallsOut {
  const live = new Map<string, LiveCall>()
  return {
    noteCall(call) {
      const found = live.get(call.channelId)
      if (found === undefined) {
        live.set(call.channelId, { call, numbers: null })
        return NONE
      }
      found.call = call
      return newlyReached(found)
    },
    noteLeg(leg) {
      if (leg.endpointRole !== 'trunk' || leg.role === 'paged') {
        return null
      }
      const found = live.get(leg.callId)
      const number = found !== undefined && isFromInside(found.call) ? numberOf(leg, found.call) : null
      if (found === undefined || number === null) {
        return null
      }
      found.numbers ??= new Map()
      const dialed = found.numbers.get(number) ?? { answeredAt: null, isReached: false }
      found.numbers.set(number, dialed)
      dialed.answeredAt ??= leg.answeredAt
      return { call: found.call, reached: newlyReached(found) }
    },
    has: (call) => live.has(call),
    end({ channelId, mergedInto }) {
      const found = live.get(channelId)
      live.delete(channelId)
      if (found === undefined || found.numbers === null) {
        return NONE
      }
      const missing = [...found.numbers].filter(([, { isReached }]) => !isReached)
      const into = mergedInto === null ? undefined : live.get(mergedInto)
      if (into === undefined || !isFromInside(into.call)) {
        return missing.map(([number]) => number)
      }
      into.numbers ??= new Map()
      for (const [number, dialed] of missing) {
        into.numbers.set(number, into.numbers.get(number) ?? dialed)
      }
      return NONE
    },
  }
}

// After a gap, it is not known what was dialed.
function numberOf({ dialed }: LegParty, { callee }: CallParties): string | null {
  return [dialedNumber(dialed), callee].find(isNumber) ?? null
}

function newlyReached({ call, numbers }: LiveCall): readonly Reached[] {
  if (call.answeredAt === null || numbers === null) {
    return NONE
  }
  const reached: Reached[] = []
  for (const [number, dialed] of numbers) {
    if (dialed.answeredAt !== null && !dialed.isReached) {
      dialed.isReached = true
      reached.push({ number, at: Math.max(call.answeredAt, dialed.answeredAt) })
    }
  }
  return reached
}
