// What each event of the PBX does to its state: one switch, one small function for each event.
//
// Never throws and assumes no order between topics: any event may be repeated, late, or about a destroyed channel, and then changes
// nothing. README.md describes the transitions in prose.

import type { ChannelEvent, ChannelSnapshot, DialStatus, PbxEvent } from '../event.ts'
import type { LiveCall, OpenCall } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import { describe, find, findOrAdd, type PbxState } from '../model/pbxState.ts'
import { onApplicationObserved, onApplicationStarted } from './application.ts'
import { onBridgeDestroyed, onBridgedChannelAnswered, onBridgeEntered, onBridgeLeft } from './bridge.ts'
import { updateHold } from './conversation.ts'
import { endDial, markAnswered, markProgress, openLeg } from './dial.ts'
import { onChannelDestroyed, onHangupRequested } from './hangup.ts'
import { startCall } from './lifecycle.ts'
import { mergeCalls } from './merge.ts'
import { pagerOf } from './paging.ts'
import { onAttendedTransfer, onBlindTransfer } from './transfer.ts'
import { onVariableSet } from './variable.ts'

type Of<T extends PbxEvent['type']> = Extract<PbxEvent, { type: T }>

export function applyEvent(pbx: PbxState, event: ChannelEvent): void {
  describeChannels(pbx, event)
  switch (event.type) {
    case 'ChannelCreated':
      return onChannelCreated(pbx, event)
    case 'ChannelStateChanged':
      return onStateChanged(pbx, event)
    case 'ApplicationEntered':
      return onApplicationEntered(pbx, event)
    case 'VariableSet':
      return onVariableSet(pbx, event)
    case 'Dialed':
      return onDialed(pbx, event)
    case 'HangupRequested':
      return onHangupRequested(pbx, event)
    case 'ChannelDestroyed':
      return onChannelDestroyed(pbx, event)
    case 'BridgeEntered':
      return onBridgeEntered(pbx, event)
    case 'BridgeLeft':
      return onBridgeLeft(pbx, event)
    case 'BridgeDestroyed':
      return onBridgeDestroyed(pbx, event)
    case 'Held':
    case 'Unheld':
      return onHoldChanged(pbx, event)
    case 'BlindTransferred':
      return onBlindTransfer(pbx, event)
    case 'AttendedTransferred':
      return onAttendedTransfer(pbx, event)
  }
}

// Every event contains a new description of its channels, the first of them with the application that it runs.
function describeChannels(pbx: PbxState, event: ChannelEvent): void {
  for (const snapshot of snapshotsOf(event)) {
    const channel = find(pbx, snapshot)
    if (channel !== null) {
      describe(pbx, channel, snapshot)
    }
  }
  const running = runningChannelOf(event)
  const channel = running === undefined ? null : find(pbx, running)
  if (channel !== null) {
    onApplicationObserved(pbx, channel, event.at)
  }
}

function snapshotsOf(event: ChannelEvent): readonly ChannelSnapshot[] {
  switch (event.type) {
    case 'Dialed':
      return [event.caller, event.peer, event.forwardedTo].flatMap((snapshot) => snapshot ?? [])
    case 'BlindTransferred':
      return [event.transferer]
    case 'AttendedTransferred':
      return [event.transferee, event.firstLeg, event.secondLeg, event.target].flatMap((snapshot) => snapshot ?? [])
    case 'BridgeDestroyed':
      return []
    default:
      return [event.channel]
  }
}

// The channel whose application may be new. ApplicationEntered handles it itself, and a destroyed channel runs none.
function runningChannelOf(event: ChannelEvent): ChannelSnapshot | undefined {
  if (event.type === 'ApplicationEntered' || event.type === 'ChannelDestroyed') {
    return undefined
  }
  if (event.type === 'Dialed') {
    return event.caller
  }
  return 'channel' in event ? event.channel : undefined
}

function onApplicationEntered(pbx: PbxState, { at, channel: snapshot }: Of<'ApplicationEntered'>): void {
  const channel = find(pbx, snapshot)
  if (channel !== null) {
    onApplicationStarted(pbx, channel, at)
  }
}

function onChannelCreated(pbx: PbxState, { channel: snapshot }: Of<'ChannelCreated'>): void {
  if (pbx.channels.has(snapshot.id)) {
    return
  }
  const channel = findOrAdd(pbx, snapshot)
  if (channel !== null) {
    startIfCallingPbx(pbx, channel)
  }
}

