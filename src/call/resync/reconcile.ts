// Compares the known state with a snapshot of what exists, after events were missed. The same code serves a lost connection, a restart
// of the PBX, and a restart of the exporter, whose open calls are restored from the call log first (restore.ts).
//
// Channels that no longer exist ended when they were last observed; how they ended stays unknown. New channels start at their real
// start. The work is done in steps, a channel or a bridge each: a PBX with thousands of channels takes too long for one turn of the
// event loop. Nothing else may change the state between two steps.

import { parseChannelName } from '../asterisk/channelName.ts'
import type { ChannelSnapshot, PbxEvent } from '../event.ts'
import type { CallFact } from '../fact.ts'
import type { Channel } from '../model/channel.ts'
import { describe, find, findOrAdd, linkPair, type PbxState } from '../model/pbxState.ts'
import { noteApplication } from '../transitions/application.ts'
import { joinBridge, leaveBridge, onBridgeDestroyed } from '../transitions/bridge.ts'
import { markAnswered } from '../transitions/dial.ts'
import { endChannel } from '../transitions/hangup.ts'
import { inferWaitingAgent } from '../transitions/waitingAgent.ts'
import { applyDialplanState, inferDialedCalls, inferFromChannels, inferPagedCalls } from './inferCalls.ts'
import { indexDialers } from './inferDialers.ts'

type Of<T extends PbxEvent['type']> = Extract<PbxEvent, { type: T }>

/** How many calls the snapshot still has, how many are new, and how many ended while disconnected. */
export type Reconciled = Omit<Extract<CallFact, { type: 'CallsReconciled' }>, 'type' | 'at'>

/** The steps of a reconciliation: each does a part of it. */
export type Steps<Result = void> = Generator<void, Result>

export function* reconcile(pbx: PbxState, snapshot: Of<'SnapshotTaken'>): Steps<Reconciled> {
  const before = new Set(pbx.live)
  const lastKnownAt = pbx.disconnectedAt ?? snapshot.at
  pbx.disconnectedAt = null
  pbx.missing = new Map()
  pbx.listedAt = null
  yield* endMissingChannels(pbx, snapshot, lastKnownAt)
  const added = yield* addNewChannels(pbx, snapshot)
  pbx.dialers = yield* indexDialers(pbx.channels.values())
  yield* inferPagedCalls(pbx, added, snapshot.at)
  yield* moveIntoBridges(pbx, snapshot, lastKnownAt)
  const dialed = yield* inferDialedCalls(pbx, added, snapshot.at)
  pbx.dialers = null
  for (const { call } of added) {
    if (call.stage === 'forming') {
      inferFromChannels(pbx, [...call.channels], dialed)
    }
    yield
  }
  for (const channel of pbx.channels.values()) {
    resyncChannel(pbx, channel)
    yield
  }
  const kept = [...before].filter((call) => pbx.live.has(call) && call.channels.size > 0).length
  return { kept, adopted: [...pbx.live].filter((call) => !before.has(call)).length, ended: before.size - kept }
}

/**
 * Ends channels whose end was never reported: those that two lists in a row lack. A single list may be older than the channel's
 * beginning, or its end may still be on the way. They ended when a list last had them.
 */
export function checkAgainstList(pbx: PbxState, { at, ids }: Of<'ChannelsListed'>): void {
  const listed = new Set(ids)
  const missing = new Map<string, number>()
  for (const channel of [...pbx.channels.values()]) {
    if (listed.has(channel.id)) {
      continue
    }
    const lastListedAt = pbx.missing.get(channel.id)
    if (lastListedAt === undefined) {
      missing.set(channel.id, pbx.listedAt ?? at)
    } else {
      stopTracking(pbx, channel, lastListedAt)
    }
  }
  pbx.missing = missing
  pbx.listedAt = at
}

