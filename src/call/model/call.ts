// Calls, as they are followed.
//
// Mutable, and private to this folder: what leaves it are records (views/record.ts), which never change. A call is a union: it is
// forming until its origin is known, then live, and ended once. README.md describes a call's life in prose.

import type { Destination, Direction, VoiceProblem } from '../event.ts'
import type { CallState, CauseClass, Disposition, QueueOutcome, Side, TargetOutcome } from '../fact.ts'
import type { RoleOf } from '../outcome/direction.ts'
import type { Channel } from './channel.ts'
import type { Leg } from './leg.ts'
import { type NewTrouble, NO_TROUBLES } from './voice.ts'

/** A caller's wait in a queue. */
export interface QueueWait {
  readonly queue: string
  /** The channel that waits: the caller's, a Local half of it, or one that was transferred there. */
  channelId: string
  readonly enteredAt: number
  /** Null while the caller waits. */
  outcome: QueueOutcome | null
  leftAt: number | null
  /** When the queue set ABANDONED: the caller has left the queue, and the reason is not known yet. */
  abandonedAt: number | null
}

export function newQueueWait(wait: Pick<QueueWait, 'queue' | 'channelId' | 'enteredAt'>): QueueWait {
  return { ...wait, outcome: null, leftAt: null, abandonedAt: null }
}

/** What is known of a call at any stage. Channels may dial, queue and talk before the call's origin is known. */
interface Progress {
  /** The roles of endpoints when the call began: one that changes later does not change the call. */
  readonly roleOf: RoleOf
  readonly channels: Set<Channel>
  /** By id. Changed by `addLeg` and `removeLegs` only. */
  legs: ReadonlyMap<string, Leg>
  /** The legs that are open, or whose end is not reported yet: an event costs nothing for past attempts. */
  openLegs: ReadonlySet<Leg>
  /** When the latest of the past attempts ended. */
  triedUntil: number
  /** Time of the call's latest event; null before the first one. */
  latestAt: number | null
  /** By how much the call's time is ahead of the PBX's clock, which was set back during the call (negative: forward). */
  aheadMs: number
  ringingAt: number | null
  /** How many legs were answered, plus the answer of the call itself. A count, because clocks can be set back. */
  answers: number
  talking: boolean
  talkEndedAt: number | null
  heldSince: number | null
  holdMs: number
  queueWaits: QueueWait[]
  /** Total of the queue waits that have ended. */
  queueWaitMs: number
  /** Queue waits that ended and are not reported yet. */
  endedWaits: readonly QueueWait[]
  voicemail: boolean
  /** The dialplan found that the called extension cannot be reached, and dialed nothing. */
  undialedOutcome: TargetOutcome | null
  /** Who requested the latest hangup that counts. */
  hungUpBy: Side | null
  transfers: number
  /** The transfers that were counted, by the channels they connect; null before the first one. */
  transferKeys: Set<string> | null
  /** The first recording that began on a channel of the call: the file as the PBX names it. */
  recording: string | null
  /** An attended transfer has begun: in a merge this call survives, whatever its age. */
  attendedTransferPending: boolean
  /** The worst that was wrong with the voice of any channel. */
  voiceProblem: VoiceProblem | null
  /** What began to be wrong with the voice and is not reported yet. */
  voiceTroubles: readonly NewTrouble[]
  /** A part of the call ended while the exporter was disconnected. */
  endedUnobserved: boolean
}

/** What is known as soon as the origin is known. */
interface Known extends Progress {
  /** The origin's channel id. */
  readonly id: string
  /** The caller's channel, or the first leg of an originated call (which may be a Local half). */
  readonly origin: Channel
  /** The caller's own channel, kept when it is gone; null while only the Local half of an originated call is known. */
  caller: Channel | null
  /** Nobody called: an application dialed the first leg. */
  readonly originated: boolean
  callerNumber: string
  callerName: string
  callerEndpoint: string
  callee: string
  readonly accountCode: string
  readonly context: string
  direction: Direction
  directionSettled: boolean
  readonly startedAt: number
  answeredAt: number | null
  answeredBy: readonly string[]
  /** The PBX itself answered the caller. */
  answeredByPbx: boolean
  /** The PBX played or listened to something, perhaps in early media only. */
  announced: boolean
  /** The dialplan ran Busy or Congestion for the caller. */
  dialplanRefusal: 'busy' | 'congestion' | null
  /** The caller has been in a holding bridge that is no parking lot. */
  heldWaiting: boolean
  callerHungUpIn: 'queue' | 'elsewhere' | null
  cause: number
  causeText: string
  trunk: string | null
  readonly line: string | null
  destination: Destination | null
  state: CallState
  /** What the latest facts said of the call; null before the first one. */
  reported: ReportedCall | null
}

/** The fields of a call whose change is a fact. */
export interface ReportedCall {
  readonly ended: boolean
  readonly answered: boolean
  readonly state: CallState
  readonly direction: Direction
  readonly directionSettled: boolean
  readonly callerEndpoint: string
  readonly callee: string
  readonly ringingAt: number | null
  readonly transfers: number
  readonly destination: Destination | null
  readonly voiceProblem: VoiceProblem | null
  /** What is wrong now, as a text that can be compared. */
  readonly voice: string
  readonly recording: string | null
  /** How many queue waits have begun, and whether the latest one lasts. */
  readonly waits: number
  readonly waiting: boolean
}

