// Calls that an application began: click-to-call, by an extension, by a command, and in two legs.

import { callerHangsUp, destroyBridge, peerHangsUp } from '../actions/bridge.ts'
import { connectLine, sendCallerId } from '../actions/channel.ts'
import { type Attempt, dial, dialWithoutEvents, ring } from '../actions/dial.ts'
import { answerAlone, callAlone, reachAlone, ringAlone } from '../actions/originate.ts'
import { reportQuality } from '../actions/quality.ts'
import { applicationHangsUp, bridgeBoth, createStasisBridge, handOver, partyHangsUp } from '../actions/stasis.ts'
import type { Call, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { NORMAL } from '../asterisk/cause.ts'
import { amend, type SimEndpoint } from '../asterisk/channel.ts'
import { answered, only, pickUp, SIP_MS } from './plain.ts'

const REQUEST_MS = 2

/** An application calls a phone first, and when it answers, the number that the user clicked on. */
export const clickToCall: Script = function* (call) {
  const { world, parties, times } = call
  const { number } = parties.outside
  const first = reachAlone(world, parties.caller)
  amend(first, { callerName: 'Click To Call', callerNumber: number })
  sendCallerId(world, first)
  connectLine(world, first, first)
  yield 1
  yield* callPhone(call, { peer: first, dialString: parties.caller.resource })
  amend(first, { exten: `0${number}`, app: '' })
  const onward = dial(world, first, [{ endpoint: parties.trunk, number }])
  yield SIP_MS
  ring(world, onward, only(onward))
  yield times.ringMs
  const talk = pickUp(call, onward)
  yield times.talkMs
  peerHangsUp(world, talk, 'AppDial2')
  const caller = parties.caller.resource
  return answered(call, talk, { caller, direction: 'outbound', hungUpBy: 'callee' })
}

/** The same with Dial() as the application's command in place of an extension. */
export const originateDial: Script = function* (call) {
  const { world, parties, times } = call
  const { number } = parties.outside
  const first = reachAlone(world, parties.caller)
  yield 1
  yield* callPhone(call, { peer: first, dialString: parties.caller.resource })
  const onward = dialWithoutEvents(world, first, [{ endpoint: parties.trunk, number }])
  yield SIP_MS
  ring(world, onward, only(onward))
  yield times.ringMs
  const talk = pickUp(call, onward)
  yield times.talkMs
  callerHangsUp(world, talk, 'originated')
  return answered(call, talk, { callee: number, direction: 'outbound' })
}

/** An application calls an agent, then a customer over a trunk, and bridges the two: one outbound call. */
export const stasisTwoLegs: Script = function* (call) {
  const { world, parties, times } = call
  const { number } = parties.outside
  const agent = yield* callForApplication(call, parties.caller, { role: 'agent', dialString: parties.caller.resource })
  yield REQUEST_MS
  const dialString = `${number}@${parties.trunk.resource}`
  const customer = yield* callForApplication(call, parties.trunk, { role: 'customer', dialString })
  const bridge = createStasisBridge(world)
  yield REQUEST_MS
  bridgeBoth(world, bridge, [agent, customer])
  const fromAt = world.now()
  const merged = conclude(call, customer, {
    disposition: 'merged',
    caller: parties.trunk.resource,
    callee: parties.trunk.resource,
    direction: 'outbound',
    mergedInto: agent,
  })
  yield times.talkMs
  partyHangsUp(world, bridge, { party: agent, behind: customer })
  const talk = { fromAt, untilAt: world.now() }
  yield REQUEST_MS
  reportQuality(world, customer, talk.untilAt - fromAt)
  applicationHangsUp(world, bridge, { channel: customer, cause: NORMAL })
  destroyBridge(world, bridge)
  const late = { bridgeMadeAt: bridge.createdAt, callerGoneAt: talk.untilAt }
  const outcome = {
    callee: number,
    direction: 'outbound',
    answeredBy: [parties.trunk.resource],
    talk,
    ...late,
  } as const
  return [conclude(call, agent, { disposition: 'answered', hungUpBy: 'caller', ...outcome }), merged]
}

function* callPhone({ world, times }: Call, attempt: Attempt): Generator<number, void, boolean> {
  callAlone(world, attempt)
  yield SIP_MS
  ringAlone(world, attempt)
  yield times.ringMs / 2
  answerAlone(world, attempt)
}

function* callForApplication(
  call: Call,
  endpoint: SimEndpoint,
  { role, dialString }: { readonly role: string; readonly dialString: string },
): Generator<number, Attempt['peer'], boolean> {
  const peer = reachAlone(call.world, endpoint)
  yield* callPhone(call, { peer, dialString })
  yield 1
  handOver(call.world, peer, role)
  return peer
}
