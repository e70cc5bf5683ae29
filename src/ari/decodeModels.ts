// Decodes channels, bridges and endpoints, of events and of REST responses.
//
// Returns null for a value of another shape. A missing text of a channel becomes an empty string.
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
const MAX_PROTOCOL_ID = 255

/** A channel of an event or of `GET /channels`; `at` (epoch ms) replaces a missing creation time. */
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
    protocolId: protocolIdOf(channel),
    createdAt,
  }
}

/** A bridge of an event or of `GET /bridges`, without its creation time, which only snapshots use. */
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

/** A bridge of `GET /bridges`, with its creation time if Asterisk gives it. */
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

// The far end chooses it. A longer one would be kept for each channel and each row, and be of no use if it were cut.
function protocolIdOf({ protocol_id: id }: WireChannel): string {
  return typeof id === 'string' && id.length <= MAX_PROTOCOL_ID ? id : ''
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
  return bridge.creator === 'ConfBridge' || isConference(bridge) ? 'conference' : 'talk'
}

// Mixing in software alone does not make a conference: three phones, or two phones and a recorder, are mixed in software too. Class
// `basic` is a bridge of Dial or Queue, `stasis` one of an ARI application. A dialplan application creates `base` for all who enter.
function isConference({ technology, bridge_class: bridgeClass }: WireBridge): boolean {
  return technology === 'softmix' && bridgeClass === 'base'
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
