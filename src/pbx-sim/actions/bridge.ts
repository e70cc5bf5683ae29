// Actions for bridges: two parties start a conversation, and one of them ends it.
//
// The order of the events is Asterisk's own for a bridge of two; BRIDGEPEER is sent three times, as it does.
// Source: recorded traffic.

import { type Cause, NORMAL } from '../asterisk/cause.ts'
import { amend, type SimBridge, type SimChannel } from '../asterisk/channel.ts'
import { sendBridge, type World } from '../asterisk/world.ts'
import {
  becomeOutgoing,
  destroy,
  farEndHangsUp,
  sendDialplan,
  setVariable,
  setVariables,
  softHangup,
} from './channel.ts'
import { seconds } from './dial.ts'
import { reportQuality } from './quality.ts'

/** Two parties in a bridge. `caller` runs the dialplan that dialed `peer`. */
export interface Talk {
  readonly caller: SimChannel
  readonly peer: SimChannel
  readonly bridge: SimBridge
  /** When Dial() or the queue started, for the variables that it sets. */
  readonly dialedAt: number
  readonly fromAt: number
}

/**
 * The common end of Dial() writes DIALSTATUS; a queue does not, and its caller's hang-up carries no cause, unless an
 * earlier Dial() left one (`redirected`). A caller who was called themselves (`originated`) has no dialplan to end.
 */
export type TalkEnd = 'dial' | 'queue' | 'pickup' | 'redirected' | 'originated'

const WITH_CAUSE: readonly TalkEnd[] = ['dial', 'redirected', 'originated']
const WITH_DIAL_STATUS: readonly TalkEnd[] = ['dial', 'pickup', 'originated']

export function createBridge(world: World, sort: Partial<SimBridge> = {}): SimBridge {
  const bridge = standingBridge(world, sort)
  sendBridge(world, { type: 'BridgeCreated', bridge })
  return bridge
}

/** A bridge that existed before any listener: no event reports its creation. */
export function standingBridge(world: World, sort: Partial<SimBridge>): SimBridge {
  const bridge: SimBridge = {
    id: world.random.uuid(),
    kind: 'mixing',
    bridgeClass: 'basic',
    creator: '',
    name: '',
    technology: 'simple_bridge',
    ...sort,
    createdAt: world.now(),
    channels: [],
  }
  world.bridges.set(bridge.id, bridge)
  return bridge
}

export function enter(world: World, bridge: SimBridge, channel: SimChannel): void {
  bridge.channels.push(channel)
  sendBridge(world, { type: 'ChannelEnteredBridge', bridge, channel })
}

export function leave(world: World, bridge: SimBridge, channel: SimChannel): void {
  bridge.channels = bridge.channels.filter((other) => other !== channel)
  sendBridge(world, { type: 'ChannelLeftBridge', bridge, channel })
}

export function destroyBridge(world: World, bridge: SimBridge): void {
  sendBridge(world, { type: 'BridgeDestroyed', bridge })
  world.bridges.delete(bridge.id)
}

/** The caller and the peer that answered enter a bridge; from now on they hear each other. */
export function connect(
  world: World,
  parties: { readonly caller: SimChannel; readonly peer: SimChannel; readonly dialedAt: number },
): Talk {
  const { caller, peer } = parties
  const bridge = createBridge(world)
  // app_dial reports the peer's application again; app_queue does not.
  if (peer.app === 'AppDial') {
    sendDialplan(world, peer)
  }
  enter(world, bridge, peer)
  enter(world, bridge, caller)
  if (caller.transferredBy !== '') {
    setVariables(world, caller, { BLINDTRANSFER: '' })
    amend(caller, { transferredBy: '' })
  }
  sendPeers(world, [caller, peer], 3)
  bridge.technology = 'native_rtp'
  return { ...parties, bridge, fromAt: world.now() }
}

/** Reports to each of two channels who is on the other side, `times` times. */
export function sendPeers(world: World, pair: readonly [SimChannel, SimChannel], times: number): void {
  const [one, other] = pair
  for (let time = 0; time < times; time += 1) {
    sendPeer(world, one, other)
    sendPeer(world, other, one)
  }
}

/** Reports to a channel who is on the other side; Local halves and external media have no call id. */
export function sendPeer(world: World, channel: SimChannel, other: SimChannel): void {
  setVariable(world, channel, ['BRIDGEPEER', other.name])
  if (other.protocolId !== '') {
    setVariable(world, channel, ['BRIDGEPVTCALLID', other.protocolId])
  }
}

export function forgetPeer(world: World, channel: SimChannel): void {
  setVariables(world, channel, { BRIDGEPEER: '', BRIDGEPVTCALLID: '' })
}

/** The caller hangs up and the call ends. */
export function callerHangsUp(world: World, talk: Talk, end: TalkEnd = 'dial'): void {
  const { caller, peer, bridge } = talk
  const media = world.now() - talk.fromAt
  reportQuality(world, caller, media, peer)
  farEndHangsUp(world, caller, WITH_CAUSE.includes(end) ? NORMAL : undefined)
  forgetPeer(world, caller)
  forgetPeer(world, peer)
  leave(world, bridge, caller)
  sendTimes(world, talk, end)
  if (end === 'originated') {
    becomeOutgoing(caller, 'AppDial2')
  } else {
    softHangup(world, caller)
  }
  leave(world, bridge, peer)
  destroyBridge(world, bridge)
  destroy(world, caller, NORMAL)
  reportQuality(world, peer, media)
  destroy(world, peer, NORMAL)
}

/** The called party hangs up and the call ends. `lastApp`: the application that the caller's channel shows at its end. */
export function peerHangsUp(world: World, talk: Talk, lastApp?: string): void {
  const { caller, peer, bridge } = talk
  const media = world.now() - talk.fromAt
  reportQuality(world, peer, media, caller)
  farEndHangsUp(world, peer, NORMAL)
  forgetPeer(world, peer)
  forgetPeer(world, caller)
  leave(world, bridge, peer)
  destroy(world, peer, NORMAL)
  leave(world, bridge, caller)
  destroyBridge(world, bridge)
  sendTimes(world, talk, 'dial')
  softHangup(world, caller)
  reportQuality(world, caller, world.now() - caller.createdAt)
  if (lastApp !== undefined) {
    amend(caller, { app: lastApp, appData: '(Outgoing Line)' })
  }
  destroy(world, caller, NORMAL)
}

/** Asterisk ends a conversation when it restarts (`core restart now`). */
export function cutTalk(world: World, bridge: SimBridge, cause: Cause): void {
  const members = [...bridge.channels]
  for (const channel of members) {
    softHangup(world, channel, cause)
  }
  members.reverse()
  for (const channel of members) {
    leave(world, bridge, channel)
  }
  for (const channel of members.filter((member) => member.app === 'Dial')) {
    setVariables(world, channel, { DIALSTATUS: 'ANSWER' })
    softHangup(world, channel)
  }
  for (const channel of members) {
    destroy(world, channel, NORMAL)
  }
  destroyBridge(world, bridge)
}

/** The variables in which Dial() or a queue reports how long it took. */
export function sendTimes(world: World, talk: Talk, end: TalkEnd): void {
  const talked = world.now() - talk.fromAt
  const dialed = world.now() - talk.dialedAt
  setVariables(world, talk.caller, {
    ANSWEREDTIME: seconds(talked),
    ANSWEREDTIME_MS: String(talked),
    DIALEDTIME: seconds(dialed),
    DIALEDTIME_MS: String(dialed),
    ...(WITH_DIAL_STATUS.includes(end) ? { DIALSTATUS: 'ANSWER' } : {}),
  })
}
