// How channels end: who hung up, which attempts that cancels, and what a destroyed channel changes in its call.

import type { PbxEvent } from '../event.ts'
import { currentQueueWait, type LiveCall, type OpenCall, type QueueWait } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import { find, type PbxState, remove } from '../model/pbxState.ts'
import { leaveBridge } from './bridge.ts'
import { cancelOpenLegs, closeLeg } from './dial.ts'
import { leaveQueue } from './lifecycle.ts'

type Of<T extends PbxEvent['type']> = Extract<PbxEvent, { type: T }>

export function onHangupRequested(pbx: PbxState, event: Of<'HangupRequested'>): void {
  const channel = find(pbx, event.channel)
  if (channel === null || event.soft || channel.transferredAway || channel.name.kind !== 'party') {
    return
  }
  const { call } = channel
  const caller = call.stage === 'live' ? call.caller : null
  pbx.changedCalls.add(call)
  if (event.cause !== undefined) {
    channel.refusal ??= { cause: event.cause, techCause: event.techCause ?? null }
  }
  if (channel.talkingSince !== null) {
    call.hungUpBy = channel === caller ? 'caller' : 'callee'
  }
  if (!isHangupByParty(event) || isRefusal(call, channel)) {
    return
  }
  if (channel.ownCall !== null) {
    channel.ownCall.hungUpBy = 'caller'
  }
  cancelOpenLegs(call, channel)
  const wait = currentQueueWait(call)
  if (call.stage === 'live' && channel === caller) {
    onCallerHungUp(call, wait)
  } else if (call.legs.get(channel.id)?.answeredAt != null) {
    call.hungUpBy ??= 'callee'
  }
  if (wait !== null && (channel === caller || channel.id === wait.channelId)) {
    leaveQueue(call, wait, { outcome: 'abandoned', at: event.at })
  }
}

function onCallerHungUp(call: LiveCall, wait: QueueWait | null): void {
  call.hungUpBy ??= 'caller'
  if (call.answeredAt !== null || call.callerHungUpIn !== null) {
    return
  }
  call.callerHungUpIn = wait === null ? 'elsewhere' : 'queue'
}

// The first leg of an originated call that hangs up before it was picked up has refused the call.
function isRefusal(call: OpenCall, channel: Channel): boolean {
  if (call.stage !== 'live' || !call.originated || channel !== call.caller) {
    return false
  }
  return call.legs.get(channel.id)?.answeredAt === null
}

// The cause and the SIP status do not show whether the PBX or the party hung up: they may be left from an earlier leg or a Reason
// header.
function isHangupByParty({ channel }: Of<'HangupRequested'>): boolean {
  return !REFUSING_APPS.has(channel.app)
}

// Applications that refuse the caller or send it elsewhere: what follows looks like a hangup by the caller.
const REFUSING_APPS: ReadonlySet<string> = new Set(['Busy', 'Congestion', 'Transfer'])

export function onChannelDestroyed(
  pbx: PbxState,
  { at, channel: snapshot, cause, causeText }: Of<'ChannelDestroyed'>,
): void {
  const channel = find(pbx, snapshot)
  if (channel !== null) {
    endChannel(pbx, channel, { at, cause, causeText })
  }
}

/** A channel no longer exists: it leaves its bridge, its leg is closed, and the caller's cause becomes the call's. */
export function endChannel(
  pbx: PbxState,
  channel: Channel,
  end: { readonly at: number; readonly cause: number; readonly causeText: string },
): void {
  pbx.changedCalls.add(channel.call)
  leaveBridge(pbx, channel, end.at)
  const { call } = channel
  pbx.changedCalls.add(call)
  const leg = call.legs.get(channel.id)
  if (leg !== undefined) {
    closeLeg(call, leg, end)
  }
  if (call.stage === 'live' && channel === call.caller) {
    call.cause = end.cause
    call.causeText = end.causeText
  }
  remove(pbx, channel)
}
