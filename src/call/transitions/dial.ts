// Dial attempts: how a call's legs begin, progress and end, and how the first of them settles the call's direction.

import { dialedEndpoints, dialedNumber } from '../asterisk/channelName.ts'
import type { DialStatus } from '../event.ts'
import type { LegResult, LegRole } from '../fact.ts'
import { addLeg, type Call, type LiveCall, type OpenCall } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import { isTrying, type Leg, newLeg } from '../model/leg.ts'
import { otherHalf, type PbxState } from '../model/pbxState.ts'
import { legResult } from '../outcome/cause.ts'
import { directionOf } from '../outcome/direction.ts'
import { noteDestination, setDestination } from './destination.ts'

export interface Attempt {
  /** The dialed channel. */
  readonly peer: Channel
  /** Null when an application dialed. */
  readonly dialer: Channel | null
  /** What was dialed, as the technology writes it. */
  readonly dialString: string
  readonly at: number
  /** A paging application dials. */
  readonly paged?: boolean
}

/** Opens the leg of a dialed channel. A repeated attempt is the same leg; it may say for the first time what was dialed. */
export function openLeg(pbx: PbxState, call: OpenCall, attempt: Attempt): Leg {
  const known = call.legs.get(attempt.peer.id)
  if (known !== undefined) {
    learnDialed(pbx, call, known, attempt.dialString)
    return known
  }
  const { dialer } = attempt
  if (dialer !== null) {
    dialer.dialedAt = Math.max(dialer.dialedAt, attempt.at)
  }
  const isLocal = attempt.peer.name.kind === 'local'
  const isFirstOfOriginated = call.stage === 'live' && call.originated && call.caller === null && !isLocal
  const leg = newLeg({
    id: attempt.peer.id,
    channel: attempt.peer,
    dialerId: dialer?.id ?? '',
    endpoint: attempt.peer.name.endpoint,
    dialed: attempt.dialString,
    startedAt: attempt.at,
    answersBefore: call.answers,
    isLocal,
    role: roleIn(pbx, call, attempt, isFirstOfOriginated),
  })
  addLeg(call, leg)
  if (isFirstOfOriginated) {
    setOriginatedCaller(call, attempt.peer)
  } else if (call.stage === 'live' && isTarget(leg)) {
    becomeTarget(pbx, call, leg)
  }
  if (call.stage === 'live' && leg.role === 'caller') {
    noteDestination(pbx, call, leg)
  }
  const { ringingAt } = attempt.peer
  if (ringingAt !== null) {
    markProgress(call, leg, { ringing: true, at: Math.max(ringingAt, leg.startedAt) })
  }
  return leg
}

// ARI dials in one thread and hears the phone in another: the first sign of the phone can come before the begin of the dial.
function learnDialed(pbx: PbxState, call: OpenCall, leg: Leg, dialString: string): void {
  if (leg.dialed !== '' || dialString === '') {
    return
  }
  leg.dialed = dialString
  if (call.stage === 'live' && !leg.isLocal) {
    if (isTarget(leg)) {
      nameCallee(call, leg)
    }
    noteDestination(pbx, call, leg)
  }
}

function isTarget({ isLocal, role }: Leg): boolean {
  return !isLocal && role !== 'caller'
}

function roleIn(
  pbx: PbxState,
  call: OpenCall,
  { peer, dialer, paged = false }: Attempt,
  isFirstOfOriginated: boolean,
): LegRole {
  if (isFirstOfOriginated || (call.stage === 'live' && peer === call.caller)) {
    return 'caller'
  }
  // Behind a Local channel that was paged, the phone is dialed by the other half.
  const half = dialer === null ? null : otherHalf(pbx, dialer)
  return paged || (half !== null && call.legs.get(half.id)?.role === 'paged') ? 'paged' : 'callee'
}

/** The call is offered to this leg, which settles the direction and is the callee of an originated call without an extension. */
export function becomeTarget(pbx: PbxState, call: LiveCall, leg: Leg): void {
  settleDirection(call, leg.endpoint)
  nameCallee(call, leg)
  noteDestination(pbx, call, leg)
}

function nameCallee(call: LiveCall, leg: Leg): void {
  const number = dialedNumber(leg.channel?.name.technology ?? '', leg.dialed)
  if (call.originated && call.callee === call.callerEndpoint && number !== '') {
    call.callee = number
  }
}

/** The first leg of an originated call: its endpoint is the caller, whatever number the application shows. */
export function setOriginatedCaller(call: LiveCall, channel: Channel): void {
  const { endpoint } = channel.name
  call.caller = channel
  call.callerEndpoint = endpoint
  call.callerNumber = endpoint
  call.callerName = ''
  if (call.callee === '') {
    call.callee = endpoint
  }
  const isTrunk = call.roleOf(endpoint) === 'trunk'
  if (isTrunk) {
    call.trunk = endpoint
  }
  if (!call.directionSettled) {
    call.direction = isTrunk ? 'outbound' : 'internal'
  }
}

/** The first target settles the direction (null: the PBX itself, a queue); any target may be the trunk that the call leaves by. */
export function settleDirection(call: LiveCall, target: string | null): void {
  const role = target === null ? null : call.roleOf(target)
  const callerRole = call.roleOf(call.callerEndpoint)
  if (role === 'trunk' && callerRole !== 'trunk') {
    call.trunk = target
  }
  if (call.directionSettled || call.callerEndpoint === '') {
    return
  }
  call.direction = directionOf(callerRole, role)
  call.directionSettled = true
}

