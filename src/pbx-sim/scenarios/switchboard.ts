// Callers handled by an ARI application that dials on its own: it bridges first or last, or connects waiting agents.
//
// A phone is not heard before it answers, however early it is in the bridge. Source: recorded traffic.

import { destroyBridge, enter, forgetPeer, leave } from '../actions/bridge.ts'
import { arrive, changeState, connectLine, farEndHangsUp, NOBODY } from '../actions/channel.ts'
import type { Attempt } from '../actions/dial.ts'
import { answerAlone, callAlone, ringAlone } from '../actions/originate.ts'
import { reportQuality } from '../actions/quality.ts'
import {
  applicationHangsUp,
  bridgeBoth,
  createStasisBridge,
  createUndialed,
  endInApplication,
  partyHangsUp,
  runStasis,
} from '../actions/stasis.ts'
import type { Call, ExpectedCall, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { NO_REPLY, NORMAL } from '../asterisk/cause.ts'
import type { SimBridge, SimChannel } from '../asterisk/channel.ts'
import { SIP_MS } from './plain.ts'
import { outsideCalls } from './trunk.ts'

/** How long an application takes for a request, and to clean up after a call. */
const REQUEST_MS = 2
const TIDY_MS = 200

interface EarlyBridge {
  readonly caller: SimChannel
  readonly attempt: Attempt
  readonly bridge: SimBridge
}

/** Caller and phone share a bridge, for its tones, while the phone rings: nobody answers. */
export const stasisEarlyBridgeNobody: Script = function* (call) {
  const { world, times } = call
  const { caller, attempt, bridge } = yield* bridgeThenDial(call)
  yield times.dialTimeoutMs
  applicationHangsUp(world, bridge, { channel: attempt.peer, cause: NO_REPLY })
  yield TIDY_MS
  applicationHangsUp(world, bridge, { channel: caller, cause: NO_REPLY })
  destroyBridge(world, bridge)
  return [conclude(call, caller, { disposition: 'no_answer', callee: caller.exten })]
}

/** The same, and the phone is picked up in the end. */
export const stasisEarlyBridge: Script = function* (call) {
  const { world, times } = call
  const { caller, attempt, bridge } = yield* bridgeThenDial(call)
  yield times.ringMs
  answerAlone(world, attempt)
  changeState(world, caller, 'Up')
  bridge.technology = 'native_rtp'
  const fromAt = world.now()
  yield times.talkMs
  return [yield* callerLeaves(call, { caller, peer: attempt.peer, bridge, fromAt })]
}

/** The application dials first, and bridges the two when the phone is picked up. */
export const stasisDialThenBridge: Script = function* (call) {
  const { world, parties, times } = call
  const caller = outsideCalls(call, '5550201')
  runStasis(world, caller, 'in')
  yield REQUEST_MS
  const peer = createUndialed(world, parties.callee)
  yield REQUEST_MS
  const attempt = { peer, dialString: '' }
  callAlone(world, { peer, dialString: parties.callee.resource })
  yield SIP_MS
  ringAlone(world, attempt)
  yield times.ringMs
  answerAlone(world, attempt)
  yield REQUEST_MS
  changeState(world, caller, 'Up')
  const bridge = createStasisBridge(world)
  yield REQUEST_MS
  bridgeBoth(world, bridge, [caller, peer])
  const fromAt = world.now()
  const merged = conclude(call, peer, {
    disposition: 'merged',
    callee: parties.callee.resource,
    mergedInto: caller,
  })
  yield times.talkMs
  return [yield* callerLeaves(call, { caller, peer, bridge, fromAt }), merged]
}

/** An agent waits on the line in a holding bridge; customers are connected to them one after the other. */
export const stasisAgent: Script = function* (call) {
  const { world, parties, times } = call
  const agent = arrive(world, parties.third, { exten: '680' })
  runStasis(world, agent, 'agent')
  yield REQUEST_MS
  changeState(world, agent, 'Up')
  const hold = createStasisBridge(world, { kind: 'holding', technology: 'holding_bridge', name: 'agents' })
  yield REQUEST_MS
  enter(world, hold, agent)
  yield times.patienceMs / 4
  const first = yield* customerMeets(call, { agent, hold })
  yield times.patienceMs / 4
  const second = yield* customerMeets(call, { agent, hold })
  yield times.patienceMs / 4
  reportQuality(world, agent, world.now() - agent.createdAt)
  farEndHangsUp(world, agent)
  leave(world, hold, agent)
  endInApplication(world, agent, NORMAL)
  destroyBridge(world, hold)
  const outcome = { callee: agent.exten, hungUpBy: 'caller', tried: false, distinct: false } as const
  return [conclude(call, agent, { disposition: 'self_service', ...outcome }), first, second]
}

function* bridgeThenDial(call: Call): Generator<number, EarlyBridge, boolean> {
  const { world, parties } = call
  const caller = outsideCalls(call, '5550201')
  runStasis(world, caller, 'in')
  yield REQUEST_MS
  const bridge = createStasisBridge(world)
  yield REQUEST_MS
  const peer = createUndialed(world, parties.callee)
  yield REQUEST_MS
  bridgeBoth(world, bridge, [caller, peer])
  yield REQUEST_MS
  callAlone(world, { peer, dialString: parties.callee.resource })
  yield SIP_MS
  const attempt = { peer, dialString: '' }
  ringAlone(world, attempt)
  return { caller, attempt, bridge }
}

// The caller hangs up, and a little later the application ends what is left.
function* callerLeaves(
  call: Call,
  talk: Omit<EarlyBridge, 'attempt'> & { readonly peer: SimChannel; readonly fromAt: number },
): Generator<number, ExpectedCall, boolean> {
  const { world } = call
  const { caller, peer, bridge, fromAt } = talk
  partyHangsUp(world, bridge, { party: caller, behind: peer })
  const untilAt = world.now()
  yield TIDY_MS
  reportQuality(world, peer, untilAt - fromAt)
  applicationHangsUp(world, bridge, { channel: peer, cause: NORMAL })
  destroyBridge(world, bridge)
  return conclude(call, caller, {
    disposition: 'answered',
    callee: caller.exten,
    talk: { fromAt, untilAt },
    bridgeMadeAt: bridge.createdAt,
    callerGoneAt: untilAt,
    answeredBy: [peer.endpoint.replace('PJSIP/', '')],
    hungUpBy: 'caller',
  })
}

// A customer is connected with the waiting agent, who waits again afterwards.
function* customerMeets(
  call: Call,
  { agent, hold }: { readonly agent: SimChannel; readonly hold: SimBridge },
): Generator<number, ExpectedCall, boolean> {
  const { world, times } = call
  const customer = outsideCalls(call, '5550202')
  runStasis(world, customer, 'customer')
  yield REQUEST_MS
  changeState(world, customer, 'Up')
  const bridge = createStasisBridge(world)
  yield REQUEST_MS
  leave(world, hold, agent)
  bridgeBoth(world, bridge, [customer, agent])
  const fromAt = world.now()
  yield times.talkMs / 2
  const untilAt = world.now()
  partyHangsUp(world, bridge, { party: customer, behind: agent })
  const truth = conclude(call, customer, {
    disposition: 'answered',
    callee: customer.exten,
    talk: { fromAt, untilAt },
    answeredBy: [agent.endpoint.replace('PJSIP/', '')],
    hungUpBy: 'caller',
    distinct: false,
  })
  yield REQUEST_MS
  forgetPeer(world, agent)
  leave(world, bridge, agent)
  destroyBridge(world, bridge)
  connectLine(world, agent, NOBODY)
  enter(world, hold, agent)
  return truth
}
