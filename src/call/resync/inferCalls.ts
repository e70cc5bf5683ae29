// Calls that began where we could not see: found in a snapshot, or met in a bridge.
//
// A snapshot tells which channels live and who shares a bridge, never who dialed whom. That is concluded from the
// application a channel is in (a dialed channel says `AppDial`, `AppQueue`, `AppDial2`), from whom it is connected with,
// and from what the caller's `Dial` names. A dialed channel whose caller cannot be found waits until an event tells.

import { type Call, currentStay, newStay } from '../model/call.ts'
import type { Channel } from '../model/channel.ts'
import type { World } from '../model/pbxState.ts'
import { type Circle, parties } from '../transitions/conversation.ts'
import { aim, openLeg, pickUp, showLife } from '../transitions/dial.ts'
import { startCall } from '../transitions/lifecycle.ts'
import { join } from '../transitions/merge.ts'
import { queueNameOf } from '../transitions/queue.ts'
import { type Dialers, findDialers } from './inferDialers.ts'

/** Parties that nobody knew of hear each other: that is a call, and it is under way. */
export function adoptMeeting(world: World, circle: Circle, at: number): void {
  const talkers = parties(circle).sort(byAge)
  if (talkers.length < 2 && !circle.conference) return
  const unknown = [...circle.channels].filter((channel) => channel.call.stage === 'forming')
  const oldest = talkers.find((talker) => talker.call.stage === 'forming')
  if (adoptCall(world, unknown) || oldest === undefined) return
  // Only dialed ones: the caller is on hold elsewhere, or was transferred away and the oldest begins the call instead.
  const dialed = unknown.filter(isDialed)
  const dialers = dialed.length === 0 ? null : dialersOf(world)
  const [dialer] = dialed.flatMap((channel) => dialers?.of(channel) ?? [])
  if (dialer !== undefined) join(world, dialer.call, oldest.call, at)
  else begin(world, oldest)
}

/** Starts the call of channels that belong together; false when none of them can have begun it, as those `dialed` cannot. */
export function adoptCall(
  world: World,
  channels: readonly Channel[],
  dialed: ReadonlySet<Channel> = new Set(),
): boolean {
  const origin = channels.filter((channel) => canBeOrigin(channel) && !dialed.has(channel)).sort(byAge)[0]
  if (origin === undefined || origin.call.stage !== 'forming') return false
  begin(world, origin)
  return true
}

function begin(world: World, origin: Channel): void {
  startCall(world, origin, origin.snapshot.app === 'AppDial2' || origin.name.kind === 'local')
  const { call } = origin
  if (origin.upAt !== null) call.servedByPbx = true
  for (const channel of call.channels) describe(world, call, channel)
}

/** Finds the callers of dialed channels that share no bridge with anybody yet; returns those channels. */
export function adoptRinging(world: World, fresh: readonly Channel[], at: number): ReadonlySet<Channel> {
  const dialed = new Set<Channel>()
  const dialers = dialersOf(world)
  for (const peer of fresh) {
    if (peer.name.kind === 'plumbing' || peer.bridge !== null || peer.call.stage !== 'forming') continue
    const dialer = dialers.of(peer)
    if (dialer === null) continue
    join(world, dialer.call, peer.call, at)
    dialed.add(peer)
  }
  return dialed
}

// Those that a snapshot has filed; outside of one they are looked for anew.
function dialersOf(world: World): Dialers {
  return world.dialers ?? findDialers(world.channels.values())
}

/** Paged phones, with whoever pages them: the pager is in a conference by then, and each phone shows the pager's number. */
export function adoptPaged(world: World, fresh: readonly Channel[], at: number): void {
  const pagers = fresh.filter(({ snapshot }) => snapshot.app === 'Page' || snapshot.app === 'ConfBridge')
  const byNumber = new Map<string, Channel>()
  // Of one number the one that came first.
  for (const pager of pagers.reverse()) byNumber.set(pager.snapshot.callerNumber, pager)
  for (const peer of fresh) {
    const pager = byNumber.get(peer.snapshot.connectedNumber)
    if (pager === undefined || !pages(pager, peer)) continue
    const call = join(world, pager.call, peer.call, at)
    const leg = openLeg(world, call, { peer, dialer: null, dialString: '', at: peer.createdAt, paged: true })
    if (peer.snapshot.state === 'Ringing') showLife(call, leg, { ringing: true, at: peer.createdAt })
    else if (peer.upAt !== null) pickUp(call, leg, peer.upAt)
  }
}

function pages(pager: Channel, peer: Channel): boolean {
  const isPaged = peer.snapshot.app === 'AppDial2' || peer.snapshot.app === 'ConfBridge'
  return isPaged && pager.arrival < peer.arrival && pager.snapshot.callerNumber !== ''
}

/** What an adopted channel's place in the dialplan tells of its call. */
export function describe(world: World, call: Call, channel: Channel): void {
  const { app, state } = channel.snapshot
  if (app === 'VoiceMail') call.voicemail = true
  if (app === 'Queue' && currentStay(call) === null && channel.talkingSince === null) {
    call.stays.push(newStay({ queue: queueNameOf(channel), channelId: channel.id, enteredAt: channel.createdAt }))
    aim(world, call, null)
  }
  if (channel === call.caller || !isDialed(channel)) return
  const leg = openLeg(world, call, { peer: channel, dialer: null, dialString: '', at: channel.createdAt })
  if (state === 'Ringing') showLife(call, leg, { ringing: true, at: channel.createdAt })
  if (channel.talkingSince !== null) pickUp(call, leg, channel.talkingSince)
}

function isDialed(channel: Channel): boolean {
  return channel.name.kind !== 'plumbing' && (channel.snapshot.app === 'AppDial' || channel.snapshot.app === 'AppQueue')
}

// One that is `Down` was only just made: who dials it will be told. A Local half begins a call only when originated.
function canBeOrigin(channel: Channel): boolean {
  if (channel.name.kind === 'local') return isOriginatedHalf(channel)
  return !isDialed(channel) && channel.snapshot.state !== 'Down'
}

// The first half of a Local pair runs no application but when it was originated and then sent into the dialplan.
function isOriginatedHalf({ snapshot: { app, name } }: Channel): boolean {
  return app === 'AppDial2' || (name.endsWith(';1') && app !== '' && app !== 'AppDial' && app !== 'AppQueue')
}

function byAge(one: Channel, other: Channel): number {
  return one.arrival - other.arrival
}
