// The working state of the core: channels, bridges, calls and legs as they are being followed.
//
// Mutable, and private to this folder: what leaves it are records (record.ts), which never change.
// A call begins `forming` (a channel exists, but nothing says yet that it set a call in motion or whose leg it is),
// is `live` once its origin is known, and `ended` for ever. See README.md for the state chart in prose.

import type { DialStatus, Direction } from '../event.ts'
import type {
  CallState,
  CauseClass,
  Disposition,
  LegResult,
  LegRole,
  QueueOutcome,
  QueueWaitRecord,
  Side,
  TargetOutcome,
} from '../fact.ts'
import type { Channel } from './channel.ts'

/** One dial attempt. `dialEnd` is the dial's own end; the result is settled when the channel is gone. */
export interface Leg {
  readonly id: string
  readonly channel: Channel | null
  /** Id of the channel that dialed; empty when an application did. */
  readonly dialerId: string
  readonly endpoint: string
  readonly dialed: string
  readonly startedAt: number
  /** How many answers the call had had when it began. */
  answersBefore: number
  /** A Local half was dialed: no leg of its own, but it tells the end when nothing behind it was tried. */
  readonly plumbing: boolean
  role: LegRole
  /** Time in conversation of a leg that ended before its channel did; null while the channel's own counts. */
  talkMs: number | null
  progressAt: number | null
  ringingAt: number | null
  answeredAt: number | null
  dialEnd: { readonly status: DialStatus; readonly at: number } | null
  /** The target sent the call on (302): its attempt is no outcome of the call. */
  forwarded: boolean
  callerHungUp: boolean
  endedAt: number | null
  result: LegResult | null
  cause: number | null
  /** Facts that are due, in the order of the union. */
  due: { started: boolean; changed: boolean; ended: boolean }
}

export interface QueueStay {
  readonly queue: string
  /** The channel that waits: the caller's, a Local half of his, or one that was transferred there. */
  channelId: string
  readonly enteredAt: number
  /** Null while the caller waits. */
  outcome: QueueOutcome | null
  leftAt: number | null
  /** The queue let go of the caller, and has not said why. */
  abandonedAt: number | null
}

/** A stay that begins. */
export function newStay(stay: Pick<QueueStay, 'queue' | 'channelId' | 'enteredAt'>): QueueStay {
  return { ...stay, outcome: null, leftAt: null, abandonedAt: null }
}

export interface Call {
  /** The origin's channel id; empty while forming. */
  id: string
  stage: 'forming' | 'live' | 'ended'
  readonly channels: Set<Channel>
  /** By id. Changed by `fileLeg` and `takeOutLegs` alone. */
  legs: ReadonlyMap<string, Leg>
  /** Those of them that are not over and told: what an event costs does not grow with the attempts that are past. */
  openLegs: ReadonlySet<Leg>
  /** When the latest attempt ended of those that are past. */
  triedUntil: number
  /** The origin: a caller's channel, or the first leg of an originated call (then maybe a Local half). */
  origin: Channel | null
  /** The caller's own channel; kept when it is gone. */
  caller: Channel | null
  /** Nobody called: an application dialed the first leg. */
  originated: boolean
  callerNumber: string
  callerName: string
  callerEndpoint: string
  callee: string
  accountCode: string
  context: string
  direction: Direction
  directionSettled: boolean
  startedAt: number
  /** The latest instant that an event told of it; null before the first one. */
  latestAt: number | null
  /** What its own time is ahead of the PBX's clock, which was set back (negative: forward) in mid-call. */
  aheadMs: number
  ringingAt: number | null
  answeredAt: number | null
  answeredBy: readonly string[]
  /** How many legs were picked up, and the answer of the call itself: what is answered in their order, not by a clock. */
  answers: number
  talking: boolean
  talkEndedAt: number | null
  heldSince: number | null
  holdMs: number
  stays: QueueStay[]
  /** Time in queues of the stays that are over. */
  queuedMs: number
  voicemail: boolean
  /** The PBX itself answered the caller. */
  servedByPbx: boolean
  /** The PBX played or listened to something, perhaps in early media only. */
  announced: boolean
  /** The application Busy or Congestion turned the caller away. */
  turnedAway: 'busy' | 'congestion' | null
  /** The dialplan found that the called extension cannot be reached, and dialed nothing. */
  undialed: TargetOutcome | null
  /** Its caller sat in a waiting place (a holding bridge that is no parking lot), or was connected from one when we stopped. */
  waited: boolean
  callerLeft: 'queue' | 'elsewhere' | null
  /** Who hung up last while it mattered. */
  hangup: Side | null
  cause: number
  causeText: string
  trunk: string | null
  transfers: number
  /** Transfers that were counted, by the channels they connect; null before the first one. */
  transferKeys: Set<string> | null
  /** An attended transfer of it is under way: it goes on, whichever call is older. */
  isTransferred: boolean
  /** Part of it ended where we could not see. */
  unseen: boolean
  state: CallState
  endedAt: number | null
  disposition: Disposition | null
  missed: boolean
  offered: boolean
  causeClass: CauseClass | null
  mergedInto: string | null
  due: { started: boolean; changed: boolean; answered: boolean; ended: boolean; waits: QueueWaitRecord[] }
}

