// Actions for channels of an ARI application: it creates, bridges, dials and ends them.
//
// The application is another program; only it receives StasisStart and StasisEnd. Source: recorded traffic.

import { type Cause, NORMAL, ON_REQUEST } from '../asterisk/cause.ts'
import type { SimBridge, SimChannel, SimEndpoint } from '../asterisk/channel.ts'
import type { World } from '../asterisk/world.ts'
import { createBridge, enter, forgetPeer, leave, sendPeers } from './bridge.ts'
import {
  becomeOutgoing,
  connectLine,
  destroy,
  farEndHangsUp,
  reach,
  runApp,
  runWithoutEvents,
  setVariable,
  softHangup,
} from './channel.ts'
import { reportQuality } from './quality.ts'

/** The application of these channels; no listener is connected under its name. */
const APPLICATION = 'switchboard'

/** The extension of a channel that Asterisk created itself. */
const NO_EXTEN = 's'

/** The dialplan passes the channel to the application. */
export function runStasis(world: World, channel: SimChannel, role: string): void {
  runApp(world, channel, 'Stasis', `${APPLICATION},${role}`)
  setVariable(world, channel, ['STASISSTATUS', ''])
}

/** A channel that the application dialed enters the application when it is picked up, without a dialplan event. */
export function handOver(world: World, channel: SimChannel, role: string): void {
  runWithoutEvents(channel, 'Stasis', `${APPLICATION},${role}`)
  setVariable(world, channel, ['STASISSTATUS', ''])
}

/** The application makes a channel that it will dial later. */
export function createUndialed(world: World, endpoint: SimEndpoint): SimChannel {
  const channel = reach(world, endpoint, true)
  runStasis(world, channel, 'out')
  return channel
}

export function createStasisBridge(world: World, sort: Partial<SimBridge> = {}): SimBridge {
  return createBridge(world, { bridgeClass: 'stasis', creator: 'Stasis', ...sort })
}

/** Puts both into the bridge, where they show each other's number; channels that are Up get the update twice. */
export function bridgeBoth(world: World, bridge: SimBridge, pair: readonly [SimChannel, SimChannel]): void {
  const [one, other] = pair
  const talking = one.state === 'Up' && other.state === 'Up'
  enter(world, bridge, one)
  enter(world, bridge, other)
  sendPeers(world, pair, talking ? 2 : 1)
  connectLine(world, other, one)
  sendPeers(world, pair, talking ? 1 : 0)
  connectLine(world, one, other)
  bridge.technology = talking ? 'native_rtp' : 'simple_bridge'
}

/** The party of a channel hangs up. `behind`: who is left in the bridge. */
export function partyHangsUp(
  world: World,
  bridge: SimBridge,
  { party, behind }: { readonly party: SimChannel; readonly behind: SimChannel },
): void {
  reportQuality(world, party, world.now() - party.createdAt, behind)
  farEndHangsUp(world, party)
  forgetPeer(world, party)
  leave(world, bridge, party)
  endInApplication(world, party, NORMAL)
  bridge.technology = 'simple_bridge'
}

/** The application ends a channel that is in its bridge. */
export function applicationHangsUp(
  world: World,
  bridge: SimBridge,
  { channel, cause }: { readonly channel: SimChannel; readonly cause: Cause },
): void {
  softHangup(world, channel, ON_REQUEST)
  forgetPeer(world, channel)
  leave(world, bridge, channel)
  endInApplication(world, channel, cause)
}

/** The channel leaves the application and ends; one from a dialplan gets a further hang-up request there. */
export function endInApplication(world: World, channel: SimChannel, cause: Cause): void {
  setVariable(world, channel, ['STASISSTATUS', 'SUCCESS'])
  if (channel.exten !== NO_EXTEN) {
    softHangup(world, channel)
  }
  if (!channel.inDialplan) {
    becomeOutgoing(channel, 'AppDial2')
  }
  destroy(world, channel, cause)
}
