// After a gap: what was known is held against what lives. The same path serves a lost session, a restart of the PBX
// and a restart of ours (whose open calls come back from the call log).
//
// What is gone ended somewhere in the gap: its end is put where it was last seen, and nothing is made up about how.
// What is new is adopted with its real start.

import { parseChannelName } from '../asterisk/channelName.ts'
import type { ChannelSnapshot, PbxEvent, RestoredCall } from '../event.ts'
import type { CallFact } from '../fact.ts'
import { type Call, formingCall } from '../model/call.ts'
import { type Channel, newChannel, UNDESCRIBED } from '../model/channel.ts'
import { find, findOrAdd, linkPair, nextArrival, type World } from '../model/pbxState.ts'
import { noteApplication } from '../transitions/application.ts'
import { channelGone } from '../transitions/apply.ts'
import { bridgeGone, meet, part } from '../transitions/bridge.ts'
import { openLeg, pickUp } from '../transitions/dial.ts'
import { adoptAgent } from '../transitions/waitingAgent.ts'
import { adoptCall, adoptPaged, adoptRinging, describe } from './inferCalls.ts'
import { findDialers } from './inferDialers.ts'

type Of<T extends PbxEvent['type']> = Extract<PbxEvent, { type: T }>

/** How many calls a snapshot found again, newly found, or found gone. */
export type Reconciled = Omit<Extract<CallFact, { type: 'CallsReconciled' }>, 'type' | 'at'>

export function takeSnapshot(world: World, snapshot: Of<'SnapshotTaken'>): Reconciled {
  const before = new Set(world.live)
  const lastSeenAt = world.disconnectedAt ?? snapshot.at
  world.disconnectedAt = null
  world.missing = new Map()
  world.listedAt = null
  forgetTheGone(world, snapshot, lastSeenAt)
  const fresh = learnTheNew(world, snapshot)
  world.dialers = findDialers(world.channels.values())
  adoptPaged(world, fresh, snapshot.at)
  moveIntoBridges(world, snapshot, lastSeenAt)
  const dialed = adoptRinging(world, fresh, snapshot.at)
  world.dialers = null
  for (const channel of fresh)
    if (channel.call.stage === 'forming') adoptCall(world, [...channel.call.channels], dialed)
  for (const channel of world.channels.values()) catchUp(world, channel)
  const kept = [...before].filter((call) => call.stage === 'live' && call.channels.size > 0).length
  return { kept, adopted: [...world.live].filter((call) => !before.has(call)).length, ended: before.size - kept }
}

/**
 * Channels whose end was never told are over when two lists in a row do not have them: one alone may have been asked for before
 * their end, or before their beginning, is heard. They ended when a list had them last.
 */
export function listTaken(world: World, { at, ids }: Of<'ChannelsListed'>): void {
  const alive = new Set(ids)
  const missing = new Map<string, number>()
  for (const channel of [...world.channels.values()]) {
    if (alive.has(channel.id)) continue
    const seenAt = world.missing.get(channel.id)
    if (seenAt === undefined) missing.set(channel.id, world.listedAt ?? at)
    else lostTrackOf(world, channel, seenAt)
  }
  world.missing = missing
  world.listedAt = at
}

/** A channel is followed no more: its end was never told. It is put where the channel was last seen or heard of. */
export function lostTrackOf(world: World, channel: Channel, seenAt: number): void {
  goneUnseen(world, channel, Math.max(seenAt, channel.createdAt, channel.call.latestAt ?? 0))
}

function forgetTheGone(world: World, snapshot: Of<'SnapshotTaken'>, at: number): void {
  const alive = new Set(snapshot.channels.map((channel) => channel.id))
  for (const channel of [...world.channels.values()]) {
    if (alive.has(channel.id)) continue
    goneUnseen(world, channel, at)
  }
}

function goneUnseen(world: World, channel: Channel, at: number): void {
  channel.call.unseen = true
  if (channel.ownCall !== null) channel.ownCall.unseen = true
  channelGone(world, channel, { at, cause: 0, causeText: '' })
}

function learnTheNew(world: World, snapshot: Of<'SnapshotTaken'>): Channel[] {
  const fresh: Channel[] = []
  // In the order in which they were made, as if they had been seen then.
  for (const one of [...snapshot.channels].sort(byAge)) {
    const known = find(world, one)
    const channel = known ?? findOrAdd(world, one)
    if (channel === null) continue
    noteApplication(channel)
    if (known === null) fresh.push(channel)
    else introduce(world, known, one)
    adoptAgent(world, channel)
  }
  return fresh
}

// Asterisk numbers the channels of one millisecond: `1795417706.9`, `1795417706.10`.
function byAge(one: ChannelSnapshot, other: ChannelSnapshot): number {
  return one.createdAt - other.createdAt || Number(one.id.split('.')[1]) - Number(other.id.split('.')[1]) || 0
}

