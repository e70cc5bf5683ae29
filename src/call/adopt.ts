// Calls that began where we could not see: found in a snapshot, or met in a bridge.
//
// A snapshot tells which channels live and who shares a bridge, never who dialed whom. That is concluded from the
// application a channel is in (a dialed channel says `AppDial`, `AppQueue`, `AppDial2`), from whom it is connected with,
// and from what the caller's `Dial` names. A dialed channel whose caller cannot be found waits until an event tells.

import { type Call, type Channel, currentStay } from './call.ts'
import { dialTargets } from './channelName.ts'
import { startCall } from './ending.ts'
import { join } from './join.ts'
import { aim, openLeg, pickUp, showLife } from './leg.ts'
import { queueNameOf } from './queue.ts'
import { type Circle, parties } from './talk.ts'
import type { World } from './world.ts'

/** Parties that nobody knew of hear each other: that is a call, and it is under way. */
export function adoptMeeting(world: World, circle: Circle): void {
  const talkers = parties(circle).sort(byAge)
  if (talkers.length < 2 && !circle.conference) return
  // Only dialed ones left: the caller transferred himself away. The oldest stands for him.
  if (!adoptCall(world, [...circle.channels]) && talkers[0] !== undefined) begin(world, talkers[0])
}

/** Starts the call of channels that belong together; false when none of them can have begun it. */
export function adoptCall(world: World, channels: readonly Channel[]): boolean {
  const origin = channels.filter(canBeOrigin).sort(byAge)[0]
  if (origin === undefined || origin.call.stage !== 'forming') return false
  begin(world, origin)
  return true
}

function begin(world: World, origin: Channel): void {
  startCall(world, origin, origin.snapshot.app === 'AppDial2')
  const { call } = origin
  if (origin.upAt !== null) call.servedByPbx = true
  for (const channel of call.channels) describe(world, call, channel)
}

/** Finds the callers of dialed channels that share no bridge with anybody yet. */
export function adoptRinging(world: World, dialed: readonly Channel[], at: number): void {
  for (const peer of dialed) {
    if (!isDialed(peer) || peer.bridge !== null || peer.call.stage !== 'forming') continue
    const dialer = dialerOf(world, peer)
    if (dialer !== null) join(world, dialer.call, peer.call, at)
  }
}

// Two who dial one phone at a time are told apart by the number that it shows. A guess would make one call of two.
function dialerOf(world: World, peer: Channel): Channel | null {
  const able = [...world.channels.values()].filter((one) => mayHaveDialed(one, peer))
  const shown = able.filter((one) => one.snapshot.callerNumber === peer.snapshot.connectedNumber)
  const [dialer, another] = shown.length > 0 ? shown : able
  return another === undefined ? (dialer ?? null) : null
}

/** What an adopted channel's place in the dialplan tells of its call. */
export function describe(world: World, call: Call, channel: Channel): void {
  const { app, state } = channel.snapshot
  if (app === 'VoiceMail') call.voicemail = true
  if (app === 'Queue' && currentStay(call) === null && channel.talkingSince === null) {
    call.stays.push({
      queue: queueNameOf(channel),
      channelId: channel.id,
      enteredAt: channel.createdAt,
      outcome: null,
      leftAt: null,
    })
    aim(world, call, null)
  }
  if (channel === call.caller || !isDialed(channel)) return
  const leg = openLeg(world, call, { peer: channel, dialer: null, dialString: '', at: channel.createdAt })
  if (state === 'Ringing') showLife(call, leg, { ringing: true, at: channel.createdAt })
  if (channel.talkingSince !== null) pickUp(leg, channel.talkingSince)
}

function isDialed(channel: Channel): boolean {
  return channel.name.kind !== 'plumbing' && (channel.snapshot.app === 'AppDial' || channel.snapshot.app === 'AppQueue')
}

// One that is `Down` was only just made: who dials it will be told. A Local half begins a call only when originated.
function canBeOrigin(channel: Channel): boolean {
  if (channel.name.kind === 'local') return channel.snapshot.app === 'AppDial2'
  return !isDialed(channel) && channel.snapshot.state !== 'Down'
}

function mayHaveDialed(dialer: Channel, peer: Channel): boolean {
  // Whoever is in a bridge has been answered by somebody else.
  if (dialer === peer || dialer.createdAt > peer.createdAt || dialer.bridge !== null) return false
  const { app, appData, callerNumber } = dialer.snapshot
  if (app === 'Queue') return peer.snapshot.app === 'AppQueue' && callerNumber === peer.snapshot.connectedNumber
  return app === 'Dial' && peer.snapshot.app === 'AppDial' && namesPeer(appData, peer)
}

function namesPeer(dialArguments: string, peer: Channel): boolean {
  const { technology, endpoint } = peer.name
  return dialTargets(dialArguments).some((target) => target.startsWith(`${technology}/`) && target.includes(endpoint))
}

function byAge(one: Channel, other: Channel): number {
  return one.createdAt - other.createdAt || Number(one.id.split('.')[1]) - Number(other.id.split('.')[1]) || 0
}
