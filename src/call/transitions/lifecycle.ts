// How a call becomes live and how it ends: each happens once, with everything that is known by then.

import type { Disposition, LegResult, QueueOutcome, Side, TargetOutcome } from '../fact.ts'
import {
  type Call,
  currentQueueWait,
  type LiveCall,
  makeEnded,
  makeLive,
  newCall,
  type QueueWait,
} from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import type { Leg } from '../model/leg.ts'
import type { PbxState } from '../model/pbxState.ts'
import { causeClass } from '../outcome/cause.ts'
import { directionOf } from '../outcome/direction.ts'
import { dispositionOf, isMissed, isOffered } from '../outcome/disposition.ts'
import { answerOriginatedLeg } from './answer.ts'
import { setTalking, updateHold } from './conversation.ts'
import { closeLeg, setOriginatedCaller } from './dial.ts'

/**
 * A channel is the origin of its forming call: it calls the PBX, or (`originated`) an application has the PBX call it. Returns the
 * call, or null when its origin was known before.
 */
export function startCall(pbx: PbxState, origin: Channel, originated: boolean): LiveCall | null {
  const { call, snapshot } = origin
  if (call.stage !== 'forming') {
    return null
  }
  const live = makeLive(call, {
    id: origin.id,
    origin,
    originated,
    startedAt: origin.createdAt,
    accountCode: snapshot.accountCode,
    context: snapshot.context,
    ...(originated ? NO_CALLER : callerOf(pbx, origin)),
  })
  pbx.live.add(live)
  pbx.changedCalls.delete(call)
  pbx.changedCalls.add(live)
  for (const channel of live.channels) {
    pbx.changedChannels.add(channel)
  }
  if (originated && origin.name.kind === 'party') {
    setOriginatedCaller(live, origin)
  }
  return live
}

const NO_CALLER = {
  caller: null,
  callerNumber: '',
  callerName: '',
  callerEndpoint: '',
  callee: '',
  direction: 'internal',
  trunk: null,
  line: null,
} as const

function callerOf(pbx: PbxState, caller: Channel) {
  const { endpoint } = caller.name
  const { callerNumber, callerName, exten } = caller.snapshot
  const role = caller.call.roleOf(endpoint)
  return {
    caller,
    callerNumber,
    callerName,
    callerEndpoint: endpoint,
    callee: exten,
    direction: directionOf(role, null),
    trunk: role === 'trunk' ? endpoint : null,
    line: role === 'trunk' ? pbx.lineOf(exten) : null,
  }
}

/** True when no channel keeps the call open: each is destroyed, or has transferred its part of the call. */
export function isOver(call: LiveCall): boolean {
  for (const channel of call.channels) {
    if (!channel.transferredAway) {
      return false
    }
  }
  // A waiting agent who is connected with a customer returns to this call.
  return call.caller?.ownCall !== call
}

export function endCall(pbx: PbxState, call: LiveCall, at: number): void {
  for (const channel of call.channels) {
    setTalking(channel, false, at)
  }
  for (const leg of call.openLegs) {
    closeLeg(call, leg, { at, cause: 0 })
  }
  answerOriginatedLeg(call, at)
  const wait = currentQueueWait(call)
  if (wait !== null) {
    leaveQueue(call, wait, { outcome: call.callerHungUpIn === 'queue' ? 'abandoned' : 'exited', at })
  }
  const targetTried = wasTargetTried(call)
  const disposition = dispositionOf({
    answered: call.answeredAt !== null,
    voicemail: call.voicemail,
    callerHungUpIn: call.callerHungUpIn,
    answeredByPbx: call.answeredByPbx,
    announced: call.announced,
    dialplanRefusal: call.dialplanRefusal,
    outcomes: outcomesOf(call),
    targetTried,
    cause: call.cause,
    endedUnobserved: call.endedUnobserved,
  })
  call.directionSettled = true
  call.hungUpBy ??= refusedBy(call, disposition)
  finish(pbx, call, {
    at,
    disposition,
    missed: isMissed(disposition, call.direction, targetTried),
    offered: isOffered(disposition, call.direction, targetTried),
    mergedInto: null,
  })
}

/** The call has become part of another, which has its channels and legs already. */
export function endMerged(pbx: PbxState, call: LiveCall, into: LiveCall, at: number): void {
  Object.assign(call, {
    answeredAt: null,
    answeredBy: [],
    talkEndedAt: null,
    ringingAt: null,
    holdMs: 0,
    hungUpBy: null,
  })
  call.directionSettled = true
  call.queueWaits = []
  finish(pbx, call, { at, disposition: 'merged', missed: false, offered: false, mergedInto: into.id })
}

