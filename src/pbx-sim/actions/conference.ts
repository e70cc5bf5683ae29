// Actions for a conference: channels enter one by one, and leave.
//
// The announcer's two channels use up two ids and appear only as a peer of the members. Source: recorded traffic.

import { type Cause, NORMAL } from '../asterisk/cause.ts'
import type { SimBridge, SimChannel } from '../asterisk/channel.ts'
import type { World } from '../asterisk/world.ts'
import { createBridge, destroyBridge, enter, leave } from './bridge.ts'
import { becomeOutgoing, destroy, farEndHangsUp, setVariable, softHangup, takeId } from './channel.ts'
import { reportQuality } from './quality.ts'

const ROOM = { technology: 'softmix', bridgeClass: 'base', creator: 'ConfBridge' } as const

/** Starts a conference with that name. */
export function openRoom(world: World, name: string): SimBridge {
  takeId(world)
  takeId(world)
  return createBridge(world, { ...ROOM, name })
}

export function enterRoom(world: World, room: SimBridge, channel: SimChannel): void {
  enter(world, room, channel)
  sendRoom(world, room)
}

/** Reports to each member who the others are. */
export function sendRoom(world: World, room: SimBridge): void {
  sendMembers(world, room, announcerOf(room))
}

export function leaveRoom(world: World, room: SimBridge, channel: SimChannel): void {
  leaveMany(world, room, { channel, hidden: announcerOf(room) })
}

/** The channel leaves a bridge with several members, and each of the others gets the new list. */
export function leaveMany(
  world: World,
  bridge: SimBridge,
  { channel, hidden }: { readonly channel: SimChannel; readonly hidden: string },
): void {
  setVariable(world, channel, ['BRIDGEPEER', ''])
  leave(world, bridge, channel)
  sendMembers(world, bridge, hidden)
}

/** The party hangs up: its channel ends, and so does the conference if it was the last. `cause`: left by an earlier Dial(). */
export function hangUpInRoom(
  world: World,
  room: SimBridge,
  { channel, cause }: { readonly channel: SimChannel; readonly cause?: Cause },
): void {
  reportQuality(world, channel, world.now() - channel.createdAt)
  farEndHangsUp(world, channel, cause)
  leaveRoom(world, room, channel)
  setVariable(world, channel, ['CONFBRIDGE_RESULT', 'HANGUP'])
  if (room.channels.length === 0) {
    destroyBridge(world, room)
  }
  softHangup(world, channel)
  if (!channel.inDialplan) {
    becomeOutgoing(channel, 'AppDial')
  }
  destroy(world, channel, NORMAL)
}

/** Reports to each member of a bridge who the others are; `hidden` is a further channel without events. */
export function sendMembers(world: World, bridge: SimBridge, hidden: string): void {
  for (const channel of bridge.channels) {
    const others = bridge.channels.filter((other) => other !== channel).map((other) => other.name)
    setVariable(world, channel, ['BRIDGEPEER', [hidden, ...others].join(',')])
  }
}

function announcerOf(room: SimBridge): string {
  return `CBAnn/${room.name}-00000000;2`
}
