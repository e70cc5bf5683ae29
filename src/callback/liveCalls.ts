// The live calls as this folder sees them: one object for each, which every fact about the call finds with one look-up.

import type { CallRecord, LegRecord } from '../call/fact.ts'

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

/** A number that somebody inside dialed on a trunk. */
export interface Dialed {
  readonly number: string
  answeredAt: number | null
  isReached: boolean
}

/** Somebody speaks with this number. */
export interface Conversation {
  readonly number: string
  readonly at: number
  readonly group: Alike
  isOver: boolean
}

/** The calls and conversations whose numbers end alike: most groups have one call, or one conversation. */
export interface Alike {
  readonly end: string
  /** Inbound calls that wait for an answer. */
  readonly waiting: LiveCall[]
  conversations: Conversation[]
}

export interface LiveCall {
  /** The latest record. */
  call: CallParties
  /** The numbers that were dialed in it (callsOut.ts); null: none, as in most calls. */
  numbers: Dialed[] | null
  /** While it waits for an answer: the caller's number, and its group (conversations.ts). */
  waitsFor: string | null
  waitsIn: Alike | null
  /** With whom somebody has spoken in it (conversations.ts); null: with nobody. */
  conversations: readonly Conversation[] | null
}

/** Of a call that begins. */
export function liveCall(call: CallParties): LiveCall {
  return { call, numbers: null, waitsFor: null, waitsIn: null, conversations: null }
}

/** Nobody outside called: the person outside is the one who is dialed. */
export function isFromInside({ callerRole, originated }: CallParties): boolean {
  return callerRole === 'phone' || originated
}
