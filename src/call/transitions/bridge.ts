// Channels meet and part in bridges. Whoever meets where people talk becomes part of one call.
//
// A channel is in one bridge at a time; a step told late, older than the channel's latest, changes nothing.
// Conferences, parking lots and waiting rooms join nobody.

import type { BridgeSnapshot, ChannelSnapshot } from '../event.ts'
import { type Call, currentStay } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import { bridgeOf, find, findOrAdd, type World } from '../model/pbxState.ts'
import { adoptMeeting } from '../resync/inferCalls.ts'
import { circleOf, settleTalk } from './conversation.ts'
import { leaveQueue } from './lifecycle.ts'
import { join } from './merge.ts'
import { connectAgent, noteWaiting, returnAgents, waitingAgent } from './waitingAgent.ts'

interface Step {
  readonly at: number
  readonly channel: ChannelSnapshot
}

export function enter(
  world: World,
  { at, channel: snapshot, bridge }: Step & { readonly bridge: BridgeSnapshot },
): void {
  const channel = findOrAdd(world, snapshot)
  if (channel === null || wasLeft(channel, { at, bridge })) return
  meet(world, channel, { at, bridge })
}

/** Puts a channel into a bridge, joins the calls that meet there, and notices the answer. */
export function meet(
  world: World,
  channel: Channel,
  step: { readonly at: number; readonly bridge: BridgeSnapshot },
): void {
  const { at } = step
  const bridge = bridgeOf(world, step.bridge)
  if (channel.bridge !== bridge) part(world, channel, at)
  channel.bridge = bridge
  channel.movedAt = at
  bridge.members.add(channel)
  if (bridge.kind === 'holding') noteWaiting(channel)
  if (bridge.kind === 'talk') joinCircle(world, channel, at)
  settle(world, channel.call, at)
}

export function leave(
  world: World,
  { at, channel: snapshot, bridge }: Step & { readonly bridge: BridgeSnapshot },
): void {
  const channel = find(world, snapshot)
  if (channel?.bridge?.id !== bridge.id || at < channel.movedAt) return
  part(world, channel, at)
}

// The step comes late: the channel has since left that bridge, or moved on.
function wasLeft(channel: Channel, step: { readonly at: number; readonly bridge: BridgeSnapshot }): boolean {
  if (step.at < channel.movedAt) return true
  return channel.lastLeft?.bridgeId === step.bridge.id && step.at <= channel.lastLeft.at
}

export function bridgeGone(
  world: World,
  { at, bridge: snapshot }: { readonly at: number; readonly bridge: BridgeSnapshot },
): void {
  const bridge = world.bridges.get(snapshot.id)
  if (bridge === undefined) return
  for (const member of [...bridge.members]) part(world, member, at)
  world.bridges.delete(snapshot.id)
}

/** Takes a channel out of the bridge that it is in, if any. */
export function part(world: World, channel: Channel, at: number): void {
  const { bridge } = channel
  if (bridge === null) return
  channel.bridge = null
  channel.movedAt = Math.max(channel.movedAt, at)
  channel.lastLeft = { bridgeId: bridge.id, at }
  bridge.members.delete(channel)
  // Whoever enters it next tells again what it is; its end may never be told.
  if (bridge.members.size === 0) world.bridges.delete(bridge.id)
  const calls = new Set([channel.call])
  // Nobody is heard by others in a place where one waits or is parked.
  if (bridge.kind === 'talk') for (const member of bridge.members) calls.add(member.call)
  for (const call of calls) settle(world, call, at)
}

/** A channel that was bridged before it was picked up is picked up: whoever is with it hears it. */
export function heardFromNowOn(world: World, channel: Channel, at: number): void {
  const calls = new Set<Call>()
  for (const member of circleOf(world, channel).channels) calls.add(member.call)
  for (const call of calls) settle(world, call, at)
}

function joinCircle(world: World, channel: Channel, at: number): void {
  const circle = circleOf(world, channel)
  if (circle.channels.size < 2) return
  const agents = new Set<Call>()
  let { call } = channel
  for (const other of circle.channels) {
    if (other.call === call || agents.has(other.call)) continue
    const agent = waitingAgent(world, call, other.call)
    if (agent !== null) agents.add(agent)
    if (agent === null) call = join(world, call, other.call, at)
    else if (agent === call) call = other.call
  }
  if (call.stage === 'forming') adoptMeeting(world, circle, at)
  for (const agent of agents) connectAgent(world, agent, call, at)
}

function settle(world: World, call: Call, at: number): void {
  returnAgents(world, call, at)
  settleTalk(world, call, at)
  const stay = currentStay(call)
  if (stay !== null && call.talking && call.answeredAt !== null) leaveQueue(call, stay, { outcome: 'answered', at })
  world.touched.add(call)
}
