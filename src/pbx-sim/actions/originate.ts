// Actions for a channel that Asterisk dials without a caller: originate, Page() and the dial of an ARI application.
//
// Its Dial events name no caller. Source: recorded traffic.

import { amend, type SimChannel, type SimEndpoint } from '../asterisk/channel.ts'
import { sendDial, type World } from '../asterisk/world.ts'
import { becomeOutgoing, changeState, connectLine, NOBODY, type Party, reach, sendDialplan } from './channel.ts'
import type { Attempt } from './dial.ts'

/** Creates the channel; its phone will show the number of `shown`. */
export function reachAlone(world: World, endpoint: SimEndpoint, shown: Party = NOBODY): SimChannel {
  const peer = reach(world, endpoint)
  becomeOutgoing(peer, 'AppDial2')
  amend(peer, { connectedName: shown.callerName, connectedNumber: shown.callerNumber })
  sendDialplan(world, peer)
  if (shown !== NOBODY) {
    connectLine(world, peer, shown)
  }
  return peer
}

/** The channel is dialed. */
export function callAlone(world: World, { peer, dialString }: Attempt): void {
  sendDial(world, { peer, status: '', dialString })
}

/** It rings. */
export function ringAlone(world: World, { peer, dialString }: Attempt): void {
  changeState(world, peer, 'Ringing')
  sendDial(world, { peer, status: 'RINGING', dialString })
}

/** It is picked up. */
export function answerAlone(world: World, { peer, dialString }: Attempt): void {
  changeState(world, peer, 'Up')
  sendDial(world, { peer, status: 'ANSWER', dialString })
}
