// Actions for transfers: a phone sends REFER, and the parties are connected differently.
//
// Source: recorded traffic of SIP transfers, blind and attended.

import { NORMAL } from '../asterisk/cause.ts'
import { amend, bridgeJson, type SimChannel } from '../asterisk/channel.ts'
import { json, sendChannel, sendTransfer, type World } from '../asterisk/world.ts'
import { destroyBridge, enter, forgetPeer, leave, sendPeers, sendTimes, type Talk } from './bridge.ts'
import { connectLine, destroy, NOBODY, sendDialplan, setVariables, softHangup } from './channel.ts'
import type { Attempt } from './dial.ts'
import { reportQuality } from './quality.ts'
import type { SimQueueWait } from './queue.ts'

/** Extension of the parking lot: parking keeps the caller at the same place in the dialplan. */
const PARK = '700'

/** The called party transfers the caller to `exten`. */
export function referBlindly(world: World, talk: Talk, exten: string): void {
  const { caller, peer, bridge } = talk
  const before = json(world, caller)
  sendChannel(world, { type: 'ChannelUnhold', channel: peer })
  if (exten !== PARK) {
    setVariables(world, caller, { BLINDTRANSFER: peer.name })
    setVariables(world, peer, { BLINDTRANSFER: caller.name })
  }
  setVariables(world, caller, { SIPTRANSFER: 'yes' })
  if (exten !== PARK) {
    sendPeers(world, [caller, peer], 1)
  }
  amend(caller, { transferredBy: `<sip:${peer.callerNumber}@127.0.0.1>` })
  setVariables(world, caller, {
    SIPREFERRINGCONTEXT: caller.context,
    __SIPREFERREDBYHDR: caller.transferredBy,
    SIPREFERTOHDR: `sip:${exten}@127.0.0.1:5060`,
  })
  sendPeers(world, [caller, peer], exten === PARK ? 3 : 1)
  if (exten !== PARK) {
    forgetPeer(world, peer)
    sendPeers(world, [caller, peer], 1)
    forgetPeer(world, caller)
    // The first step of the new extension; the dialplan's Dial() comes after it.
    amend(caller, { exten, priority: 1 })
    sendDialplan(world, caller)
  }
  const bridgeBefore = bridgeJson(bridge, world.stamp)
  sendTransfer(world, {
    type: 'BridgeBlindTransfer',
    bridge,
    body: () =>
      `"channel":${json(world, peer)},"exten":"${exten}","context":"internal","result":"Success","is_external":true,` +
      `"transferee":${before},"bridge":${bridgeBefore}`,
  })
  bridge.technology = 'simple_bridge'
}

/** The transferer of both conversations leaves; the caller of the first and the called party of the second remain. */
export function joinOthers(world: World, first: Talk, second: Talk): Talk {
  const { caller } = first
  const target = second.peer
  const snapshot = transferText(world, first, second)
  sendChannel(world, { type: 'ChannelUnhold', channel: first.peer })
  sendChannel(world, { type: 'ChannelUnhold', channel: second.caller })
  setVariables(world, caller, { ATTENDEDTRANSFER: first.peer.name })
  setVariables(world, first.peer, { ATTENDEDTRANSFER: caller.name })
  leave(world, first.bridge, caller)
  forgetPeer(world, second.caller)
  leave(world, second.bridge, second.caller)
  enter(world, second.bridge, caller)
  setVariables(world, caller, { ATTENDEDTRANSFER: '' })
  amend(target, { accountCode: caller.accountCode })
  sendPeers(world, [target, caller], 1)
  first.bridge.technology = 'simple_bridge'
  forgetPeer(world, first.peer)
  connectLine(world, target, caller)
  sendPeers(world, [target, caller], 1)
  softHangup(world, second.caller, { cause: 1, text: '' })
  leave(world, first.bridge, first.peer)
  sendTransfer(world, { type: 'BridgeAttendedTransfer', bridge: second.bridge, body: () => snapshot })
  sendPeers(world, [target, caller], 2)
  connectLine(world, caller, target)
  retire(world, first, second)
  return { ...first, peer: target, bridge: second.bridge }
}

/**
 * The transferer waits in a queue on a second line and completes the transfer: the caller replaces that line in the queue
 * (a masquerade), and the line ends in place of the caller.
 */
export function joinWait(
  world: World,
  first: Talk,
  wait: { readonly queueWait: SimQueueWait; readonly attempts: readonly Attempt[] },
): SimQueueWait {
  const { caller, peer, bridge } = first
  const line = wait.queueWait.caller
  const snapshot = waitTransferText(world, first, line)
  sendChannel(world, { type: 'ChannelUnhold', channel: peer })
  setVariables(world, peer, { ATTENDEDTRANSFER: caller.name })
  setVariables(world, caller, { ATTENDEDTRANSFER: peer.name })
  forgetPeer(world, peer)
  forgetPeer(world, caller)
  sendTransfer(world, { type: 'BridgeAttendedTransfer', bridge, body: () => snapshot })
  leave(world, bridge, caller)
  const [there, here] = [placeOf(line), placeOf(caller)]
  amend(caller, there)
  sendDialplan(world, caller)
  connectLine(world, caller, NOBODY)
  sendTimes(world, { ...first, caller: line }, 'queue')
  amend(line, here)
  sendDialplan(world, line)
  setVariables(world, line, { DIALSTATUS: 'ANSWER' })
  softHangup(world, line)
  for (const attempt of wait.attempts) {
    connectLine(world, attempt.peer, caller)
  }
  leave(world, bridge, peer)
  destroyBridge(world, bridge)
  for (const channel of [line, peer]) {
    reportQuality(world, channel, world.now() - channel.createdAt)
    destroy(world, channel, NORMAL)
  }
  return { ...wait.queueWait, caller }
}

// The position of a channel in the dialplan.
function placeOf({ context, exten, priority, app, appData }: SimChannel): Partial<SimChannel> {
  return { context, exten, priority, app, appData }
}

function retire(world: World, first: Talk, second: Talk): void {
  destroyBridge(world, first.bridge)
  sendTimes(world, second, 'dial')
  softHangup(world, second.caller)
  reportQuality(world, first.peer, world.now() - first.fromAt)
  destroy(world, first.peer, NORMAL)
  reportQuality(world, second.caller, world.now() - second.fromAt)
  destroy(world, second.caller, NORMAL)
}

function waitTransferText(world: World, first: Talk, line: SimChannel): string {
  return (
    `"transferer_first_leg":${json(world, first.peer)},"transferer_second_leg":${json(world, line)},` +
    `"result":"Success","is_external":false,"transferee":${json(world, first.caller)},` +
    `"transferer_first_leg_bridge":${bridgeJson(first.bridge, world.stamp)},` +
    `"destination_type":"application","destination_application":"${line.app}"`
  )
}

// The event shows the state before the parties were moved.
function transferText(world: World, first: Talk, second: Talk): string {
  return (
    `"transferer_first_leg":${json(world, first.peer)},"transferer_second_leg":${json(world, second.caller)},` +
    `"result":"Success","is_external":false,"transferee":${json(world, first.caller)},` +
    `"transfer_target":${json(world, second.peer)},` +
    `"transferer_first_leg_bridge":${bridgeJson(first.bridge, world.stamp)},` +
    `"transferer_second_leg_bridge":${bridgeJson(second.bridge, world.stamp)},` +
    `"destination_type":"bridge","destination_bridge":"${second.bridge.id}"`
  )
}
