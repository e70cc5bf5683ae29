// The state of the PBX as its events describe it: channels, bridges, Local pairs and calls, found by id.
//
// Only finds, adds and removes; what an event means is decided in transitions/. Bounded: of a destroyed channel only the id is kept,
// in a set of limited size, so that a late or repeated event cannot bring it back.

import { parseChannelName } from '../asterisk/channelName.ts'
import type { BridgeSnapshot, ChannelSnapshot, DestinationOf, LineOf } from '../event.ts'
import type { RoleOf } from '../outcome/direction.ts'
import type { Dialers } from '../resync/inferDialers.ts'
import { type Pagers, stopPaging } from '../transitions/paging.ts'
import { type Call, type LiveCall, newCall } from './call.ts'
import { type Bridge, type Channel, newChannel } from './channel.ts'
import type { AppliedEvent } from './eventOrder.ts'

const DESTROYED_IDS_KEPT = 50_000

export interface PbxState {
  readonly channels: Map<string, Channel>
  readonly bridges: Map<string, Bridge>
  /** Local halves by the name that their pair shares. */
  readonly pairs: Map<string, Set<Channel>>
  /** Ids of destroyed channels, in two sets of which the older is dropped when the newer is full: deleting single ids gets slow. */
  destroyed: Set<string>
  destroyedBefore: ReadonlySet<string>
  readonly live: Set<LiveCall>
  /** Channels that page: their application dials phones, and Asterisk does not say for whom. */
  readonly pagers: Pagers
  /** The latest channel events by timestamp, in two maps of which the older is dropped when the newer is full, as with `destroyed`. */
  recent: Map<number, AppliedEvent[]>
  recentBefore: ReadonlyMap<number, AppliedEvent[]>
  /** Calls that the current event may have changed. */
  readonly changedCalls: Set<Call>
  /** Channels that the current event described or moved. */
  readonly changedChannels: Set<Channel>
  /** The roles as they are now; a call keeps those that it began with. */
  readonly presentRoles: () => RoleOf
  readonly lineOf: LineOf
  /** Null: destinations are not asked for. */
  readonly destinationOf: DestinationOf | null
  /** Who dials whom; known only while a snapshot is applied. */
  dialers: Dialers | null
  /** When the connection was lost; null while connected. */
  disconnectedAt: number | null
  /** Channels that the latest list lacked, and when a list last had them. */
  missing: ReadonlyMap<string, number>
  /** When the latest list was requested; null before the first one of a session. */
  listedAt: number | null
  /** How many channels ever became known. */
  arrivals: number
}

/** What the state is told about names and numbers. */
export type Naming = Pick<PbxState, 'presentRoles' | 'lineOf' | 'destinationOf'>

export function emptyPbxState({ presentRoles, lineOf, destinationOf }: Naming): PbxState {
  return {
    channels: new Map(),
    bridges: new Map(),
    pairs: new Map(),
    destroyed: new Set(),
    destroyedBefore: new Set(),
    live: new Set(),
    pagers: new Map(),
    recent: new Map(),
    recentBefore: new Map(),
    changedCalls: new Set(),
    changedChannels: new Set(),
    presentRoles,
    lineOf,
    destinationOf,
    dialers: null,
    disconnectedAt: null,
    missing: new Map(),
    listedAt: null,
    arrivals: 0,
  }
}

/** Notes how an event describes a channel. */
export function describe(pbx: PbxState, channel: Channel, snapshot: ChannelSnapshot): void {
  channel.snapshot = snapshot
  channel.sipCallId ??= snapshot.protocolId || null
  pbx.changedChannels.add(channel)
}

export function find(pbx: PbxState, { id }: ChannelSnapshot): Channel | null {
  return pbx.channels.get(id) ?? null
}

/** The channel of a snapshot, added when it is new; null for internal channels and for destroyed ones. */
export function findOrAdd(pbx: PbxState, snapshot: ChannelSnapshot): Channel | null {
  const known = find(pbx, snapshot)
  if (known !== null) {
    return known
  }
  if (isDestroyed(pbx, snapshot.id) || parseChannelName(snapshot.name).kind === 'internal') {
    return null
  }
  return add(pbx, snapshot)
}

/** The number of the next channel that becomes known. */
export function nextArrival(pbx: PbxState): number {
  pbx.arrivals += 1
  return pbx.arrivals
}

function add(pbx: PbxState, snapshot: ChannelSnapshot): Channel {
  const pairName = parseChannelName(snapshot.name).pair
  const pair = pairName === null ? undefined : pbx.pairs.get(pairName)
  const [otherHalf] = pair ?? []
  const channel = newChannel(snapshot, otherHalf?.call ?? newCall(pbx.presentRoles()), nextArrival(pbx))
  if (snapshot.state === 'Up') {
    channel.upAt = snapshot.createdAt
  }
  pbx.channels.set(channel.id, channel)
  pbx.changedChannels.add(channel)
  linkPair(pbx, channel)
  return channel
}

/** Adds a Local half to its pair. */
export function linkPair(pbx: PbxState, channel: Channel): void {
  const name = channel.name.pair
  if (name === null) {
    return
  }
  const pair = pbx.pairs.get(name)
  if (pair === undefined) {
    pbx.pairs.set(name, new Set([channel]))
  } else {
    pair.add(channel)
  }
}

/** The other half of a Local pair. */
export function otherHalf(pbx: PbxState, channel: Channel): Channel | null {
  if (channel.name.pair === null) {
    return null
  }
  for (const half of pbx.pairs.get(channel.name.pair) ?? []) {
    if (half !== channel) {
      return half
    }
  }
  return null
}

/** Removes a destroyed channel and remembers its id. */
export function remove(pbx: PbxState, channel: Channel): void {
  pbx.channels.delete(channel.id)
  pbx.changedChannels.add(channel)
  stopPaging(pbx.pagers, channel)
  channel.call.channels.delete(channel)
  rememberDestroyed(pbx, channel.id)
  if (channel.name.pair === null) {
    return
  }
  const pair = pbx.pairs.get(channel.name.pair)
  pair?.delete(channel)
  if (pair?.size === 0) {
    pbx.pairs.delete(channel.name.pair)
  }
}

/** Later events of a channel with this id are ignored. */
export function rememberDestroyed(pbx: PbxState, id: string): void {
  pbx.destroyed.add(id)
  if (pbx.destroyed.size < DESTROYED_IDS_KEPT) {
    return
  }
  pbx.destroyedBefore = pbx.destroyed
  pbx.destroyed = new Set()
}

function isDestroyed(pbx: PbxState, id: string): boolean {
  return pbx.destroyed.has(id) || pbx.destroyedBefore.has(id)
}

/** The bridge of a snapshot, added when it is new. */
export function findOrAddBridge(pbx: PbxState, snapshot: BridgeSnapshot): Bridge {
  const known = pbx.bridges.get(snapshot.id)
  if (known !== undefined) {
    known.kind = snapshot.kind
    return known
  }
  const bridge: Bridge = { id: snapshot.id, kind: snapshot.kind, members: new Set() }
  pbx.bridges.set(bridge.id, bridge)
  return bridge
}
