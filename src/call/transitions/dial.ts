// Dial attempts: how a call's legs begin, show life and end, and what the first of them says of the direction.

import { dialedEndpoints, dialedNumber } from '../asterisk/channelName.ts'
import type { DialStatus } from '../event.ts'
import type { LegResult, LegRole } from '../fact.ts'
import { type Call, fileLeg, isTrying, type Leg, newLeg } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import { otherHalf, type World } from '../model/pbxState.ts'
import { legResult } from '../outcome/cause.ts'
import { directionOf } from '../outcome/direction.ts'

/** The dialed channel, what the technology wrote for it, and when. */
export interface Attempt {
  readonly peer: Channel
  /** Null when an application dialed. */
  readonly dialer: Channel | null
  readonly dialString: string
  readonly at: number
  /** A paging application dials. */
  readonly paged?: boolean
}

/** Opens the leg of a dialed channel; the same attempt told twice is one leg. */
export function openLeg(world: World, call: Call, attempt: Attempt): Leg {
  const known = call.legs.get(attempt.peer.id)
  if (known !== undefined) return known
  const { dialer } = attempt
  if (dialer !== null) dialer.dialedAt = Math.max(dialer.dialedAt, attempt.at)
  const plumbing = attempt.peer.name.kind === 'local'
  const firstOfOriginated = call.originated && call.caller === null && !plumbing
  const leg = newLeg({
    id: attempt.peer.id,
    channel: attempt.peer,
    dialerId: dialer?.id ?? '',
    endpoint: attempt.peer.name.endpoint,
    dialed: attempt.dialString,
    startedAt: attempt.at,
    answersBefore: call.answers,
    plumbing,
    role: roleIn(world, call, attempt, firstOfOriginated),
  })
  fileLeg(call, leg)
  if (firstOfOriginated) becomeCaller(world, call, attempt.peer)
  else if (!plumbing && leg.role !== 'caller') becomeTarget(world, call, leg)
  const { ringingAt } = attempt.peer
  if (ringingAt !== null) showLife(call, leg, { ringing: true, at: Math.max(ringingAt, leg.startedAt) })
  return leg
}

function roleIn(world: World, call: Call, { peer, dialer, paged = false }: Attempt, isFirst: boolean): LegRole {
  if (isFirst || peer === call.caller) return 'caller'
  // Behind a Local channel that was paged, the phone is dialed by the other half.
  const half = dialer === null ? null : otherHalf(world, dialer)
  return paged || (half !== null && call.legs.get(half.id)?.role === 'paged') ? 'paged' : 'callee'
}

/** The call is offered to this leg: it settles the direction, and names whom an originated call without an extension goes to. */
export function becomeTarget(world: World, call: Call, leg: Leg): void {
  aim(world, call, leg.endpoint)
  const number = dialedNumber(leg.channel?.name.technology ?? '', leg.dialed)
  if (!call.originated || call.callee !== call.callerEndpoint || number === '') return
  call.callee = number
  call.due.changed = true
}

/** The first leg of an originated call: its endpoint is the caller, whatever number the application shows. */
export function becomeCaller(world: World, call: Call, channel: Channel): void {
  call.caller = channel
  call.callerEndpoint = channel.name.endpoint
  call.callerNumber = channel.name.endpoint
  call.callerName = ''
  if (call.callee === '') call.callee = channel.name.endpoint
  const isTrunk = world.roleOf(channel.name.endpoint) === 'trunk'
  if (isTrunk) call.trunk = channel.name.endpoint
  if (!call.directionSettled) call.direction = isTrunk ? 'outbound' : 'internal'
  call.due.changed = true
}

/** Settles the direction by the first target (null: the PBX itself, a queue) and notes the trunk that is used. */
export function aim(world: World, call: Call, target: string | null): void {
  const role = target === null ? null : world.roleOf(target)
  if (target !== null && role === 'trunk' && world.roleOf(call.callerEndpoint) !== 'trunk') call.trunk = target
  if (call.directionSettled || call.stage !== 'live' || call.callerEndpoint === '') return
  call.direction = directionOf(world.roleOf(call.callerEndpoint), role)
  call.directionSettled = true
  call.due.changed = true
}

