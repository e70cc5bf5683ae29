// One phone calls another: every way in which the call can end.
//
// A scenario reads from top to bottom: each line is what happens, `yield` lets time pass, and the return value is the expected result.

import { callerHangsUp, connect, peerHangsUp, type Talk } from '../actions/bridge.ts'
import { arrive, changeState, destroy, farEndHangsUp, runApp, setVariable, softHangup } from '../actions/channel.ts'
import { type Attempt, answer, type Dialing, dial, hangUpByDialplan, refuse, ring, timeOut } from '../actions/dial.ts'
import type { Call, ExpectedCall, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import {
  BUSY,
  CALLER_CANCELLED,
  type Cause,
  CONGESTED,
  DECLINED,
  FORBIDDEN,
  LEG_CANCELLED,
  NO_ROUTE,
  NO_SUCH_NUMBER,
  NORMAL,
} from '../asterisk/cause.ts'
import type { SimChannel } from '../asterisk/channel.ts'
import { sendDial } from '../asterisk/world.ts'

/** Milliseconds that a phone needs to ring after it was dialed. */
export const SIP_MS = 3

/** A phone calls another phone of the PBX. */
export function phoneDialsPhone(call: Call): Dialing {
  const { world, parties } = call
  const { resource } = parties.callee
  const caller = arrive(world, parties.caller, { exten: resource })
  runApp(world, caller, 'NoOp', `internal call to ${resource}`)
  return dial(world, caller, [{ endpoint: parties.callee }])
}

/** The same with an extension that dials at once. */
export function phoneDialsAtOnce({ world, parties }: Call): Dialing {
  const caller = arrive(world, parties.caller, { exten: parties.callee.resource })
  return dial(world, caller, [{ endpoint: parties.callee }])
}

/** Which of several parties answers: the named one, or any. */
export function fastest(call: Call, attempts: readonly Attempt[]): Attempt {
  const chosen = attempts.find((attempt) => attempt.peer.endpoint === `PJSIP/${call.parties.answerer}`)
  return chosen ?? call.random.pick(attempts)
}

/** The only attempt of a Dial(); scenarios choose a registered phone. */
export function only(dialing: Dialing): Attempt {
  const attempt = dialing.attempts[0]
  if (attempt === undefined) {
    throw new Error('nothing was dialed')
  }
  return attempt
}

/** The attempt answers, and the two talk. */
export function pickUp(call: Call, dialing: Dialing, attempt = only(dialing)): Talk {
  answer(call.world, dialing, attempt)
  return connect(call.world, { caller: dialing.caller, peer: attempt.peer, dialedAt: dialing.dialedAt })
}

/** The expected result of a call that was answered and ends now. */
export function answered(
  call: Call,
  talk: Talk,
  outcome: Partial<Parameters<typeof conclude>[2]> = {},
): readonly ExpectedCall[] {
  return [
    conclude(call, talk.caller, {
      disposition: 'answered',
      callee: talk.caller.exten,
      talk: { fromAt: talk.fromAt, untilAt: call.world.now() },
      answeredBy: [talk.peer.endpoint.replace('PJSIP/', '')],
      hungUpBy: 'caller',
      ...outcome,
    }),
  ]
}

export const answeredCall: Script = function* (call) {
  const dialing = phoneDialsPhone(call)
  yield SIP_MS
  ring(call.world, dialing, only(dialing))
  yield call.times.ringMs
  const talk = pickUp(call, dialing)
  yield call.times.talkMs
  callerHangsUp(call.world, talk)
  return answered(call, talk)
}

export const calleeHangsUp: Script = function* (call) {
  const dialing = phoneDialsPhone(call)
  yield SIP_MS
  ring(call.world, dialing, only(dialing))
  yield call.times.ringMs
  const talk = pickUp(call, dialing)
  yield call.times.talkMs
  peerHangsUp(call.world, talk)
  return answered(call, talk, { hungUpBy: 'callee' })
}

export const noAnswer: Script = function* (call) {
  const dialing = phoneDialsPhone(call)
  yield SIP_MS
  ring(call.world, dialing, only(dialing))
  yield call.times.dialTimeoutMs
  timeOut(call.world, dialing)
  hangUpByDialplan(call.world, dialing.caller)
  return [conclude(call, dialing.caller, { disposition: 'no_answer', callee: dialing.caller.exten })]
}

/** The phone is registered but does not respond: no ringing, no refusal. */
export const silentPhone: Script = function* (call) {
  const dialing = phoneDialsPhone(call)
  yield call.times.dialTimeoutMs
  timeOut(call.world, dialing)
  hangUpByDialplan(call.world, dialing.caller)
  return [conclude(call, dialing.caller, { disposition: 'unreachable', callee: dialing.caller.exten })]
}

export const cancelled: Script = function* (call) {
  const dialing = phoneDialsPhone(call)
  yield SIP_MS
  ring(call.world, dialing, only(dialing))
  yield call.times.ringMs
  callerGivesUp(call, dialing)
  return [
    conclude(call, dialing.caller, { disposition: 'cancelled', callee: dialing.caller.exten, hungUpBy: 'caller' }),
  ]
}

export const busy: Script = function* (call) {
  const dialing = phoneDialsPhone(call)
  yield SIP_MS
  ring(call.world, dialing, only(dialing))
  yield call.times.ringMs / 4
  refuse(call.world, dialing, { cause: BUSY, status: 'BUSY', dialStatus: 'BUSY' })
  return unanswered(call, dialing.caller, { disposition: 'busy', cause: BUSY })
}

export const rejected: Script = function* (call) {
  const dialing = phoneDialsPhone(call)
  yield SIP_MS
  ring(call.world, dialing, only(dialing))
  yield call.times.ringMs / 4
  refuse(call.world, dialing, { cause: DECLINED, status: 'NOANSWER', dialStatus: 'CHANUNAVAIL' })
  return unanswered(call, dialing.caller, { disposition: 'rejected', cause: FORBIDDEN })
}

export const invalidNumber: Script = function* (call) {
  const dialing = phoneDialsPhone(call)
  yield SIP_MS
  refuse(call.world, dialing, { cause: NO_SUCH_NUMBER, status: 'NOANSWER', dialStatus: 'CHANUNAVAIL' })
  return unanswered(call, dialing.caller, { disposition: 'invalid_number', cause: NO_SUCH_NUMBER })
}

export const congestion: Script = function* (call) {
  const dialing = phoneDialsPhone(call)
  yield SIP_MS
  refuse(call.world, dialing, { cause: CONGESTED, status: 'CONGESTION', dialStatus: 'CONGESTION' })
  return unanswered(call, dialing.caller, { disposition: 'congestion', cause: CONGESTED })
}

/** The phone is not registered: Dial() cannot create a channel and sends no event. */
export const unreachable: Script = function* (call) {
  const { unregistered } = call.parties
  const caller = arrive(call.world, call.parties.caller, { exten: unregistered.resource })
  dial(call.world, caller, [{ endpoint: unregistered, unregistered: true }])
  yield 1
  setVariable(call.world, caller, ['DIALSTATUS', 'CHANUNAVAIL'])
  return unanswered(call, caller, { disposition: 'unreachable', cause: NO_ROUTE })
}

/** The dialplan itself refuses the call; no phone is tried. */
export const dialplanCongestion: Script = function* (call) {
  const { world, parties } = call
  const caller = arrive(world, parties.caller, { exten: '650' })
  runApp(world, caller, 'Congestion', '2')
  changeState(world, caller, 'Busy')
  yield 1
  farEndHangsUp(world, caller, CONGESTED)
  softHangup(world, caller, { ...NORMAL, techCause: 503 })
  destroy(world, caller, CONGESTED)
  return [conclude(call, caller, { disposition: 'congestion', callee: caller.exten, tried: false })]
}

const CANCEL = { ofCaller: CALLER_CANCELLED, ofLegs: LEG_CANCELLED }

/** The caller hangs up while phones ring: every attempt is cancelled. */
export function callerGivesUp({ world }: Call, dialing: Dialing, causes = CANCEL): void {
  const { caller, attempts } = dialing
  farEndHangsUp(world, caller, causes.ofCaller)
  for (const { peer } of attempts) {
    sendDial(world, { caller, peer, status: 'CANCEL' })
  }
  setVariable(world, caller, ['DIALSTATUS', 'CANCEL'])
  softHangup(world, caller, { ...NORMAL, techCause: 487 })
  for (const { peer } of attempts) {
    destroy(world, peer, causes.ofLegs)
  }
  destroy(world, caller, causes.ofCaller)
}

/** Dial() failed and the dialplan ends; the caller gets `cause`. */
export function unanswered(
  call: Call,
  caller: SimChannel,
  end: { readonly disposition: ExpectedCall['disposition']; readonly cause: Cause; readonly outbound?: boolean },
): readonly ExpectedCall[] {
  hangUpByDialplan(call.world, caller, end.cause)
  const { destination } = call.parties.dialed
  const out = end.outbound === true ? { direction: 'outbound' as const, destination } : {}
  return [conclude(call, caller, { disposition: end.disposition, callee: caller.exten, ...out })]
}
