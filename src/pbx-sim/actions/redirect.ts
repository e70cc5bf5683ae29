// Verbs for AMI's Redirect: an operator's panel moves a caller to another extension, whatever they are in.
//
// Asterisk tells the new place while the old application still stands; the first application there is not told at all.
// Source: recorded traffic.

import { NORMAL, UNKNOWN } from '../asterisk/cause.ts'
import { amend, type SimChannel } from '../asterisk/channel.ts'
import type { World } from '../asterisk/world.ts'
import { destroyBridge, forgetPeer, leave, type Talk } from './bridge.ts'
import { destroy, setVariable, setVariables, tellDialplan } from './channel.ts'
import type { Attempt } from './dial.ts'
import { reportQuality } from './quality.ts'
import { cancelAgents, leaveQueue, type QueueVisit } from './queue.ts'

const CONTEXT = 'redirected'

/** The caller is taken out of a talk; the other party is hung up. */
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

/** Both parties of a talk are moved to the extension; the caller is the first to be there. */
export function redirectBoth(world: World, talk: Talk, exten: string): void {
  const { caller, peer, bridge } = talk
  moveOut(world, caller, exten)
  moveOut(world, peer, exten)
  leave(world, bridge, caller)
  setVariable(world, caller, ['DIALSTATUS', 'ANSWER'])
}

/** The other party follows, and the bridge of the talk is no more. */
export function followRedirect(world: World, { peer, bridge }: Talk): void {
  leave(world, bridge, peer)
  destroyBridge(world, bridge)
}

/** The caller is taken out of a queue; its agents are called off. */
export function redirectWaiting(
  world: World,
  visit: QueueVisit,
  move: { readonly attempts: readonly Attempt[]; readonly exten: string },
): void {
  const { caller } = visit
  const { context, exten, priority } = caller
  const there = { context: CONTEXT, exten: move.exten, priority: 1 }
  amend(caller, there)
  cancelAgents(world, visit, move.attempts)
  // The queue's own variables still show the caller where they were.
  amend(caller, { context, exten, priority })
  leaveQueue(world, visit)
  amend(caller, there)
  tellDialplan(world, caller)
  setVariables(world, caller, { ABANDONED: 'TRUE', QUEUEPOSITION: '1' })
  for (const { peer } of move.attempts) {
    destroy(world, peer, UNKNOWN)
  }
}

function moveOut(world: World, channel: SimChannel, exten: string): void {
  forgetPeer(world, channel)
  amend(channel, { context: CONTEXT, exten, priority: 1 })
  tellDialplan(world, channel)
}
