// What each event of the PBX does to the world. One switch, one small function an event.
//
// Never throws and never assumes an order between topics: every step may come twice, late, or for a channel that is
// already gone, and then changes nothing. Meaning of the steps: README.md, state chart in prose.

import { parseQuality } from '../asterisk/rtpStats.ts'
import type { ChannelEvent, DialStatus, PbxEvent } from '../event.ts'
import { type Call, currentStay, type QueueStay } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import { find, findOrAdd, remove, type World } from '../model/pbxState.ts'
import {
  applicationEntered,
  applicationSeen,
  availabilityTold,
  deviceStateTold,
  dialStatusTold,
} from './application.ts'
import { bridgeGone, enter, heardFromNowOn, leave, part } from './bridge.ts'
import { settleHold } from './conversation.ts'
import { cancelOpenLegs, closeLeg, endDial, openLeg, pickUp, showLife } from './dial.ts'
import { leaveQueue, startCall } from './lifecycle.ts'
import { join } from './merge.ts'
import { pagerOf } from './paging.ts'
import { queueEntered, queueStatusTold } from './queue.ts'
import { attendedTransferred, blindTransferred } from './transfer.ts'

type Of<T extends PbxEvent['type']> = Extract<PbxEvent, { type: T }>

export function evolve(world: World, event: ChannelEvent): void {
  seeApplications(world, event)
  switch (event.type) {
    case 'ChannelCreated':
      return created(world, event)
    case 'ChannelStateChanged':
      return stateChanged(world, event)
    case 'ApplicationEntered':
      return entersApplication(world, event)
    case 'VariableSet':
      return variableSet(world, event)
    case 'Dialed':
      return dialed(world, event)
    case 'HangupRequested':
      return hangupRequested(world, event)
    case 'ChannelDestroyed':
      return destroyed(world, event)
    case 'BridgeEntered':
      return enter(world, event)
    case 'BridgeLeft':
      return leave(world, event)
    case 'BridgeDestroyed':
      return bridgeGone(world, event)
    case 'Held':
    case 'Unheld':
      return held(world, event)
    case 'BlindTransferred':
      return blindTransferred(world, event)
    case 'AttendedTransferred':
      return attendedTransferred(world, event)
  }
}

// Every event describes its channel anew, and with it the application that the channel is in.
function seeApplications(world: World, event: ChannelEvent): void {
  if (event.type === 'ApplicationEntered' || event.type === 'ChannelDestroyed') return
  const snapshot = 'channel' in event ? event.channel : event.type === 'Dialed' ? event.caller : undefined
  const channel = snapshot === undefined ? null : find(world, snapshot)
  if (channel !== null) applicationSeen(world, channel, event.at)
}

function entersApplication(world: World, { at, channel: snapshot }: Of<'ApplicationEntered'>): void {
  const channel = find(world, snapshot)
  if (channel !== null) applicationEntered(world, channel, at)
}

function created(world: World, { channel: snapshot }: Of<'ChannelCreated'>): void {
  if (world.channels.has(snapshot.id)) return
  const channel = findOrAdd(world, snapshot)
  if (channel !== null) callsThePbx(world, channel)
}

// Asterisk's `Ring`: the far end is calling us. A dialed channel is `Down`, then `Ringing`.
function callsThePbx(world: World, channel: Channel): void {
  if (channel.name.kind === 'party' && channel.snapshot.state === 'Ring') startCall(world, channel, false)
}

function stateChanged(world: World, { at, channel: snapshot }: Of<'ChannelStateChanged'>): void {
  const channel = find(world, snapshot)
  if (channel === null) return
  const { call } = channel
  world.touched.add(call)
  callsThePbx(world, channel)
  if (snapshot.state === 'Ringing') {
    channel.ringingAt ??= at
    const leg = call.legs.get(channel.id)
    if (leg !== undefined) showLife(call, leg, { ringing: true, at })
  }
  if (snapshot.state !== 'Up' || channel.upAt !== null) return
  channel.upAt = at
  if (channel === call.caller && !call.originated && call.answeredAt === null) call.servedByPbx = true
  // Bridged before it was picked up: only now it is heard.
  if (channel.bridge !== null) heardFromNowOn(world, channel, at)
}

function variableSet(world: World, { at, channel: snapshot, variable, value }: Of<'VariableSet'>): void {
  const channel = find(world, snapshot)
  if (channel === null) return
  const { call } = channel
  switch (variable) {
    // Queue no longer holds the caller; why it does not may be told after that.
    case 'ABANDONED': {
      const stay = currentStay(call)
      if (stay?.channelId === channel.id) stay.abandonedAt ??= at
      break
    }
    // Set on both channels of the call that is transferred, before anybody moves.
    case 'ATTENDEDTRANSFER': {
      call.isTransferred = true
      break
    }
    case 'AVAILORIGCHAN': {
      availabilityTold(world, channel, value)
      break
    }
    case 'AVAILSTATUS': {
      deviceStateTold(world, channel, value)
      break
    }
    case 'DIALSTATUS': {
      dialStatusTold(world, channel, { status: value, at })
      break
    }
    // Queue empties it when a caller enters: the only word of that after a redirect into the queue the channel was in.
    case 'QUEUEWAIT': {
      if (value === '' && snapshot.app === 'Queue') queueEntered(world, channel, at, { certain: true })
      break
    }
    case 'QUEUESTATUS': {
      queueStatusTold(call, value, at)
      break
    }
    case 'RTPAUDIOQOS': {
      channel.quality ??= parseQuality(value)
      break
    }
  }
  world.touched.add(call)
}

