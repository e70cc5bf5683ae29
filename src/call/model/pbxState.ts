// All that lives now, found by id: channels, bridges, Local pairs and the calls they belong to.
//
// Knows how to find, add and remove; what an event means is decided in evolve.ts. Never grows without bound: what is
// gone leaves only its id behind, in a set of limited size, so that a late or doubled frame cannot bring it back.

import { parseChannelName } from '../asterisk/channelName.ts'
import type { BridgeSnapshot, ChannelEvent, ChannelSnapshot } from '../event.ts'
import type { RoleOf } from '../outcome/direction.ts'
import type { Dialers } from '../resync/inferDialers.ts'
import { type Pagers, pagesNoMore } from '../transitions/paging.ts'
import { type Call, formingCall } from './call.ts'
import { type Bridge, type Channel, newChannel } from './channel.ts'

const REMEMBERED_GONE = 50_000

export interface World {
  readonly channels: Map<string, Channel>
  readonly bridges: Map<string, Bridge>
  /** Local halves by the name their pair shares. */
  readonly pairs: Map<string, Set<Channel>>
  /** Ids of the channels that went latest, and of as many before them: to take the oldest out of one set costs more the longer it lives. */
  gone: Set<string>
  goneBefore: ReadonlySet<string>
  readonly live: Set<Call>
  /** Channels that page: their application dials phones, and Asterisk does not say for whom. */
  readonly pagers: Pagers
  /** The latest events of channels, by their instants. */
  readonly recent: Map<number, ChannelEvent[]>
  /** Calls that the current event may have changed. */
  readonly touched: Set<Call>
  /** Channels that it described or moved. */
  readonly seen: Set<Channel>
  readonly roleOf: RoleOf
  /** Who dials whom, while a snapshot is taken in. */
  dialers: Dialers | null
  /** When the session was lost; null while we see. */
  disconnectedAt: number | null
  /** Channels that the latest list did not have, and when they were last seen in one. */
  missing: ReadonlyMap<string, number>
  /** When the latest list was asked for; null before the first one of a session. */
  listedAt: number | null
  /** How many channels ever became known. */
  arrivals: number
}

export function emptyWorld(roleOf: RoleOf): World {
  return {
    channels: new Map(),
    bridges: new Map(),
    pairs: new Map(),
    gone: new Set(),
    goneBefore: new Set(),
    live: new Set(),
    pagers: new Map(),
    recent: new Map(),
    touched: new Set(),
    seen: new Set(),
    roleOf,
    dialers: null,
    disconnectedAt: null,
    missing: new Map(),
    listedAt: null,
    arrivals: 0,
  }
}

/** The channel of a snapshot with its description brought up to date; null when it is not known. */
export function find(world: World, snapshot: ChannelSnapshot): Channel | null {
  const channel = world.channels.get(snapshot.id)
  if (channel === undefined) return null
  channel.snapshot = snapshot
  world.seen.add(channel)
  return channel
}

/** The channel of a snapshot, added when it is new; null for plumbing and for channels that are gone. */
export function findOrAdd(world: World, snapshot: ChannelSnapshot): Channel | null {
  const known = find(world, snapshot)
  if (known !== null) return known
  if (isGone(world, snapshot.id) || parseChannelName(snapshot.name).kind === 'plumbing') return null
  return add(world, snapshot)
}

/** The number of the next channel that becomes known. */
export function nextArrival(world: World): number {
  world.arrivals += 1
  return world.arrivals
}

function add(world: World, snapshot: ChannelSnapshot): Channel {
  const pairName = parseChannelName(snapshot.name).pair
  const pair = pairName === null ? undefined : world.pairs.get(pairName)
  const [otherHalf] = pair ?? []
  const channel = newChannel(snapshot, otherHalf?.call ?? formingCall(), nextArrival(world))
  if (snapshot.state === 'Up') channel.upAt = snapshot.createdAt
  world.channels.set(channel.id, channel)
  world.seen.add(channel)
  linkPair(world, channel)
  return channel
}

/** Files a Local half under the name of its pair. */
export function linkPair(world: World, channel: Channel): void {
  const name = channel.name.pair
  if (name === null) return
  const pair = world.pairs.get(name)
  if (pair === undefined) world.pairs.set(name, new Set([channel]))
  else pair.add(channel)
}

/** The other half of a Local pair. */
export function otherHalf(world: World, channel: Channel): Channel | null {
  if (channel.name.pair === null) return null
  for (const half of world.pairs.get(channel.name.pair) ?? []) if (half !== channel) return half
  return null
}

/** Forgets a channel that is gone, and remembers its id. */
export function remove(world: World, channel: Channel): void {
  world.channels.delete(channel.id)
  world.seen.add(channel)
  pagesNoMore(world.pagers, channel)
  channel.call.channels.delete(channel)
  remember(world, channel.id)
  if (channel.name.pair === null) return
  const pair = world.pairs.get(channel.name.pair)
  pair?.delete(channel)
  if (pair?.size === 0) world.pairs.delete(channel.name.pair)
}

/** A channel with this id will not be believed in again. */
export function remember(world: World, id: string): void {
  world.gone.add(id)
  if (world.gone.size < REMEMBERED_GONE) return
  world.goneBefore = world.gone
  world.gone = new Set()
}

function isGone(world: World, id: string): boolean {
  return world.gone.has(id) || world.goneBefore.has(id)
}

/** The bridge of a snapshot, added when it is new. */
export function bridgeOf(world: World, snapshot: BridgeSnapshot): Bridge {
  const known = world.bridges.get(snapshot.id)
  if (known !== undefined) {
    known.kind = snapshot.kind
    return known
  }
  const bridge: Bridge = { id: snapshot.id, kind: snapshot.kind, members: new Set() }
  world.bridges.set(bridge.id, bridge)
  return bridge
}
