// Channels enter and leave bridges. The calls of channels that then hear each other become one call.
//
// A channel is in one bridge at a time; an event older than the channel's latest change is late and changes nothing.
// Conferences, parking lots and other holding bridges join no calls.

import type { BridgeSnapshot, ChannelSnapshot } from '../event.ts'
import { currentQueueWait, type LiveCall, type OpenCall } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import { connectedChannels } from '../model/connectedChannels.ts'
import { find, findOrAdd, findOrAddBridge, type PbxState } from '../model/pbxState.ts'
import { inferFromBridge } from '../resync/inferCalls.ts'
import { updateConversation } from './conversation.ts'
import { leaveQueue } from './lifecycle.ts'
import { mergeCalls } from './merge.ts'
import { connectAgent, noteHolding, returnAgents, waitingAgent } from './waitingAgent.ts'

interface BridgeStep {
  readonly at: number
  readonly bridge: BridgeSnapshot
}

type BridgeEvent = BridgeStep & { readonly channel: ChannelSnapshot }

export function onBridgeEntered(pbx: PbxState, { channel: snapshot, ...step }: BridgeEvent): void {
  const channel = findOrAdd(pbx, snapshot)
  if (channel === null || isLateEntry(channel, step)) {
    return
  }
  joinBridge(pbx, channel, step)
}

// The channel has left that bridge since, or moved on.
function isLateEntry({ movedAt, lastLeft }: Channel, { at, bridge }: BridgeStep): boolean {
  return at < movedAt || (lastLeft?.bridgeId === bridge.id && at <= lastLeft.at)
}

/** Puts a channel into a bridge and joins the calls that are then connected. */
export function joinBridge(pbx: PbxState, channel: Channel, step: BridgeStep): void {
  const { at } = step
  const bridge = findOrAddBridge(pbx, step.bridge)
  if (channel.bridge !== bridge) {
    leaveBridge(pbx, channel, at)
  }
  channel.bridge = bridge
  channel.movedAt = at
  bridge.members.add(channel)
  if (bridge.kind === 'holding') {
    noteHolding(channel)
  }
  if (bridge.kind === 'talk') {
    mergeConnectedCalls(pbx, channel, at)
  }
  updateAfterMove(pbx, channel.call, at)
}

export function onBridgeLeft(pbx: PbxState, { at, channel: snapshot, bridge }: BridgeEvent): void {
  const channel = find(pbx, snapshot)
  if (channel?.bridge?.id !== bridge.id || at < channel.movedAt) {
    return
  }
  leaveBridge(pbx, channel, at)
}

export function onBridgeDestroyed(pbx: PbxState, { at, bridge: snapshot }: BridgeStep): void {
  const bridge = pbx.bridges.get(snapshot.id)
  if (bridge === undefined) {
    return
  }
  for (const member of [...bridge.members]) {
    leaveBridge(pbx, member, at)
  }
  pbx.bridges.delete(snapshot.id)
}

/** Takes a channel out of its bridge, if it is in one. */
export function leaveBridge(pbx: PbxState, channel: Channel, at: number): void {
  const { bridge } = channel
  if (bridge === null) {
    return
  }
  channel.bridge = null
  channel.movedAt = Math.max(channel.movedAt, at)
  channel.lastLeft = { bridgeId: bridge.id, at }
  bridge.members.delete(channel)
  // The next entry describes it again; the event of its end may be lost.
  if (bridge.members.size === 0) {
    pbx.bridges.delete(bridge.id)
  }
  const calls = new Set([channel.call])
  // In other bridges nobody was heard by the members that stay.
  if (bridge.kind === 'talk') {
    for (const member of bridge.members) {
      calls.add(member.call)
    }
  }
  for (const call of calls) {
    updateAfterMove(pbx, call, at)
  }
}

/** A channel that was bridged before it picked up has picked up: from now on it hears and is heard. */
export function onBridgedChannelAnswered(pbx: PbxState, channel: Channel, at: number): void {
  const calls = new Set<OpenCall>()
  for (const member of connectedChannels(pbx, channel).channels) {
    calls.add(member.call)
  }
  for (const call of calls) {
    updateAfterMove(pbx, call, at)
  }
}

function mergeConnectedCalls(pbx: PbxState, channel: Channel, at: number): void {
  const connected = connectedChannels(pbx, channel)
  if (connected.channels.size < 2) {
    return
  }
  const agents = new Set<LiveCall>()
  const isAgent = (one: OpenCall): boolean => one.stage === 'live' && agents.has(one)
  let { call } = channel
  let member = channel
  for (const other of connected.channels) {
    if (other.call === call || isAgent(other.call)) {
      continue
    }
    const agent = waitingAgent(call, other.call)
    if (agent !== null) {
      agents.add(agent)
    }
    if (agent === call) {
      member = other
    }
    call = agent === null ? mergeCalls(pbx, call, other.call, at) : member.call
  }
  if (call.stage === 'forming') {
    inferFromBridge(pbx, connected, at)
  }
  for (const agent of agents) {
    connectAgent(pbx, agent, member.call, at)
  }
}

function updateAfterMove(pbx: PbxState, call: OpenCall, at: number): void {
  returnAgents(pbx, call, at)
  updateConversation(pbx, call, at)
  const wait = currentQueueWait(call)
  const isAnswered = call.stage === 'live' && call.talking && call.answeredAt !== null
  if (wait !== null && isAnswered) {
    leaveQueue(call, wait, { outcome: 'answered', at })
  }
  pbx.changedCalls.add(call)
}