// A channel remembered from the call log learns its full name.
function introduce(world: World, channel: Channel, snapshot: ChannelSnapshot): void {
  if (channel.name.technology === '') {
    channel.name = parseChannelName(snapshot.name)
    linkPair(world, channel)
  }
  if (snapshot.state === 'Up') channel.upAt ??= snapshot.createdAt
}

function moveIntoBridges(world: World, snapshot: Of<'SnapshotTaken'>, lastSeenAt: number): void {
  const now = new Map(snapshot.bridges.flatMap((bridge) => bridge.channels.map((id) => [id, bridge.id] as const)))
  const there = new Set(snapshot.bridges.map((bridge) => bridge.id))
  for (const channel of world.channels.values())
    if (channel.bridge !== null && channel.bridge.id !== now.get(channel.id)) part(world, channel, lastSeenAt)
  for (const bridge of [...world.bridges.values()])
    if (!there.has(bridge.id)) bridgeGone(world, { at: lastSeenAt, bridge: { ...bridge, channels: [] } })
  for (const bridge of snapshot.bridges)
    for (const id of bridge.channels) {
      const channel = world.channels.get(id)
      const at = Math.max(bridge.createdAt ?? snapshot.at, channel?.createdAt ?? 0)
      if (channel !== undefined && channel.bridge?.id !== bridge.id) meet(world, channel, { at, bridge })
    }
}

function catchUp(world: World, channel: Channel): void {
  const { call } = channel
  if (call.stage !== 'live') return
  world.touched.add(call)
  describe(world, call, channel)
  const leg = call.legs.get(channel.id)
  if (leg !== undefined && channel.talkingSince !== null) pickUp(call, leg, channel.talkingSince)
}

/** Puts the open calls of a former run back as they were last written; the next snapshot tells which of them live. */
export function rememberCalls(world: World, { at, calls }: Of<'OpenCallsRestored'>): void {
  world.disconnectedAt ??= at
  const connected = connectedAgents(calls)
  for (const remembered of calls) rememberCall(world, remembered, at).waited = connected.has(remembered.channelId)
}

// Nothing else calls by itself and is a leg of another call: the two would have become one.
function connectedAgents(calls: readonly RestoredCall[]): ReadonlySet<string> {
  return new Set(
    calls.flatMap(({ channelId, legs }) => legs.map((leg) => leg.channelId).filter((id) => id !== channelId)),
  )
}

function rememberCall(world: World, remembered: RestoredCall, at: number): Call {
  const call = formingCall()
  const origin = stub(world, call, {
    id: remembered.channelId,
    endpoint: remembered.callerEndpoint,
    at: remembered.startedAt,
  })
  Object.assign(call, restored(remembered))
  // Until the snapshot shows that they still talk, nobody has heard anybody since.
  if (call.answeredAt !== null) call.talkEndedAt = Math.max(at, call.answeredAt)
  call.stage = 'live'
  call.origin = origin
  call.caller = origin
  world.live.add(call)
  world.touched.add(call)
  for (const leg of remembered.legs) {
    const peer =
      leg.channelId === origin.id
        ? origin
        : stub(world, call, { id: leg.channelId, endpoint: leg.endpoint, at: leg.startedAt })
    const opened = openLeg(world, call, { peer, dialer: null, dialString: '', at: leg.startedAt })
    Object.assign(opened, { progressAt: leg.ringingAt, ringingAt: leg.ringingAt })
    opened.answersBefore = leg.startedAt > (remembered.answeredAt ?? leg.startedAt) ? call.answers : 0
    if (leg.answeredAt !== null) pickUp(call, opened, leg.answeredAt)
    opened.due = { started: false, changed: false, ended: false }
  }
  call.due.changed = false
  return call
}

function restored(remembered: RestoredCall): Partial<Call> {
  return {
    id: remembered.channelId,
    callerNumber: remembered.caller,
    callerName: remembered.callerName,
    callerEndpoint: remembered.callerEndpoint,
    callee: remembered.callee,
    accountCode: remembered.accountCode,
    context: remembered.context,
    direction: remembered.direction,
    directionSettled: remembered.legs.length > 0 || remembered.answeredAt !== null,
    startedAt: remembered.startedAt,
    answeredAt: remembered.answeredAt,
    answeredBy: remembered.answeredBy,
    answers: remembered.answeredAt === null ? 0 : 1,
    transfers: remembered.transfers,
    originated: remembered.legs.some((leg) => leg.channelId === remembered.channelId),
  }
}

function stub(
  world: World,
  call: Call,
  told: { readonly id: string; readonly endpoint: string; readonly at: number },
): Channel {
  const known = world.channels.get(told.id)
  if (known !== undefined) return known
  const channel = newChannel(
    { ...UNDESCRIBED, id: told.id, name: told.endpoint, createdAt: told.at },
    call,
    nextArrival(world),
  )
  channel.name = { kind: 'party', technology: '', endpoint: told.endpoint, pair: null }
  world.channels.set(channel.id, channel)
  world.seen.add(channel)
  return channel
}