/** The caller's wait in a queue is over. */
export function leaveQueue(
  call: Call,
  wait: QueueWait,
  end: { readonly outcome: QueueOutcome; readonly at: number },
): void {
  wait.outcome = end.outcome
  const at = end.outcome === 'exited' ? (wait.abandonedAt ?? end.at) : end.at
  wait.leftAt = Math.max(at, wait.enteredAt)
  call.queueWaitMs += wait.leftAt - wait.enteredAt
  call.endedWaits = [...call.endedWaits, wait]
}

interface Finish {
  readonly at: number
  readonly disposition: Disposition
  readonly missed: boolean
  readonly offered: boolean
  readonly mergedInto: string | null
}

function finish(pbx: PbxState, call: LiveCall, { at, ...end }: Finish): void {
  updateHold(call, at)
  const endedAt = Math.max(at, call.startedAt, call.answeredAt ?? 0)
  const ended = makeEnded(call, { ...end, at: endedAt, causeClass: causeClass(call.cause) })
  pbx.live.delete(call)
  pbx.changedCalls.add(ended)
  for (const channel of ended.channels) {
    pbx.changedChannels.add(channel)
    channel.call = newCall(pbx.presentRoles())
    channel.call.channels.add(channel)
  }
  ended.channels.clear()
}

function wasTargetTried(call: LiveCall): boolean {
  if (call.queueWaits.length > 0) {
    return true
  }
  const legs = [...call.legs.values()]
  return (
    legs.some((leg) => !leg.isLocal && !(leg.role === 'caller' && leg.answeredAt !== null)) ||
    legs.some(isRefusedLocal) ||
    call.undialedOutcome !== null ||
    isUnreachableNumber(call)
  )
}

// A Local channel was dialed, and the dialplan behind it refused the call.
function isRefusedLocal({ isLocal, result }: Leg): boolean {
  return isLocal && result !== null && NOWHERE.has(result)
}

const NOWHERE: ReadonlySet<LegResult> = new Set<LegResult>(['unreachable', 'busy', 'congestion', 'rejected'])

// Without channel variables (an event filter may drop them) a Dial that could create no channel shows in the cause only.
function isUnreachableNumber(call: LiveCall): boolean {
  return call.legs.size === 0 && call.callerHungUpIn === null && causeClass(call.cause) === 'unreachable'
}

const OUTCOME_OF_QUEUE: ReadonlyMap<QueueOutcome, TargetOutcome> = new Map<QueueOutcome, TargetOutcome>([
  ['timeout', 'no_answer'],
  ['exited', 'no_answer'],
  ['joinempty', 'unreachable'],
  ['leaveempty', 'unreachable'],
  ['full', 'congestion'],
])

// The last outcome of each target: a target that was busy first and then rang has the outcome `no_answer`.
function outcomesOf(call: LiveCall): TargetOutcome[] {
  const legs = [...call.legs.values()].filter((leg) => !leg.forwarded)
  const targets = legs.filter((leg) => !leg.isLocal)
  const lastOutcome = new Map<string, TargetOutcome>()
  for (const leg of targets.length > 0 ? targets : legs) {
    if (leg.result === null || leg.result === 'answered_elsewhere') {
      continue
    }
    if (leg.result !== 'answered') {
      lastOutcome.set(`${leg.endpoint} ${leg.dialed}`, leg.result)
    }
  }
  const queues = call.queueWaits.flatMap((wait) => OUTCOME_OF_QUEUE.get(wait.outcome ?? 'exited') ?? [])
  const outcomes = [...lastOutcome.values(), ...queues]
  // What the dialplan found out is more precise than the result of a Local channel.
  if (call.undialedOutcome !== null && targets.length + queues.length === 0) {
    return [call.undialedOutcome]
  }
  if (outcomes.length > 0) {
    return outcomes
  }
  return isUnreachableNumber(call) ? ['unreachable'] : []
}

function refusedBy(call: LiveCall, disposition: Disposition): Side {
  if (disposition !== 'busy' && disposition !== 'rejected') {
    return 'system'
  }
  return [...call.legs.values()].some((leg) => leg.channel?.refusal != null) ? 'callee' : 'system'
}
