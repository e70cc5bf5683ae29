// Calls from and to the outside, over a trunk.

import { callerHangsUp, peerHangsUp } from '../actions/bridge.ts'
import {
  arrive,
  changeState,
  destroy,
  farEndHangsUp,
  record,
  runApp,
  setVariable,
  softHangup,
} from '../actions/channel.ts'
import { type Dialing, dial, hangUpByDialplan, refuse, ring, ringAll, timeOut } from '../actions/dial.ts'
import { reportQuality } from '../actions/quality.ts'
import type { Call, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { BUSY, CONGESTED, NO_SUCH_NUMBER, NORMAL, UNKNOWN } from '../asterisk/cause.ts'
import type { SimChannel } from '../asterisk/channel.ts'
import { answered, callerGivesUp, only, pickUp, SIP_MS, unanswered } from './plain.ts'

/** The duration of Playback(beep), and the delay of Answer(). */
export const BEEP_MS = 441
export const ANSWER_MS = 14

/** Somebody outside calls one of the PBX's numbers. */
export function outsideCalls(call: Call, exten: string): SimChannel {
  const { world, parties } = call
  const caller = arrive(world, parties.trunk, { exten, ...parties.outside })
  if (world.recordings) {
    record(world, caller, `in-${exten}-${caller.callerNumber}-${caller.id}.wav`)
  }
  return caller
}

/** The PBX itself picks up, as before an announcement or a queue. */
export function pbxAnswers(call: Call, caller: SimChannel): void {
  runApp(call.world, caller, 'Answer')
  changeState(call.world, caller, 'Up')
}

/** The PBX plays an announcement instead of calling somebody, then hangs up. */
export function* announceAndEnd(call: Call, caller: SimChannel): Generator<number, void, boolean> {
  yield* announce(call, caller, 'beep')
  pbxHangsUp(call, caller)
}

function* announce(call: Call, caller: SimChannel, what: string): Generator<number, void, boolean> {
  runApp(call.world, caller, 'Playback', what)
  yield BEEP_MS
  setVariable(call.world, caller, ['PLAYBACKSTATUS', 'SUCCESS'])
}

function pbxHangsUp({ world }: Call, caller: SimChannel): void {
  runApp(world, caller, 'Hangup')
  softHangup(world, caller)
  reportQuality(world, caller, world.now() - caller.createdAt)
  destroy(world, caller, NORMAL)
}

/** A phone is dialed for somebody outside. */
export function outsideDialsPhone(call: Call): Dialing {
  const caller = outsideCalls(call, '5550103')
  return dial(call.world, caller, [{ endpoint: call.parties.callee }])
}

function phoneDialsOut(call: Call): Dialing {
  const { world, parties } = call
  const { number } = parties.dialed
  const caller = arrive(world, parties.caller, { exten: `0${number.replace('+', '00')}` })
  return dial(world, caller, [{ endpoint: parties.trunk, number }])
}

function outOf({ parties }: Call) {
  return { direction: 'outbound', destination: parties.dialed.destination } as const
}

export const inbound: Script = function* (call) {
  const dialing = outsideDialsPhone(call)
  yield SIP_MS
  ring(call.world, dialing, only(dialing))
  yield call.times.ringMs
  const talk = pickUp(call, dialing)
  yield call.times.talkMs
  callerHangsUp(call.world, talk)
  return answered(call, talk)
}

export const inboundCancelled: Script = function* (call) {
  const dialing = outsideDialsPhone(call)
  yield SIP_MS
  ring(call.world, dialing, only(dialing))
  yield call.times.ringMs
  callerGivesUp(call, dialing)
  return [conclude(call, dialing.caller, { disposition: 'cancelled', callee: '5550103', hungUpBy: 'caller' })]
}

export const inboundNoAnswer: Script = function* (call) {
  const dialing = outsideDialsPhone(call)
  yield SIP_MS
  ringAll(call.world, dialing)
  yield call.times.dialTimeoutMs
  timeOut(call.world, dialing)
  hangUpByDialplan(call.world, dialing.caller)
  return [conclude(call, dialing.caller, { disposition: 'no_answer', callee: '5550103' })]
}

export const inboundIvrOnly: Script = function* (call) {
  const { world } = call
  const caller = outsideCalls(call, '5550100')
  pbxAnswers(call, caller)
  yield ANSWER_MS
  yield* announce(call, caller, 'beep')
  runApp(world, caller, 'Wait', '2')
  yield call.times.patienceMs
  pbxHangsUp(call, caller)
  return [conclude(call, caller, { disposition: 'self_service', callee: caller.exten, tried: false })]
}

/** Nobody is called, and the PBX does not answer: there is only an announcement in early media. */
export const announcementOnly: Script = function* (call) {
  const caller = outsideCalls(call, '5550107')
  runApp(call.world, caller, 'Progress')
  yield* announce(call, caller, 'beep,noanswer')
  yield* announce(call, caller, 'beep,noanswer')
  pbxHangsUp(call, caller)
  return [conclude(call, caller, { disposition: 'self_service', callee: caller.exten, tried: false })]
}

/** The caller hears the whole menu and hangs up without a choice. */
export const inboundLeavesIvr: Script = function* (call) {
  const { world } = call
  const caller = outsideCalls(call, '5550100')
  pbxAnswers(call, caller)
  yield ANSWER_MS
  runApp(world, caller, 'Playback', 'welcome')
  yield call.times.patienceMs
  reportQuality(world, caller, world.now() - caller.createdAt)
  farEndHangsUp(world, caller)
  setVariable(world, caller, ['PLAYBACKSTATUS', 'FAILED'])
  softHangup(world, caller)
  destroy(world, caller, UNKNOWN)
  const outcome = { callee: caller.exten, hungUpBy: 'caller', tried: false } as const
  return [conclude(call, caller, { disposition: 'self_service', ...outcome })]
}

export const inboundIvrThenPhone: Script = function* (call) {
  const { world, parties } = call
  const caller = outsideCalls(call, '5550101')
  pbxAnswers(call, caller)
  yield ANSWER_MS
  yield* announce(call, caller, 'beep')
  runApp(world, caller, 'Wait', '1')
  yield call.times.patienceMs
  const dialing = dial(world, caller, [{ endpoint: parties.callee }])
  yield SIP_MS
  ring(world, dialing, only(dialing))
  yield call.times.ringMs
  const talk = pickUp(call, dialing)
  yield call.times.talkMs
  callerHangsUp(world, talk)
  return answered(call, talk)
}

export const outbound: Script = function* (call) {
  const dialing = phoneDialsOut(call)
  yield SIP_MS
  ring(call.world, dialing, only(dialing))
  yield call.times.ringMs
  const talk = pickUp(call, dialing)
  yield call.times.talkMs
  callerHangsUp(call.world, talk)
  return answered(call, talk, outOf(call))
}

export const outboundCalleeHangsUp: Script = function* (call) {
  const dialing = phoneDialsOut(call)
  yield SIP_MS
  ring(call.world, dialing, only(dialing))
  yield call.times.ringMs
  const talk = pickUp(call, dialing)
  yield call.times.talkMs
  peerHangsUp(call.world, talk)
  return answered(call, talk, { ...outOf(call), hungUpBy: 'callee' })
}

export const outboundBusy: Script = function* (call) {
  const dialing = phoneDialsOut(call)
  yield SIP_MS
  ring(call.world, dialing, only(dialing))
  yield call.times.ringMs / 4
  refuse(call.world, dialing, { cause: BUSY, status: 'BUSY', dialStatus: 'BUSY' })
  return unanswered(call, dialing.caller, { disposition: 'busy', cause: BUSY, outbound: true })
}

export const outboundCongestion: Script = function* (call) {
  const dialing = phoneDialsOut(call)
  yield SIP_MS
  refuse(call.world, dialing, { cause: CONGESTED, status: 'CONGESTION', dialStatus: 'CONGESTION' })
  return unanswered(call, dialing.caller, { disposition: 'congestion', cause: CONGESTED, outbound: true })
}

export const outboundInvalidNumber: Script = function* (call) {
  const dialing = phoneDialsOut(call)
  yield SIP_MS
  refuse(call.world, dialing, { cause: NO_SUCH_NUMBER, status: 'NOANSWER', dialStatus: 'CHANUNAVAIL' })
  return unanswered(call, dialing.caller, { disposition: 'invalid_number', cause: NO_SUCH_NUMBER, outbound: true })
}
