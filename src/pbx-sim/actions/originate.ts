// Verbs for a channel that Asterisk calls on nobody's behalf: originate, Page() and an application's own dial.
//
// Its Dial events name no caller. Source: recorded traffic.

import { amend, type SimChannel, type SimEndpoint } from '../asterisk/channel.ts'
import { tellDial, type World } from '../asterisk/world.ts'
import { becomeOutgoing, changeState, connectLine, NOBODY, type Party, reach, tellDialplan } from './channel.ts'
import type { Attempt } from './dial.ts'

/** Makes the channel; its phone will show the number of `shown`. */
export function reachAlone(world: World, endpoint: SimEndpoint, shown: Party = NOBODY): SimChannel {
  const peer = reach(world, endpoint)
  becomeOutgoing(peer, 'AppDial2')
  amend(peer, { connectedName: shown.callerName, connectedNumber: shown.callerNumber })
  tellDialplan(world, peer)
  if (shown !== NOBODY) {
    connectLine(world, peer, shown)
  }
  return peer
}

/** The channel is called. */
export function callAlone(world: World, { peer, dialString }: Attempt): void {
  tellDial(world, { peer, status: '', dialString })
}

/** It rings. */
export function ringAlone(world: World, { peer, dialString }: Attempt): void {
  changeState(world, peer, 'Ringing')
  tellDial(world, { peer, status: 'RINGING', dialString })
}

/** It is picked up. */
export function answerAlone(world: World, { peer, dialString }: Attempt): void {
  changeState(world, peer, 'Up')
  tellDial(world, { peer, status: 'ANSWER', dialString })
}
