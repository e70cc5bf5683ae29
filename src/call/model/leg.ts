// Legs, as they are followed: one for each dial attempt of a call.
//
// Mutable, and private to this folder: what leaves it are records (views/record.ts), which never change.

import type { Destination, DialStatus, VoiceProblem } from '../event.ts'
import type { LegResult, LegRole } from '../fact.ts'
import type { Channel } from './channel.ts'

/** One dial attempt. `dialEnd` is the dial's own end; the result is settled when the channel is gone. */
export interface Leg {
  readonly id: string
  readonly channel: Channel | null
  /** Id of the channel that dialed; empty when an application did. */
  readonly dialerId: string
  readonly endpoint: string
  dialed: string
  /** On a trunk, once the number is known. */
  destination: Destination | null
  readonly startedAt: number
  /** How many answers the call had when the attempt began. */
  answersBefore: number
  /** A Local half was dialed. It makes no record; its result counts only when nothing behind it was tried. */
  readonly isLocal: boolean
  role: LegRole
  /** Talk time of a leg that ended before its channel did; null while the channel's own talk time counts. */
  talkMs: number | null
  progressAt: number | null
  ringingAt: number | null
  answeredAt: number | null
  dialEnd: { readonly status: DialStatus; readonly at: number } | null
  /** The target redirected the call (302): the attempt is no outcome of the call. */
  forwarded: boolean
  callerHungUp: boolean
  endedAt: number | null
  result: LegResult | null
  cause: number | null
  /** What the latest facts said of the leg; null before the first one. */
  reported: ReportedLeg | null
}

/** The fields of a leg whose change is a fact. */
export interface ReportedLeg {
  readonly callId: string
  readonly dialed: string
  readonly destination: Destination | null
  readonly ringingAt: number | null
  readonly answeredAt: number | null
  readonly ended: boolean
  readonly voiceProblem: VoiceProblem | null
}

export type NewLeg = Pick<
  Leg,
  'id' | 'channel' | 'dialerId' | 'endpoint' | 'dialed' | 'startedAt' | 'answersBefore' | 'isLocal' | 'role'
>

/** A dial attempt that has just begun. */
export function newLeg(leg: NewLeg): Leg {
  return {
    ...leg,
    destination: null,
    talkMs: null,
    progressAt: null,
    ringingAt: null,
    answeredAt: null,
    dialEnd: null,
    forwarded: false,
    callerHungUp: false,
    endedAt: null,
    result: null,
    cause: null,
    reported: null,
  }
}

/** A leg whose target is still being tried: its dial has neither ended nor been answered. */
export function isTrying(leg: Leg): boolean {
  return leg.endedAt === null && leg.dialEnd === null && leg.answeredAt === null
}