// Shared by all calls that have none: an empty Map or Set of its own takes 200 bytes, and there may be 100,000 calls.
const NO_LEGS: ReadonlyMap<string, Leg> = new Map()
const NO_OPEN_LEGS: ReadonlySet<Leg> = new Set()

export function formingCall(): Call {
  return {
    id: '',
    stage: 'forming',
    channels: new Set(),
    legs: NO_LEGS,
    openLegs: NO_OPEN_LEGS,
    triedUntil: 0,
    origin: null,
    caller: null,
    originated: false,
    callerNumber: '',
    callerName: '',
    callerEndpoint: '',
    callee: '',
    accountCode: '',
    context: '',
    direction: 'internal',
    directionSettled: false,
    startedAt: 0,
    latestAt: null,
    aheadMs: 0,
    ringingAt: null,
    answeredAt: null,
    answeredBy: [],
    answers: 0,
    talking: false,
    talkEndedAt: null,
    heldSince: null,
    holdMs: 0,
    stays: [],
    queuedMs: 0,
    voicemail: false,
    servedByPbx: false,
    announced: false,
    turnedAway: null,
    undialed: null,
    waited: false,
    callerLeft: null,
    hangup: null,
    cause: 0,
    causeText: '',
    trunk: null,
    transfers: 0,
    transferKeys: null,
    isTransferred: false,
    unseen: false,
    state: 'setup',
    endedAt: null,
    disposition: null,
    missed: false,
    offered: false,
    causeClass: null,
    mergedInto: null,
    due: { started: false, changed: false, answered: false, ended: false, waits: [] },
  }
}

export type NewLeg = Pick<
  Leg,
  'id' | 'channel' | 'dialerId' | 'endpoint' | 'dialed' | 'startedAt' | 'answersBefore' | 'plumbing' | 'role'
>

/** A dial attempt that has just begun. */
export function newLeg(leg: NewLeg): Leg {
  return {
    ...leg,
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
    due: { started: true, changed: false, ended: false },
  }
}

/** Files a leg with its call, with something to tell. */
export function fileLeg(call: Call, leg: Leg): void {
  const legs = call.legs === NO_LEGS ? new Map<string, Leg>() : (call.legs as Map<string, Leg>)
  const open = call.openLegs === NO_OPEN_LEGS ? new Set<Leg>() : (call.openLegs as Set<Leg>)
  call.legs = legs.set(leg.id, leg)
  call.openLegs = open.add(leg)
}

/** A leg that is over and told. */
export function closeOpenLeg(call: Call, leg: Leg): void {
  if (call.openLegs !== NO_OPEN_LEGS) (call.openLegs as Set<Leg>).delete(leg)
}

/** Takes all legs out of a call. */
export function takeOutLegs(call: Call): void {
  call.legs = NO_LEGS
  call.openLegs = NO_OPEN_LEGS
}

/** A leg whose target is still being tried: its dial has neither ended nor been answered. */
export function isTrying(leg: Leg): boolean {
  return leg.endedAt === null && leg.dialEnd === null && leg.answeredAt === null
}

/** The queue the caller waits in now, if any. */
export function currentStay(call: Call): QueueStay | null {
  const last = call.stays.at(-1)
  return last !== undefined && last.outcome === null ? last : null
}