function dialed(world: World, event: Of<'Dialed'>): void {
  const { at, status } = event
  const peer = findOrAdd(world, event.peer)
  if (peer === null) return
  const pager = event.caller === undefined ? pagerOf(world.pagers, peer) : null
  const dialer = event.caller === undefined ? pager : findOrAdd(world, event.caller)
  const call = dialer !== null ? join(world, dialer.call, peer.call, at) : calledBy(world, event, peer)
  world.touched.add(call)
  if (call.stage === 'ended') return
  const leg = openLeg(world, call, { peer, dialer, dialString: event.dialString, at, paged: pager !== null })
  if (event.forwardedTo !== undefined) {
    leg.forwarded = true
    const next = findOrAdd(world, event.forwardedTo)
    if (next !== null) join(world, call, next.call, at)
  }
  dialStep(call, leg.id, { status, at })
  if (status === 'answer' && call.originated && dialer?.name.kind === 'local') firstPickedUp(call, peer)
}

// A dial without a caller: an application, AMI or the CLI has the PBX call somebody. A caller that is gone is no such, nor
// is the Local channel of a transfer by keys: it rings, and is in a bridge a moment before or after, but no dial began it.
function calledBy(world: World, event: Of<'Dialed'>, peer: Channel): Call {
  const begins = peer.name.kind === 'party' || event.status === 'trying'
  if (event.caller === undefined && begins && peer.call.stage === 'forming') {
    startCall(world, peer, true)
  }
  return peer.call
}

function dialStep(call: Call, legId: string, step: { readonly status: DialStatus; readonly at: number }): void {
  const leg = call.legs.get(legId)
  if (leg === undefined) return
  switch (step.status) {
    case 'trying':
    case 'proceeding':
      return
    case 'progress':
      return showLife(call, leg, { ringing: false, at: step.at })
    case 'ringing':
      return showLife(call, leg, { ringing: true, at: step.at })
    case 'answer':
      return pickUp(call, leg, step.at)
    default:
      return endDial(leg, step.status, step.at)
  }
}

// Originated through a Local channel to a group: whoever picks up first is the calling side.
function firstPickedUp(call: Call, peer: Channel): void {
  const leg = call.legs.get(peer.id)
  const callerLeg = call.caller === null ? undefined : call.legs.get(call.caller.id)
  if (leg === undefined || callerLeg?.answeredAt != null || call.answeredAt !== null) return
  if (callerLeg !== undefined) callerLeg.role = 'callee'
  leg.role = 'caller'
  call.caller = peer
}

function hangupRequested(world: World, event: Of<'HangupRequested'>): void {
  const channel = find(world, event.channel)
  if (channel === null || event.soft || channel.released || channel.name.kind !== 'party') return
  const { call } = channel
  world.touched.add(call)
  if (event.cause !== undefined) channel.hangup ??= { cause: event.cause, techCause: event.techCause ?? null }
  if (channel.talkingSince !== null) call.hangup = channel === call.caller ? 'caller' : 'callee'
  if (!isOwnAct(event) || isRefusal(call, channel)) return
  if (channel.ownCall !== null) channel.ownCall.hangup = 'caller'
  cancelOpenLegs(call, channel)
  const stay = currentStay(call)
  if (channel === call.caller) callerLeaves(call, stay)
  else if (call.legs.get(channel.id)?.answeredAt != null) call.hangup ??= 'callee'
  if (stay !== null && (channel === call.caller || channel.id === stay.channelId))
    leaveQueue(call, stay, { outcome: 'abandoned', at: event.at })
}

function callerLeaves(call: Call, stay: QueueStay | null): void {
  call.hangup ??= 'caller'
  if (call.answeredAt !== null || call.callerLeft !== null) return
  call.callerLeft = stay === null ? 'elsewhere' : 'queue'
}

// The first leg of an originated call that hangs up before it has picked up was called, and refuses.
function isRefusal(call: Call, channel: Channel): boolean {
  return call.originated && channel === call.caller && call.legs.get(channel.id)?.answeredAt === null
}

// No cause or SIP status tells the PBX's act from the caller's own: the channel still carries those of an earlier leg, or of a
// Reason header.
function isOwnAct({ channel }: Of<'HangupRequested'>): boolean {
  return !SENDING_AWAY.has(channel.app)
}

// Applications that send the caller away: what follows looks like the caller's own hang-up.
const SENDING_AWAY: ReadonlySet<string> = new Set(['Busy', 'Congestion', 'Transfer'])

function destroyed(world: World, { at, channel: snapshot, cause, causeText }: Of<'ChannelDestroyed'>): void {
  const channel = find(world, snapshot)
  if (channel === null) return
  channelGone(world, channel, { at, cause, causeText })
}

/** A channel is no more: it leaves its bridge, its leg is closed, and what it was to its call is noted. */
export function channelGone(
  world: World,
  channel: Channel,
  end: { readonly at: number; readonly cause: number; readonly causeText: string },
): void {
  world.touched.add(channel.call)
  part(world, channel, end.at)
  const { call } = channel
  world.touched.add(call)
  const leg = call.legs.get(channel.id)
  if (leg !== undefined) closeLeg(call, leg, end)
  if (channel === call.caller) {
    call.cause = end.cause
    call.causeText = end.causeText
  }
  remove(world, channel)
}

function held(world: World, { type, at, channel: snapshot }: Of<'Held' | 'Unheld'>): void {
  const channel = find(world, snapshot)
  if (channel === null || at < channel.heldChangedAt) return
  channel.held = type === 'Held'
  channel.heldChangedAt = at
  settleHold(channel.call, at)
  world.touched.add(channel.call)
}
