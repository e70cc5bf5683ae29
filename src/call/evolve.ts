// What each event of the PBX does to the world. One switch, one small function an event.
//
// Never throws and never assumes an order between topics: every step may come twice, late, or for a channel that is
// already gone, and then changes nothing. Meaning of the steps: README.md, state chart in prose.

import { type Call, type Channel, currentStay, type QueueStay } from './call.ts'
import { leaveQueue, startCall } from './ending.ts'
import type { DialStatus, PbxEvent } from './event.ts'
import { join } from './join.ts'
import { cancelOpenLegs, closeLeg, endDial, legsWithoutChannel, openLeg, pickUp, showLife } from './leg.ts'
import { bridgeGone, enter, leave, part } from './meeting.ts'
import { parseQuality } from './quality.ts'
import { queueEntered, queueStatusTold } from './queue.ts'
import { settleHold } from './talk.ts'
import { find, findOrAdd, remove, type World } from './world.ts'

type Of<T extends PbxEvent['type']> = Extract<PbxEvent, { type: T }>

/** The events that tell of single channels; snapshots and gaps are reconciled in reconcile.ts. */
export type ChannelEvent = Exclude<
  PbxEvent,
  { type: 'SightLost' | 'SnapshotTaken' | 'CallsRemembered' | 'EndpointChanged' | 'ContactChanged' }
>

export function evolve(world: World, event: ChannelEvent): void {
  switch (event.type) {
    case 'ChannelCreated':
      return created(world, event)
    case 'ChannelStateChanged':
      return stateChanged(world, event)
    case 'ApplicationEntered':
      return applicationEntered(world, event)
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
}

function applicationEntered(world: World, { at, channel: snapshot }: Of<'ApplicationEntered'>): void {
  const channel = find(world, snapshot)
  if (channel === null) return
  const { call } = channel
  world.touched.add(call)
  if (channel === call.origin && call.originated) namesCallee(call, channel)
  const stay = currentStay(call)
  if (snapshot.app === 'Queue') return queueEntered(world, channel, at)
  if (stay?.channelId === channel.id && at > stay.enteredAt) leaveQueue(call, stay, { outcome: 'exited', at })
  if (snapshot.app === 'VoiceMail') call.voicemail = true
  if (snapshot.app === 'Dial') channel.dialingSince = Math.max(channel.dialingSince, at)
}

// An originated call goes to the extension that its first leg is sent to.
function namesCallee(call: Call, channel: Channel): void {
  const { exten, app } = channel.snapshot
  if (exten === '' || exten === 's' || app.startsWith('AppDial') || call.callee !== call.callerEndpoint) return
  call.callee = exten
  call.due.changed = true
}

function variableSet(world: World, { at, channel: snapshot, variable, value }: Of<'VariableSet'>): void {
  const channel = find(world, snapshot)
  if (channel === null) return
  const { call } = channel
  switch (variable) {
    case 'DIALSTATUS': {
      if (snapshot.app === 'Dial') legsWithoutChannel(world, channel, { status: value, at })
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
  const dialer = event.caller === undefined ? null : findOrAdd(world, event.caller)
  const peer = findOrAdd(world, event.peer)
  if (peer === null) return
  const call = dialer !== null ? join(world, dialer.call, peer.call, at) : calledBy(world, event, peer)
  world.touched.add(call)
  if (call.stage === 'ended') return
  const leg = openLeg(world, call, { peer, dialer, dialString: event.dialString, at })
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
      return pickUp(leg, step.at)
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
  channel.hangupCause ??= event.cause ?? null
  if (channel.talkingSince !== null) call.hangup = channel === call.caller ? 'caller' : 'callee'
  if (!isOwnAct(event)) return
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

// Busy() and Congestion() look like the far end's doing, but carry the refusal that Asterisk sent. A CANCEL is 487.
function isOwnAct({ channel, techCause }: Of<'HangupRequested'>): boolean {
  const refused = techCause !== undefined && techCause >= 300 && techCause !== 487
  return !refused && channel.app !== 'Busy' && channel.app !== 'Congestion'
}

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
  const { call } = channel
  world.touched.add(call)
  part(world, channel, end.at)
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

function blindTransferred(world: World, event: Of<'BlindTransferred'>): void {
  const transferer = find(world, event.transferer)
  if (transferer === null) return
  transferred(world, transferer.call, `blind ${transferer.id}`)
  transferer.released = true
}

function attendedTransferred(world: World, event: Of<'AttendedTransferred'>): void {
  const { at, firstLeg, secondLeg, transferee, target } = event
  const told = [transferee, firstLeg, secondLeg, target].flatMap((snapshot) => snapshot ?? [])
  const channels = told.flatMap((snapshot) => find(world, snapshot) ?? [])
  const [first, ...others] = channels
  if (first === undefined) return
  let { call } = first
  for (const other of others) call = join(world, call, other.call, at)
  transferred(world, call, `attended ${firstLeg.id} ${secondLeg.id}`)
  for (const channel of channels) if (channel.id === firstLeg.id || channel.id === secondLeg.id) channel.released = true
}

function transferred(world: World, call: Call, key: string): void {
  world.touched.add(call)
  if (call.transferKeys.includes(key)) return
  call.transferKeys.push(key)
  call.transfers += 1
  call.due.changed = true
}