/** Ends a channel without an event: it ended at its latest event, or at `lastKnownAt` if that is later. */
export function stopTracking(pbx: PbxState, channel: Channel, lastKnownAt: number): void {
  endUnobserved(pbx, channel, Math.max(lastKnownAt, channel.createdAt, channel.call.latestAt ?? 0))
}

function* endMissingChannels(pbx: PbxState, snapshot: Of<'SnapshotTaken'>, at: number): Steps {
  const existing = new Set(snapshot.channels.map((channel) => channel.id))
  for (const channel of [...pbx.channels.values()]) {
    if (!existing.has(channel.id)) {
      endUnobserved(pbx, channel, at)
    }
    yield
  }
}

function endUnobserved(pbx: PbxState, channel: Channel, at: number): void {
  channel.call.endedUnobserved = true
  if (channel.ownCall !== null) {
    channel.ownCall.endedUnobserved = true
  }
  endChannel(pbx, channel, { at, cause: 0, causeText: '' })
}

function* addNewChannels(pbx: PbxState, snapshot: Of<'SnapshotTaken'>): Steps<Channel[]> {
  const added: Channel[] = []
  // In the order of their creation, as if their events had arrived.
  for (const one of [...snapshot.channels].sort(byAge)) {
    yield
    const known = find(pbx, one)
    if (known !== null) {
      describe(pbx, known, one)
    }
    const channel = known ?? findOrAdd(pbx, one)
    if (channel === null) {
      continue
    }
    noteApplication(channel)
    if (known === null) {
      added.push(channel)
    } else {
      completeName(pbx, known, one)
    }
    inferWaitingAgent(pbx, channel)
  }
  return added
}

// Asterisk numbers the channels of one millisecond: `1795417706.9`, `1795417706.10`.
function byAge(one: ChannelSnapshot, other: ChannelSnapshot): number {
  return one.createdAt - other.createdAt || Number(one.id.split('.')[1]) - Number(other.id.split('.')[1]) || 0
}

// Of a channel that was restored from the call log only the endpoint is known.
function completeName(pbx: PbxState, channel: Channel, snapshot: ChannelSnapshot): void {
  if (channel.name.technology === '') {
    channel.name = parseChannelName(snapshot.name)
    linkPair(pbx, channel)
  }
  if (snapshot.state === 'Up') {
    channel.upAt ??= snapshot.createdAt
  }
}

function* moveIntoBridges(pbx: PbxState, snapshot: Of<'SnapshotTaken'>, lastKnownAt: number): Steps {
  const bridgeOf = new Map(snapshot.bridges.flatMap((bridge) => bridge.channels.map((id) => [id, bridge.id] as const)))
  const existing = new Set(snapshot.bridges.map((bridge) => bridge.id))
  for (const channel of pbx.channels.values()) {
    if (channel.bridge !== null && channel.bridge.id !== bridgeOf.get(channel.id)) {
      leaveBridge(pbx, channel, lastKnownAt)
    }
    yield
  }
  for (const bridge of [...pbx.bridges.values()]) {
    if (!existing.has(bridge.id)) {
      onBridgeDestroyed(pbx, { at: lastKnownAt, bridge: { ...bridge, channels: [] } })
    }
    yield
  }
  for (const bridge of snapshot.bridges) {
    for (const id of bridge.channels) {
      const channel = pbx.channels.get(id)
      const at = Math.max(bridge.createdAt ?? snapshot.at, channel?.createdAt ?? 0)
      if (channel !== undefined && channel.bridge?.id !== bridge.id) {
        joinBridge(pbx, channel, { at, bridge })
      }
    }
    yield
  }
}

function resyncChannel(pbx: PbxState, channel: Channel): void {
  const { call } = channel
  if (call.stage !== 'live') {
    return
  }
  pbx.changedCalls.add(call)
  applyDialplanState(pbx, call, channel)
  const leg = call.legs.get(channel.id)
  if (leg !== undefined && channel.talkingSince !== null) {
    markAnswered(call, leg, channel.talkingSince)
  }
}