// Asterisk's `Ring`: the far end calls the PBX. A dialed channel is `Down`, then `Ringing`.
function startIfCallingPbx(pbx: PbxState, channel: Channel): void {
  if (channel.name.kind === 'party' && channel.snapshot.state === 'Ring') {
    startCall(pbx, channel, false)
  }
}

function onStateChanged(pbx: PbxState, { at, channel: snapshot }: Of<'ChannelStateChanged'>): void {
  const channel = find(pbx, snapshot)
  if (channel === null) {
    return
  }
  startIfCallingPbx(pbx, channel)
  const { call } = channel
  pbx.changedCalls.add(call)
  if (snapshot.state === 'Ringing') {
    channel.ringingAt ??= at
    const leg = call.legs.get(channel.id)
    if (leg !== undefined) {
      markProgress(call, leg, { ringing: true, at })
    }
  }
  if (snapshot.state !== 'Up' || channel.upAt !== null) {
    return
  }
  channel.upAt = at
  if (call.stage === 'live' && isPbxAnswer(call, channel)) {
    call.answeredByPbx = true
  }
  if (channel.bridge !== null) {
    onBridgedChannelAnswered(pbx, channel, at)
  }
}

// The caller's channel is up, and no party has answered: the PBX itself did.
function isPbxAnswer(call: LiveCall, channel: Channel): boolean {
  return channel === call.caller && !call.originated && call.answeredAt === null
}

function onDialed(pbx: PbxState, event: Of<'Dialed'>): void {
  const { at, status } = event
  const peer = findOrAdd(pbx, event.peer)
  if (peer === null) {
    return
  }
  const pager = event.caller === undefined ? pagerOf(pbx.pagers, peer) : null
  const dialer = event.caller === undefined ? pager : findOrAdd(pbx, event.caller)
  if (dialer === null) {
    startIfOriginated(pbx, event, peer)
  }
  const call = dialer === null ? peer.call : mergeCalls(pbx, dialer.call, peer.call, at)
  pbx.changedCalls.add(call)
  const leg = openLeg(pbx, call, { peer, dialer, dialString: event.dialString, at, paged: pager !== null })
  if (event.forwardedTo !== undefined) {
    leg.forwarded = true
    const next = findOrAdd(pbx, event.forwardedTo)
    if (next !== null) {
      mergeCalls(pbx, call, next.call, at)
    }
  }
  applyDialStatus(call, leg.id, { status, at })
  if (status === 'answer' && dialer?.name.kind === 'local') {
    setCallerToFirstAnswer(call, peer)
  }
}

// A Dial event without a caller means that the call was originated: by an application, AMI or the CLI. Two exceptions: the caller's
// channel is destroyed already, and the Local channel of a transfer by DTMF, which never gets the begin of a dial.
function startIfOriginated(pbx: PbxState, event: Of<'Dialed'>, peer: Channel): void {
  const begins = peer.name.kind === 'party' || event.status === 'trying'
  if (event.caller === undefined && begins) {
    startCall(pbx, peer, true)
  }
}

function applyDialStatus(
  call: OpenCall,
  legId: string,
  step: { readonly status: DialStatus; readonly at: number },
): void {
  const leg = call.legs.get(legId)
  if (leg === undefined) {
    return
  }
  switch (step.status) {
    case 'trying':
    case 'proceeding':
      return
    case 'progress':
      return markProgress(call, leg, { ringing: false, at: step.at })
    case 'ringing':
      return markProgress(call, leg, { ringing: true, at: step.at })
    case 'answer':
      return markAnswered(call, leg, step.at)
    default:
      return endDial(leg, step.status, step.at)
  }
}

// A call that was originated through a Local channel to a group: the first who picks up is the caller.
function setCallerToFirstAnswer(call: OpenCall, peer: Channel): void {
  if (call.stage !== 'live' || !call.originated || call.answeredAt !== null) {
    return
  }
  const leg = call.legs.get(peer.id)
  const callerLeg = call.caller === null ? undefined : call.legs.get(call.caller.id)
  if (leg === undefined || callerLeg?.answeredAt != null) {
    return
  }
  if (callerLeg !== undefined) {
    callerLeg.role = 'callee'
  }
  leg.role = 'caller'
  call.caller = peer
}

function onHoldChanged(pbx: PbxState, { type, at, channel: snapshot }: Of<'Held' | 'Unheld'>): void {
  const channel = find(pbx, snapshot)
  if (channel === null || at < channel.heldChangedAt) {
    return
  }
  channel.held = type === 'Held'
  channel.heldChangedAt = at
  updateHold(channel.call, at)
  pbx.changedCalls.add(channel.call)
}
