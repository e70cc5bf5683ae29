// The live calls as this folder sees them: one object for each, which every fact about the call finds with one look-up.
//
// It has copies of the few values that are read later: the record of a call takes several times the memory.

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
  /** `channelId` of the call. */
  readonly id: string
  /** Nobody outside called: the person outside is the one who is dialed. */
  isFromInside: boolean
  callee: string
  answeredAt: number | null
  /** The phone inside: who called, or who answered when an application called the person outside first. */
  phone: string | null
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
  const { channelId: id, callee, answeredAt } = call
  const state = { numbers: NONE, waits: null, isAnswered: false, conversations: NONE }
  return { id, isFromInside: isFromInside(call), callee, answeredAt, phone: phoneOf(call), ...state }
}

/** Takes over what a later record of the call says. */
export function noteParties(live: LiveCall, call: CallParties): void {
  live.isFromInside = isFromInside(call)
  live.callee = call.callee
  live.answeredAt = call.answeredAt
  live.phone = phoneOf(call)
}

function isFromInside({ callerRole, originated }: CallParties): boolean {
  return callerRole === 'phone' || originated
}

function phoneOf({ callerRole, callerEndpoint, answeredBy }: CallParties): string | null {
  return callerRole === 'phone' ? callerEndpoint : (answeredBy[0] ?? null)
}
