// How calls begin to count and how they end: once each, with everything that is known by then.

import type { LegResult, QueueOutcome, Side, TargetOutcome } from '../fact.ts'
import { type Call, currentStay, formingCall, type Leg, type QueueStay } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import type { World } from '../model/pbxState.ts'
import { causeClass } from '../outcome/cause.ts'
import { directionOf } from '../outcome/direction.ts'
import { dispositionOf, isMissed, isOffered } from '../outcome/disposition.ts'
import { setTalking, settleHold } from './conversation.ts'
import { becomeCaller, closeLeg } from './dial.ts'

/** A channel set a call in motion: somebody calls the PBX, or (`originated`) an application has the PBX call. */
export function startCall(world: World, origin: Channel, originated: boolean): void {
  const call = origin.call
  if (call.stage !== 'forming') return
  const { snapshot } = origin
  call.stage = 'live'
  call.id = origin.id
  call.origin = origin
  call.originated = originated
  call.startedAt = origin.createdAt
  call.accountCode = snapshot.accountCode
  call.context = snapshot.context
  call.due.started = true
  world.live.add(call)
  world.touched.add(call)
  for (const channel of call.channels) world.seen.add(channel)
  if (!originated) startFromCaller(world, call, origin)
  else if (origin.name.kind === 'party') becomeCaller(world, call, origin)
}

function startFromCaller(world: World, call: Call, caller: Channel): void {
  const role = world.roleOf(caller.name.endpoint)
  call.caller = caller
  call.callerNumber = caller.snapshot.callerNumber
  call.callerName = caller.snapshot.callerName
  call.callerEndpoint = caller.name.endpoint
  call.callee = caller.snapshot.exten
  call.direction = directionOf(role, null)
  if (role === 'trunk') call.trunk = caller.name.endpoint
}

/** True when nothing that matters to the call is left: every channel is gone, or transferred its part away. */
export function isOver(call: Call): boolean {
  for (const channel of call.channels) if (!channel.released) return false
  // A waiting agent is with a customer, and comes back.
  return call.caller?.ownCall !== call
}

export function endCall(world: World, call: Call, at: number): void {
  for (const channel of call.channels) setTalking(channel, false, at)
  for (const leg of call.openLegs) closeLeg(call, leg, { at, cause: 0 })
  answerLoneLeg(call, at)
  const stay = currentStay(call)
  if (stay !== null) leaveQueue(call, stay, { outcome: call.callerLeft === 'queue' ? 'abandoned' : 'exited', at })
  const targetTried = wasTargetTried(call)
  call.disposition = dispositionOf({
    ...call,
    answered: call.answeredAt !== null,
    outcomes: outcomesOf(call),
    targetTried,
  })
  call.directionSettled = true
  call.missed = isMissed(call.disposition, call.direction, targetTried)
  call.offered = isOffered(call.disposition, call.direction, targetTried)
  call.hangup = hungUpBy(call)
  finish(world, call, at)
}

/** The call became part of another; its channels and legs are there already. */
export function endMerged(world: World, call: Call, into: Call, at: number): void {
  Object.assign(call, { answeredAt: null, answeredBy: [], talkEndedAt: null, ringingAt: null, holdMs: 0, hangup: null })
  call.disposition = 'merged'
  call.mergedInto = into.id
  call.directionSettled = true
  call.stays = []
  finish(world, call, at)
}

/** The caller's stay in a queue is over; told once. */
export function leaveQueue(
  call: Call,
  stay: QueueStay,
  end: { readonly outcome: QueueOutcome; readonly at: number },
): void {
  stay.outcome = end.outcome
  const at = end.outcome === 'exited' ? (stay.abandonedAt ?? end.at) : end.at
  stay.leftAt = Math.max(at, stay.enteredAt)
  call.queuedMs += stay.leftAt - stay.enteredAt
  call.due.changed = true
  call.due.waits.push({
    callId: call.id,
    queue: stay.queue,
    enteredAt: stay.enteredAt,
    leftAt: stay.leftAt,
    outcome: end.outcome,
  })
}

