// The called party parks the caller, and a third phone retrieves the caller.
//
// The original call continues; the retrieving phone's own call ends as merged. Source: recorded traffic.

import {
  createBridge,
  destroyBridge,
  enter,
  forgetPeer,
  leave,
  sendPeers,
  sendTimes,
  type Talk,
} from '../actions/bridge.ts'
import {
  arrive,
  changeState,
  connectLine,
  destroy,
  farEndHangsUp,
  runApp,
  setVariables,
  softHangup,
} from '../actions/channel.ts'
import { ring } from '../actions/dial.ts'
import { reportQuality } from '../actions/quality.ts'
import { referBlindly } from '../actions/transfer.ts'
import type { Call, Script } from '../asterisk/call.ts'
import { conclude } from '../asterisk/call.ts'
import { NORMAL } from '../asterisk/cause.ts'
import { amend, type SimBridge, type SimChannel } from '../asterisk/channel.ts'
import { answered, only, phoneDialsPhone, pickUp, SIP_MS } from './plain.ts'

const LOT = { kind: 'holding', technology: 'holding_bridge', bridgeClass: 'parking' } as const

export const parking: Script = function* (call) {
  const { world, parties, times } = call
  const dialing = phoneDialsPhone(call)
  yield SIP_MS
  ring(world, dialing, only(dialing))
  yield times.ringMs
  const first = pickUp(call, dialing)
  yield times.talkMs / 3
  const lot = park(call, first)
  yield times.patienceMs
  const retriever = arrive(world, parties.third, { exten: '701' })
  runApp(world, retriever, 'ParkedCall', 'default,701')
  changeState(world, retriever, 'Up')
  yield 15
  const second: Talk = { caller: retriever, peer: first.caller, ...meet(call, first, { lot, retriever }) }
  yield 20
  sendPeers(world, [first.caller, retriever], 3)
  second.bridge.technology = 'native_rtp'
  yield times.talkMs / 2
  const talk = { fromAt: first.fromAt, untilAt: world.now() }
  retrieverHangsUp(call, first, second)
  const merged = conclude(call, retriever, { disposition: 'merged', callee: '701', mergedInto: first.caller })
  // Asterisk reports parking by REFER as a blind transfer.
  return [...answered(call, first, { hungUpBy: 'callee', talk, transfers: 1 }), merged]
}

function park(call: Call, talk: Talk): SimBridge {
  const { world } = call
  const { caller, peer } = talk
  referBlindly(world, talk, '700')
  const lot = createBridge(world, { ...LOT, creator: 'Parking', name: 'default' })
  setVariables(world, caller, { BLINDTRANSFER: peer.name })
  leave(world, talk.bridge, caller)
  enter(world, lot, caller)
  setVariables(world, caller, { BLINDTRANSFER: '' })
  forgetPeer(world, caller)
  return lot
}

// The parked caller and the retriever enter a new bridge; only now does the transferer's leg end.
function meet(
  call: Call,
  first: Talk,
  who: { readonly lot: SimBridge; readonly retriever: SimChannel },
): Pick<Talk, 'bridge' | 'dialedAt' | 'fromAt'> {
  const { world } = call
  const { caller, peer } = first
  const { lot, retriever } = who
  const bridge = createBridge(world)
  leave(world, lot, caller)
  reportQuality(world, peer, world.now() - first.fromAt)
  enter(world, bridge, caller)
  amend(retriever, { accountCode: caller.accountCode })
  enter(world, bridge, retriever)
  sendPeers(world, [caller, retriever], 1)
  connectLine(world, retriever, caller)
  connectLine(world, caller, retriever)
  farEndHangsUp(world, peer, NORMAL)
  forgetPeer(world, peer)
  leave(world, first.bridge, peer)
  destroyBridge(world, first.bridge)
  destroy(world, peer, NORMAL)
  // Asterisk keeps the empty lot; here each parked call has its own lot, which is removed without an event.
  world.bridges.delete(lot.id)
  return { bridge, dialedAt: retriever.createdAt, fromAt: world.now() }
}

function retrieverHangsUp(call: Call, first: Talk, second: Talk): void {
  const { world } = call
  const { caller: retriever, peer: caller, bridge } = second
  reportQuality(world, retriever, world.now() - second.fromAt, caller)
  farEndHangsUp(world, retriever)
  forgetPeer(world, retriever)
  forgetPeer(world, caller)
  leave(world, bridge, retriever)
  softHangup(world, retriever)
  destroy(world, retriever, NORMAL)
  leave(world, bridge, caller)
  destroyBridge(world, bridge)
  sendTimes(world, first, 'dial')
  softHangup(world, caller)
  reportQuality(world, caller, world.now() - caller.createdAt)
  destroy(world, caller, NORMAL)
}
