// Channels, bridges and endpoints: wire -> our own words. The same for events and for REST answers.
//
// Null when the value is not such a thing. What a channel has nothing to say of becomes an empty string.
// Source: Asterisk's rest-api/api-docs models, and recorded traffic.

import type { BridgeKind, BridgeSnapshot, ChannelSnapshot, EndpointSnapshot } from '../call/event.ts'
import { parseTimestamp } from './timestamp.ts'
import {
  isObject,
  type WireBridge,
  type WireCallerId,
  type WireChannel,
  type WireDialplan,
  type WireEndpoint,
} from './wire.ts'

const NOBODY: WireCallerId = {}
const NOWHERE: WireDialplan = {}

/** A channel of an event or of `GET /channels`; `at` (epoch ms) stands in for a missing creation time. */
export function decodeChannel(value: unknown, at: number): ChannelSnapshot | null {
  if (!isObject(value)) {
    return null
  }
  const channel = value as WireChannel
  const { id, name } = channel
  if (typeof id !== 'string' || id === '' || typeof name !== 'string') {
    return null
  }
  const createdAt = typeof channel.creationtime === 'string' ? parseTimestamp(channel.creationtime) : at
  if (Number.isNaN(createdAt)) {
    return null
  }
  const caller = isObject(channel.caller) ? (channel.caller as WireCallerId) : NOBODY
  const connected = isObject(channel.connected) ? (channel.connected as WireCallerId) : NOBODY
  const dialplan = isObject(channel.dialplan) ? (channel.dialplan as WireDialplan) : NOWHERE
  return {
    id,
    name,
    state: textOf(channel.state),
    callerName: textOf(caller.name),
    callerNumber: textOf(caller.number),
    connectedNumber: textOf(connected.number),
    accountCode: textOf(channel.accountcode),
    context: textOf(dialplan.context),
    exten: textOf(dialplan.exten),
    app: textOf(dialplan.app_name),
    appData: textOf(dialplan.app_data),
    createdAt,
  }
}

/** A bridge of an event or of `GET /bridges`, without its creation time (only snapshots may tell it). */
export function decodeBridge(value: unknown): BridgeSnapshot | null {
  if (!isObject(value)) {
    return null
  }
  const bridge = value as WireBridge
  const { id, channels } = bridge
  if (typeof id !== 'string' || id === '' || !isTextList(channels)) {
    return null
  }
  return { id, kind: bridgeKind(bridge), channels }
}

/** A bridge of `GET /bridges`, with its creation time where Asterisk tells it. */
export function decodeLiveBridge(value: unknown): BridgeSnapshot | null {
  const bridge = decodeBridge(value)
  if (bridge === null) {
    return null
  }
  const { creationtime } = value as WireBridge
  if (typeof creationtime !== 'string') {
    return bridge
  }
  const createdAt = parseTimestamp(creationtime)
  return Number.isNaN(createdAt) ? null : { ...bridge, createdAt }
}

/** An endpoint of an event or of `GET /endpoints`. */
export function decodeEndpoint(value: unknown): EndpointSnapshot | null {
  if (!isObject(value)) {
    return null
  }
  const { technology, resource, state } = value as WireEndpoint
  if (typeof technology !== 'string' || typeof resource !== 'string' || resource === '') {
    return null
  }
  return { technology, resource, state: state === 'online' || state === 'offline' ? state : 'unknown' }
}

/** The text, or an empty one for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function bridgeKind(bridge: WireBridge): BridgeKind {
  if (bridge.bridge_class === 'parking') {
    return 'parking'
  }
  if (bridge.technology === 'holding_bridge' || bridge.bridge_type === 'holding') {
    return 'holding'
  }
  return bridge.creator === 'ConfBridge' || isPlace(bridge) ? 'conference' : 'talk'
}

// How a bridge is mixed says nothing: three phones, or a recorder beside two, are mixed in software and still talk. Class
// `basic` is Dial's or Queue's own bridge and `stasis` an application's; `base` is one that an application of the dialplan made
// for whoever enters.
function isPlace({ technology, bridge_class: bridgeClass }: WireBridge): boolean {
  return technology === 'softmix' && bridgeClass === 'base'
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