/** The target rings, or sends early media. */
export function markProgress(call: OpenCall, leg: Leg, sign: { readonly ringing: boolean; readonly at: number }): void {
  if (leg.endedAt !== null) {
    return
  }
  if (leg.progressAt === null) {
    leg.progressAt = sign.at
  }
  if (!sign.ringing || leg.ringingAt !== null || leg.answeredAt !== null) {
    return
  }
  leg.ringingAt = sign.at
  if (leg.role === 'caller' || leg.isLocal || call.ringingAt !== null) {
    return
  }
  if (call.stage === 'forming') {
    call.ringingAt = sign.at
  } else if (call.answeredAt === null) {
    call.ringingAt = Math.max(sign.at, call.startedAt)
  }
}

/** The target picked up. That is not the answer of the call, which comes when the caller hears it (answer.ts). */
export function markAnswered(call: OpenCall, leg: Leg, at: number): void {
  if (leg.answeredAt !== null || leg.endedAt !== null) {
    return
  }
  if (leg.role === 'callee' && !leg.isLocal) {
    call.answers += 1
  }
  if (leg.progressAt === null) {
    leg.progressAt = at
  }
  leg.answeredAt = at
  leg.dialEnd = { status: 'answer', at }
  setDestination(call, leg)
}

/** The dial has ended. Keeps the first status: app_queue sends two. */
export function endDial(leg: Leg, status: DialStatus, at: number): void {
  if (leg.dialEnd === null) {
    leg.dialEnd = { status, at }
  }
}

/** Ends a leg: its channel is destroyed, or its call has ended. */
export function closeLeg(call: Call, leg: Leg, end: { readonly at: number; readonly cause: number }): void {
  if (leg.endedAt !== null) {
    return
  }
  leg.cause = leg.channel?.refusal?.cause ?? end.cause
  leg.result = call.endedUnobserved && leg.dialEnd === null ? 'failed' : resultOf(call, leg, end.cause)
  leg.endedAt = Math.max(leg.startedAt, leg.answeredAt === null ? (leg.dialEnd?.at ?? end.at) : end.at)
}

function resultOf(call: Call, leg: Leg, cause: number): LegResult {
  return legResult({
    status: leg.dialEnd?.status ?? null,
    refusal: leg.answeredAt === null ? (leg.channel?.refusal ?? null) : null,
    cause: leg.answeredAt === null ? cause : 0,
    madeProgress: leg.progressAt !== null,
    callerHungUp: leg.callerHungUp,
    answeredElsewhere: wasAnsweredElsewhere(call, leg),
  })
}

// Only an answer after the attempt began counts, not one before a transfer. Every phone can answer a page.
function wasAnsweredElsewhere(call: Call, leg: Leg): boolean {
  return leg.role !== 'paged' && call.answers > leg.answersBefore
}

const RESULT_OF_STATUS: ReadonlyMap<string, LegResult> = new Map<string, LegResult>([
  ['CHANUNAVAIL', 'unreachable'],
  ['BUSY', 'busy'],
  ['CONGESTION', 'congestion'],
])

/**
 * `Dial` ended without a channel for any of its targets: each target is a leg without a channel, so that an unregistered phone
 * or a trunk that is down counts like one that was tried. Returns whether that was the case.
 */
export function recordUndialedTargets(
  pbx: PbxState,
  dialer: Channel,
  end: { readonly status: string; readonly at: number },
): boolean {
  const { call, dialingSince } = dialer
  const result = RESULT_OF_STATUS.get(end.status)
  if (result === undefined || end.at < dialingSince || hasDialed(dialer)) {
    return false
  }
  for (const [index, { endpoint, dialed }] of dialedEndpoints(dialer.snapshot.appData).entries()) {
    const id = `${dialer.id}/${dialingSince}/${index + 1}`
    if (call.legs.has(id)) {
      continue
    }
    const leg = newLeg({
      id,
      channel: null,
      dialerId: '',
      endpoint,
      dialed,
      startedAt: end.at,
      answersBefore: call.answers,
      isLocal: false,
      role: 'callee',
    })
    leg.endedAt = end.at
    leg.result = result
    addLeg(call, leg)
    if (call.stage === 'live') {
      settleDirection(call, endpoint)
      noteDestination(pbx, call, leg)
    }
  }
  return true
}

// Whether the `Dial` that runs now has started a leg; those of an earlier one do not count.
function hasDialed({ dialedAt, dialingSince }: Channel): boolean {
  return dialedAt >= dialingSince
}

/**
 * The party that these attempts were made for hung up: the caller cancels all of them, another channel those that it dialed. An
 * attempt that was answered elsewhere before is not cancelled.
 */
export function cancelOpenLegs(call: OpenCall, channel: Channel): void {
  const isCaller = call.stage === 'live' && channel === call.caller
  for (const leg of call.openLegs) {
    const wasForIt = isCaller || leg.dialerId === channel.id
    if (wasForIt && isTrying(leg) && !wasAnsweredElsewhere(call, leg)) {
      leg.callerHungUp = true
    }
  }
}