function finish(world: World, call: Call, at: number): void {
  call.endedAt = Math.max(at, call.startedAt, call.answeredAt ?? 0)
  settleHold(call, at)
  call.causeClass = causeClass(call.cause)
  call.stage = 'ended'
  call.due.ended = true
  world.live.delete(call)
  world.touched.add(call)
  for (const channel of call.channels) {
    world.seen.add(channel)
    channel.call = formingCall()
    channel.call.channels.add(channel)
  }
  call.channels.clear()
}

// A call that an application originated and that tried nobody else is answered by whom it called.
function answerLoneLeg(call: Call, at: number): void {
  if (!call.originated || call.answeredAt !== null || call.caller === null || call.stays.length > 0) return
  const legs = [...call.legs.values()].filter((leg) => !leg.plumbing)
  const own = legs.find((leg) => leg.channel === call.caller)
  if (own?.answeredAt == null || legs.length > 1) return
  call.answeredAt = Math.max(own.answeredAt, call.startedAt)
  call.answeredBy = [own.endpoint]
  call.talkEndedAt = Math.max(at, call.answeredAt)
  call.due.answered = true
}

function wasTargetTried(call: Call): boolean {
  if (call.stays.length > 0) return true
  const legs = [...call.legs.values()]
  return (
    legs.some((leg) => !leg.plumbing && !(leg.role === 'caller' && leg.answeredAt !== null)) ||
    legs.some(ledNowhere) ||
    call.undialed !== null ||
    isUnreachableNumber(call)
  )
}

// A Local channel was dialed, and the dialplan behind it turned the call away.
function ledNowhere({ plumbing, result }: Leg): boolean {
  return plumbing && result !== null && NOWHERE.has(result)
}

const NOWHERE: ReadonlySet<LegResult> = new Set<LegResult>(['unreachable', 'busy', 'congestion', 'rejected'])

// Without the variables that tell of it (a lean subscription), a Dial that could make no channel shows in the cause.
function isUnreachableNumber(call: Call): boolean {
  return call.legs.size === 0 && call.callerLeft === null && causeClass(call.cause) === 'unreachable'
}

const QUEUE_OUTCOME: ReadonlyMap<QueueOutcome, TargetOutcome> = new Map<QueueOutcome, TargetOutcome>([
  ['timeout', 'no_answer'],
  ['exited', 'no_answer'],
  ['joinempty', 'unreachable'],
  ['leaveempty', 'unreachable'],
  ['full', 'congestion'],
])

// The last word of every target: one that was busy first and then let it ring has not answered.
function outcomesOf(call: Call): TargetOutcome[] {
  const legs = [...call.legs.values()].filter((leg) => !leg.forwarded)
  const targets = legs.filter((leg) => !leg.plumbing)
  const lastWord = new Map<string, TargetOutcome>()
  for (const leg of targets.length > 0 ? targets : legs) {
    if (leg.result === null || leg.result === 'answered_elsewhere') continue
    if (leg.result !== 'answered') lastWord.set(`${leg.endpoint} ${leg.dialed}`, leg.result)
  }
  const queues = call.stays.flatMap((stay) => QUEUE_OUTCOME.get(stay.outcome ?? 'exited') ?? [])
  const outcomes = [...lastWord.values(), ...queues]
  // What the dialplan knows beats what a Local channel that led nowhere looks like.
  if (call.undialed !== null && targets.length + queues.length === 0) return [call.undialed]
  if (outcomes.length > 0) return outcomes
  return isUnreachableNumber(call) ? ['unreachable'] : []
}

function hungUpBy(call: Call): Side {
  if (call.hangup !== null) return call.hangup
  return call.disposition === 'busy' || call.disposition === 'rejected' ? refusedBy(call) : 'system'
}

function refusedBy(call: Call): Side {
  return [...call.legs.values()].some((leg) => leg.channel?.hangup != null) ? 'callee' : 'system'
}