/** A sign of life: early media or ringing. */
export function showLife(call: Call, leg: Leg, sign: { readonly ringing: boolean; readonly at: number }): void {
  if (leg.endedAt !== null) return
  if (leg.progressAt === null) leg.progressAt = sign.at
  if (!sign.ringing || leg.ringingAt !== null || leg.answeredAt !== null) return
  leg.ringingAt = sign.at
  leg.due.changed = true
  if (leg.role === 'caller' || leg.plumbing || call.ringingAt !== null || call.answeredAt !== null) return
  call.ringingAt = Math.max(sign.at, call.startedAt)
  call.due.changed = true
}

/** The dialed party picked up. Not yet the answer of the call: that is when the caller hears it. */
export function pickUp(call: Call, leg: Leg, at: number): void {
  if (leg.answeredAt !== null || leg.endedAt !== null) return
  if (leg.role === 'callee' && !leg.plumbing) call.answers += 1
  if (leg.progressAt === null) leg.progressAt = at
  leg.answeredAt = at
  leg.dialEnd = { status: 'answer', at }
  leg.due.changed = true
}

/** The dial's own end; the first one told is believed (queues say it twice). */
export function endDial(leg: Leg, status: DialStatus, at: number): void {
  if (leg.dialEnd === null) leg.dialEnd = { status, at }
}

/** Closes a leg for good: its channel is gone, or its call is. */
export function closeLeg(call: Call, leg: Leg, end: { readonly at: number; readonly cause: number }): void {
  if (leg.endedAt !== null) return
  leg.cause = leg.channel?.hangup?.cause ?? end.cause
  leg.result = call.unseen && leg.dialEnd === null ? 'failed' : resultOf(call, leg, end.cause)
  leg.endedAt = Math.max(leg.startedAt, leg.answeredAt === null ? (leg.dialEnd?.at ?? end.at) : end.at)
  leg.due.ended = true
}

function resultOf(call: Call, leg: Leg, cause: number): LegResult {
  return legResult({
    status: leg.dialEnd?.status ?? null,
    refusal: leg.answeredAt === null ? (leg.channel?.hangup ?? null) : null,
    cause: leg.answeredAt === null ? cause : 0,
    alive: leg.progressAt !== null,
    callerHungUp: leg.callerHungUp,
    answeredElsewhere: wasAnsweredMeanwhile(call, leg),
  })
}

// What was answered before this attempt began (and then transferred) is no reason why it was not. A page is for everybody:
// nobody takes it from another.
function wasAnsweredMeanwhile(call: Call, leg: Leg): boolean {
  return leg.role !== 'paged' && call.answers > leg.answersBefore
}

const RESULT_OF_STATUS: ReadonlyMap<string, LegResult> = new Map<string, LegResult>([
  ['CHANUNAVAIL', 'unreachable'],
  ['BUSY', 'busy'],
  ['CONGESTION', 'congestion'],
])

/**
 * `Dial` ended without making a channel for any of its targets: each of them is a leg without a channel, so that a
 * phone that is off, or a trunk that is down, is counted like one that was tried. True when it tried and reached nothing.
 */
export function legsWithoutChannel(
  world: World,
  dialer: Channel,
  end: { readonly status: string; readonly at: number },
): boolean {
  const { call, dialingSince } = dialer
  const result = RESULT_OF_STATUS.get(end.status)
  if (result === undefined || end.at < dialingSince || hasDialed(dialer)) return false
  for (const [index, { endpoint, dialed }] of dialedEndpoints(dialer.snapshot.appData).entries()) {
    const id = `${dialer.id}/${dialingSince}/${index + 1}`
    if (call.legs.has(id)) continue
    const leg = newLeg({
      id,
      channel: null,
      dialerId: '',
      endpoint,
      dialed,
      startedAt: end.at,
      answersBefore: call.answers,
      plumbing: false,
      role: 'callee',
    })
    Object.assign(leg, { endedAt: end.at, result })
    leg.due.ended = true
    fileLeg(call, leg)
    aim(world, call, endpoint)
  }
  return true
}

// Attempts of the `Dial` that runs now; those of an earlier one do not count.
function hasDialed({ dialedAt, dialingSince }: Channel): boolean {
  return dialedAt >= dialingSince
}

/**
 * Who is behind these attempts hung up: the caller is behind all of them, any other channel behind those it dialed itself. What
 * somebody else has answered by then is no longer the caller's to cancel.
 */
export function cancelOpenLegs(call: Call, gone: Channel): void {
  for (const leg of call.openLegs) {
    const isBehind = gone === call.caller || leg.dialerId === gone.id
    if (isBehind && isTrying(leg) && !wasAnsweredMeanwhile(call, leg)) leg.callerHungUp = true
  }
}
