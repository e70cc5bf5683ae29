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
  /** The dial string that contains it; null if none does. */
  readonly written: string | null
  answeredAt: number | null
  isReached: boolean
}

/** Somebody outside in a call: first waits for an answer, then somebody speaks with them, then that is over. */
export interface OutsideParty {
  readonly number: string
  /** When the call began in which they wait; of a party that was called, when the two could speak. */
  readonly waitsSince: number
  /** When the two could speak; null: not yet. */
  at: number | null
  isOver: boolean
}

export interface LiveCall {
  /** The latest record. */
  call: CallParties
  /** The numbers that were dialed in it (callsOut.ts); none in most calls. */
  numbers: readonly Dialed[]
  /** The caller from outside, until the answer (conversations.ts). */
  waits: OutsideParty | null
  /** Whether the caller from outside was answered. */
  isAnswered: boolean
  /** With whom somebody has spoken in it (conversations.ts). */
  conversations: readonly OutsideParty[]
}

const NONE: readonly never[] = []

/** Of a call that begins. */
export function liveCall(call: CallParties): LiveCall {
  return { call, numbers: NONE, waits: null, isAnswered: false, conversations: NONE }
}

/** Nobody outside called: the person outside is the one who is dialed. */
export function isFromInside({ callerRole, originated }: CallParties): boolean {
  return callerRole === 'phone' || originated
}
