// Actions for AMI's Redirect: an operator panel moves a caller to another extension, from any application.
//
// Asterisk reports the new extension while the old application is still shown; it does not report the first application there.
// Source: recorded traffic.

import { NORMAL, UNKNOWN } from '../asterisk/cause.ts'
import { amend, type SimChannel } from '../asterisk/channel.ts'
import type { World } from '../asterisk/world.ts'
import { destroyBridge, forgetPeer, leave, type Talk } from './bridge.ts'
import { destroy, sendDialplan, setVariable, setVariables } from './channel.ts'
import type { Attempt } from './dial.ts'
import { reportQuality } from './quality.ts'
import { cancelAgents, leaveQueue, type SimQueueWait } from './queue.ts'

const CONTEXT = 'redirected'

/** The caller is taken out of a conversation; the other party is hung up. */
export function redirectCaller(world: World, talk: Talk, exten: string): void {
  const { caller, peer, bridge } = talk
  moveOut(world, caller, exten)
  forgetPeer(world, peer)
  leave(world, bridge, caller)
  setVariable(world, caller, ['DIALSTATUS', 'ANSWER'])
  leave(world, bridge, peer)
  reportQuality(world, peer, world.now() - talk.fromAt)
  destroy(world, peer, NORMAL)
  destroyBridge(world, bridge)
}

/** Both parties of a conversation are moved to the extension, the caller first. */
export function redirectBoth(world: World, talk: Talk, exten: string): void {
  const { caller, peer, bridge } = talk
  moveOut(world, caller, exten)
  moveOut(world, peer, exten)
  leave(world, bridge, caller)
  setVariable(world, caller, ['DIALSTATUS', 'ANSWER'])
}

/** The other party follows, and the bridge ends. */
export function followRedirect(world: World, { peer, bridge }: Talk): void {
  leave(world, bridge, peer)
  destroyBridge(world, bridge)
}

/** The caller is taken out of a queue; the calls to its agents are cancelled. */
export function redirectWaiting(
  world: World,
  queueWait: SimQueueWait,
  move: { readonly attempts: readonly Attempt[]; readonly exten: string },
): void {
  const { caller } = queueWait
  const { context, exten, priority } = caller
  const there = { context: CONTEXT, exten: move.exten, priority: 1 }
  amend(caller, there)
  cancelAgents(world, queueWait, move.attempts)
  // The queue's variables still show the caller's previous extension.
  amend(caller, { context, exten, priority })
  leaveQueue(world, queueWait)
  amend(caller, there)
  sendDialplan(world, caller)
  setVariables(world, caller, { ABANDONED: 'TRUE', QUEUEPOSITION: '1' })
  for (const { peer } of move.attempts) {
    destroy(world, peer, UNKNOWN)
  }
}

function moveOut(world: World, channel: SimChannel, exten: string): void {
  forgetPeer(world, channel)
  amend(channel, { context: CONTEXT, exten, priority: 1 })
  sendDialplan(world, channel)
}
