// Calls with several targets: a ring group, a hunt, a forwarding phone, a Local channel.

import { callerHangsUp, type Talk } from '../actions/bridge.ts'
import { arrive, connectLine, destroy, farEndHangsUp, runApp } from '../actions/channel.ts'
import {
  type Attempt,
  type Dialing,
  dial,
  enterDial,
  hangUpByDialplan,
  ring,
  ringAll,
  timeOut,
} from '../actions/dial.ts'
import { dialLocal, followForward, type LocalLeg, optimizeAway, passAnswer, passRinging } from '../actions/local.ts'
import type { Call, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { REDIRECTED } from '../asterisk/cause.ts'
import { amend } from '../asterisk/channel.ts'
import { answered, fastest, only, phoneDialsPhone, pickUp, SIP_MS } from './plain.ts'

/** How long Asterisk leaves a Local channel in before it takes it out. */
const OPTIMIZE_MS = 20

function phoneDialsGroup(call: Call): Dialing {
  const { world, parties } = call
  const caller = arrive(world, parties.caller, { exten: '600' })
  return dial(
    world,
    caller,
    [parties.callee, parties.third, parties.fourth].map((endpoint) => ({ endpoint })),
  )
}

export const ringGroup: Script = function* (call) {
  const dialing = phoneDialsGroup(call)
  yield SIP_MS
  ringAll(call.world, dialing)
  yield call.times.ringMs
  const talk = pickUp(call, dialing, fastest(call, dialing.attempts))
  yield call.times.talkMs
  callerHangsUp(call.world, talk)
  return answered(call, talk)
}

export const ringGroupNobody: Script = function* (call) {
  const dialing = phoneDialsGroup(call)
  yield SIP_MS
  ringAll(call.world, dialing)
  yield call.times.dialTimeoutMs
  timeOut(call.world, dialing)
  hangUpByDialplan(call.world, dialing.caller)
  return [conclude(call, dialing.caller, { disposition: 'no_answer', callee: '600' })]
}

export const hunt: Script = function* (call) {
  const { world, parties, times } = call
  const caller = arrive(world, parties.caller, { exten: '601' })
  const first = dial(world, caller, [{ endpoint: parties.callee }])
  yield SIP_MS
  ring(world, first, only(first))
  yield times.dialTimeoutMs / 2
  timeOut(world, first)
  const second = dial(world, caller, [{ endpoint: parties.third }])
  yield SIP_MS
  ring(world, second, only(second))
  yield times.ringMs
  const talk = pickUp(call, second)
  yield times.talkMs
  callerHangsUp(world, talk)
  return answered(call, talk)
}

/** The called phone answers 302: the call continues to another phone through a Local channel. */
export const forward: Script = function* (call) {
  const { world, parties, times } = call
  const dialing = phoneDialsPhone(call)
  yield SIP_MS
  const refused = only(dialing)
  amend(refused.peer, { rdnis: refused.peer.callerNumber })
  farEndHangsUp(world, refused.peer, REDIRECTED)
  const leg = followForward(world, dialing, refused, parties.third.resource)
  destroy(world, refused.peer, REDIRECTED)
  const inner = dialBehind(call, leg)
  yield SIP_MS
  passRinging(world, leg, inner, only(inner))
  yield times.ringMs
  const talk = yield* talkThrough(call, leg, only(inner))
  yield times.talkMs
  callerHangsUp(world, talk)
  return answered(call, talk)
}

export const localChannel: Script = function* (call) {
  const { world, parties, times } = call
  const caller = arrive(world, parties.caller, { exten: '602' })
  enterDial(world, caller, `Local/${parties.third.resource}@internal`)
  const leg = dialLocal(world, caller, parties.third.resource)
  const inner = dialBehind(call, leg)
  yield SIP_MS
  passRinging(world, leg, inner, only(inner))
  yield times.ringMs
  const talk = yield* talkThrough(call, leg, only(inner))
  yield times.talkMs
  callerHangsUp(world, talk)
  return answered(call, talk)
}

// The far half of the Local channel runs the dialplan of an internal call.
function dialBehind(call: Call, leg: LocalLeg): Dialing {
  const { world, parties } = call
  runApp(world, leg.far, 'NoOp', `internal call to ${parties.third.resource}`)
  const inner = dial(world, leg.far, [{ endpoint: parties.third }])
  connectLine(world, leg.outer.caller, only(inner).peer)
  return inner
}

function* talkThrough(call: Call, leg: LocalLeg, phone: Attempt): Generator<number, Talk, boolean> {
  const bridges = passAnswer(call.world, leg, phone)
  const fromAt = call.world.now()
  yield OPTIMIZE_MS
  return optimizeAway(call.world, leg, { phone: phone.peer, bridges, fromAt })
}
