// Calls whose beginning was not observed: found in a snapshot, or in a bridge.
//
// A snapshot shows which channels exist and which share a bridge, but not who dialed whom. That is inferred from the application of a
// channel (a dialed one runs `AppDial`, `AppQueue`, `AppDial2`), from the number it is connected with, and from the targets of the
// caller's `Dial`. A dialed channel whose caller is not found waits for an event that names it.

import { currentQueueWait, type LiveCall, newQueueWait } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import { type ConnectedChannels, parties } from '../model/connectedChannels.ts'
import type { PbxState } from '../model/pbxState.ts'
import { markAnswered, markProgress, openLeg, settleDirection } from '../transitions/dial.ts'
import { startCall } from '../transitions/lifecycle.ts'
import { mergeCalls } from '../transitions/merge.ts'
import { queueNameOf } from '../transitions/queue.ts'
import { type Dialers, findDialers } from './inferDialers.ts'

/** Starts a call for parties of unknown origin that hear each other. */
export function inferFromBridge(pbx: PbxState, connected: ConnectedChannels, at: number): void {
  const talkers = parties(connected).sort(byAge)
  if (talkers.length < 2 && !connected.conference) {
    return
  }
  const unknown = [...connected.channels].filter((channel) => channel.call.stage === 'forming')
  const oldest = talkers.find((talker) => talker.call.stage === 'forming')
  if (inferFromChannels(pbx, unknown) || oldest === undefined) {
    return
  }
  // All were dialed: the caller is on hold elsewhere, or was transferred away, and then the oldest counts as the origin.
  const dialed = unknown.filter(isDialed)
  const dialers = dialed.length === 0 ? null : dialersOf(pbx)
  const [dialer] = dialed.flatMap((channel) => dialers?.of(channel) ?? [])
  if (dialer !== undefined) {
    mergeCalls(pbx, dialer.call, oldest.call, at)
  } else {
    startInferred(pbx, oldest)
  }
}

/** Starts the call of channels that belong together; false if none of them can be its origin. Channels in `dialed` cannot. */
export function inferFromChannels(
  pbx: PbxState,
  channels: readonly Channel[],
  dialed: ReadonlySet<Channel> = new Set(),
): boolean {
  const origin = channels.filter((channel) => canBeOrigin(channel) && !dialed.has(channel)).sort(byAge)[0]
  if (origin === undefined || origin.call.stage !== 'forming') {
    return false
  }
  startInferred(pbx, origin)
  return true
}

function startInferred(pbx: PbxState, origin: Channel): void {
  const call = startCall(pbx, origin, origin.snapshot.app === 'AppDial2' || origin.name.kind === 'local')
  if (call === null) {
    return
  }
  if (origin.upAt !== null) {
    call.answeredByPbx = true
  }
  for (const channel of call.channels) {
    applyDialplanState(pbx, call, channel)
  }
}

/** Merges dialed channels that are in no bridge yet with their callers' calls; returns those channels. */
export function* inferDialedCalls(
  pbx: PbxState,
  added: readonly Channel[],
  at: number,
): Generator<void, ReadonlySet<Channel>> {
  const dialed = new Set<Channel>()
  const dialers = dialersOf(pbx)
  for (const peer of added) {
    yield
    if (peer.name.kind === 'internal' || peer.bridge !== null || peer.call.stage !== 'forming') {
      continue
    }
    const dialer = dialers.of(peer)
    if (dialer === null) {
      continue
    }
    mergeCalls(pbx, dialer.call, peer.call, at)
    dialed.add(peer)
  }
  return dialed
}

// While a snapshot is applied they are known; otherwise they are computed.
function dialersOf(pbx: PbxState): Dialers {
  return pbx.dialers ?? findDialers(pbx.channels.values())
}

/** Merges paged phones with their pagers' calls: the pager is in a conference by then, and each phone shows the pager's number. */
export function* inferPagedCalls(pbx: PbxState, added: readonly Channel[], at: number): Generator<void, void> {
  const pagers = added.filter(({ snapshot }) => snapshot.app === 'Page' || snapshot.app === 'ConfBridge')
  const byNumber = new Map<string, Channel>()
  // If several have the same number, the first one counts.
  for (const pager of pagers.reverse()) {
    byNumber.set(pager.snapshot.callerNumber, pager)
  }
  for (const peer of added) {
    yield
    const pager = byNumber.get(peer.snapshot.connectedNumber)
    if (pager === undefined || !isPagedBy(pager, peer)) {
      continue
    }
    const call = mergeCalls(pbx, pager.call, peer.call, at)
    const leg = openLeg(pbx, call, { peer, dialer: null, dialString: '', at: peer.createdAt, paged: true })
    if (peer.snapshot.state === 'Ringing') {
      markProgress(call, leg, { ringing: true, at: peer.createdAt })
    } else if (peer.upAt !== null) {
      markAnswered(call, leg, peer.upAt)
    }
  }
}

function isPagedBy(pager: Channel, peer: Channel): boolean {
  const isPaged = peer.snapshot.app === 'AppDial2' || peer.snapshot.app === 'ConfBridge'
  return isPaged && pager.arrival < peer.arrival && pager.snapshot.callerNumber !== ''
}

/** Applies what a channel's application says of its call, as if the events before it had been observed. */
export function applyDialplanState(pbx: PbxState, call: LiveCall, channel: Channel): void {
  const { app, state } = channel.snapshot
  if (app === 'VoiceMail') {
    call.voicemail = true
  }
  if (app === 'Queue' && currentQueueWait(call) === null && channel.talkingSince === null) {
    call.queueWaits.push(
      newQueueWait({ queue: queueNameOf(channel), channelId: channel.id, enteredAt: channel.createdAt }),
    )
    settleDirection(call, null)
  }
  if (channel === call.caller || !isDialed(channel)) {
    return
  }
  const leg = openLeg(pbx, call, { peer: channel, dialer: null, dialString: '', at: channel.createdAt })
  if (state === 'Ringing') {
    markProgress(call, leg, { ringing: true, at: channel.createdAt })
  }
  if (channel.talkingSince !== null) {
    markAnswered(call, leg, channel.talkingSince)
  }
}

function isDialed(channel: Channel): boolean {
  return channel.name.kind !== 'internal' && (channel.snapshot.app === 'AppDial' || channel.snapshot.app === 'AppQueue')
}

// A channel that is still Down is about to be dialed; wait for its Dial event. A Local channel starts a call only if it was originated.
function canBeOrigin(channel: Channel): boolean {
  if (channel.name.kind === 'local') {
    return isOriginatedHalf(channel)
  }
  return !isDialed(channel) && channel.snapshot.state !== 'Down'
}

// The first half of a Local pair runs an application only when it was originated and then sent into the dialplan.
function isOriginatedHalf({ snapshot: { app, name } }: Channel): boolean {
  return app === 'AppDial2' || (name.endsWith(';1') && app !== '' && app !== 'AppDial' && app !== 'AppQueue')
}

function byAge(one: Channel, other: Channel): number {
  return one.arrival - other.arrival
}