/** Channels that belong together and whose origin is not known yet. */
export interface FormingCall extends Progress {
  readonly stage: 'forming'
}

export interface LiveCall extends Known {
  readonly stage: 'live'
  readonly end: null
}

export interface EndedCall extends Known {
  readonly stage: 'ended'
  readonly end: CallEnd
}

export interface CallEnd {
  readonly at: number
  readonly disposition: Disposition
  readonly missed: boolean
  readonly offered: boolean
  readonly causeClass: CauseClass
  /** Id of the call that this one became part of. */
  readonly mergedInto: string | null
}

export type Call = FormingCall | LiveCall | EndedCall

/** A call that a channel can belong to. */
export type OpenCall = FormingCall | LiveCall

// Shared by all calls without legs: an empty Map or Set takes 200 bytes, and there may be 100,000 calls.
const NO_LEGS: ReadonlyMap<string, Leg> = new Map()
const NO_OPEN_LEGS: ReadonlySet<Leg> = new Set()
const NO_WAITS: readonly QueueWait[] = []

export function newCall(roleOf: RoleOf): FormingCall {
  return {
    stage: 'forming',
    roleOf,
    channels: new Set(),
    legs: NO_LEGS,
    openLegs: NO_OPEN_LEGS,
    triedUntil: 0,
    latestAt: null,
    aheadMs: 0,
    ringingAt: null,
    answers: 0,
    talking: false,
    talkEndedAt: null,
    heldSince: null,
    holdMs: 0,
    queueWaits: [],
    queueWaitMs: 0,
    endedWaits: NO_WAITS,
    voicemail: false,
    undialedOutcome: null,
    hungUpBy: null,
    transfers: 0,
    transferKeys: null,
    recording: null,
    attendedTransferPending: false,
    voiceProblem: null,
    voiceTroubles: NO_TROUBLES,
    endedUnobserved: false,
  }
}

/** What is known of a call when it becomes live. */
export type Origin = Pick<
  Known,
  | 'id'
  | 'origin'
  | 'caller'
  | 'originated'
  | 'callerNumber'
  | 'callerName'
  | 'callerEndpoint'
  | 'callee'
  | 'accountCode'
  | 'context'
  | 'direction'
  | 'startedAt'
  | 'trunk'
  | 'line'
>

/** The live call that a forming one becomes; its channels move along. */
export function makeLive(call: FormingCall, known: Origin): LiveCall {
  // Written out: a call with properties that Object.assign added would be a slow dictionary to V8.
  const live: LiveCall = {
    ...call,
    stage: 'live',
    end: null,
    id: known.id,
    origin: known.origin,
    caller: known.caller,
    originated: known.originated,
    callerNumber: known.callerNumber,
    callerName: known.callerName,
    callerEndpoint: known.callerEndpoint,
    callee: known.callee,
    accountCode: known.accountCode,
    context: known.context,
    direction: known.direction,
    startedAt: known.startedAt,
    trunk: known.trunk,
    line: known.line,
    destination: null,
    directionSettled: false,
    answeredAt: null,
    answeredBy: [],
    answeredByPbx: false,
    announced: false,
    dialplanRefusal: null,
    heldWaiting: false,
    callerHungUpIn: null,
    cause: 0,
    causeText: '',
    state: 'setup',
    reported: null,
  }
  for (const channel of live.channels) {
    channel.call = live
  }
  return live
}

export function makeEnded(call: LiveCall, end: CallEnd): EndedCall {
  return Object.assign<Known, Pick<EndedCall, 'stage' | 'end'>>(call, { stage: 'ended', end })
}

/** Adds a leg to its call, to be reported. */
export function addLeg(call: Call, leg: Leg): void {
  const legs = call.legs === NO_LEGS ? new Map<string, Leg>() : (call.legs as Map<string, Leg>)
  const open = call.openLegs === NO_OPEN_LEGS ? new Set<Leg>() : (call.openLegs as Set<Leg>)
  call.legs = legs.set(leg.id, leg)
  call.openLegs = open.add(leg)
}

export function removeOpenLeg(call: Call, leg: Leg): void {
  if (call.openLegs !== NO_OPEN_LEGS) {
    ;(call.openLegs as Set<Leg>).delete(leg)
  }
}

export function removeLegs(call: Call): void {
  call.legs = NO_LEGS
  call.openLegs = NO_OPEN_LEGS
}

/** The queue the caller waits in now, if any. */
export function currentQueueWait(call: Call): QueueWait | null {
  const last = call.queueWaits.at(-1)
  return last !== undefined && last.outcome === null ? last : null
}

/** Takes the ended queue waits that are not reported yet. */
export function takeEndedWaits(call: Call): readonly QueueWait[] {
  const waits = call.endedWaits
  call.endedWaits = NO_WAITS
  return waits
}
