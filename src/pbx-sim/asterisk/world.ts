// The state of the simulated Asterisk, and the one place where events leave it.
//
// It knows neither sockets nor HTTP: `publish` takes a frame, which is written as JSON only if an application wants it.

import type { Random } from '../random.ts'
import type { SimBridge, SimChannel, SimEndpoint } from './channel.ts'
import { bridgeJson, channelJson } from './channel.ts'
import type { SimStaff } from './staff.ts'

/** What an application can subscribe to. */
export type Topic = 'channel' | 'bridge' | 'endpoint' | 'deviceState'

/**
 * `real`: every channel variable that a real Asterisk sets, which is two of three events. `lean`: only the variables that say
 * something about a call, for tests that need many calls rather than many events.
 */
export type Traffic = 'real' | 'lean'

/** One event, not yet written as JSON. */
export interface Frame {
  readonly type: string
  readonly topic: Topic
  /** Ids of the channels, the bridge, the endpoint (`PJSIP/101`) or the device in the event. */
  readonly ids: readonly string[]
  /** Endpoints of the channels in it; a subscription to an endpoint includes the events of its channels. */
  readonly endpoints: readonly string[]
  /** The JSON text for one application; the expensive part is created once for all applications. */
  readonly render: (application: string) => string
}

export interface World {
  readonly asteriskId: string
  readonly channels: Map<string, SimChannel>
  /** The same channels by their endpoint (`PJSIP/101`). */
  readonly byEndpoint: Map<string, Set<SimChannel>>
  readonly bridges: Map<string, SimBridge>
  readonly endpoints: Map<string, SimEndpoint>
  readonly staff: SimStaff
  readonly random: Random
  /** Draws which channels have bad audio; null: none has. */
  readonly voiceTrouble: Random | null
  readonly traffic: Traffic
  /** Whether the dialplan records calls from outside. */
  readonly recordings: boolean
  readonly now: () => number
  readonly stamp: (at: number) => string
  readonly publish: (frame: Frame) => void
  /** Whether an application with that name is connected, so that `Stasis()` can pass it a channel. */
  readonly hasApplication: (name: string) => boolean
  /** Reports to an application that a channel entered (true) or left it. */
  readonly inApplication: (name: string, channel: SimChannel, inside: boolean) => void
  /** Channels that wait inside an application for its `continue`, by id. */
  readonly waiting: Map<string, () => void>
  /** Ends the present pause of the scenario that made a channel, by the id of the channel: somebody hangs it up. */
  readonly hangUps: Map<string, () => void>
  /** The scenario that runs now, and the id that a client chose for its first channel. */
  readonly running: { hangUp: (() => void) | null; channelId: string | null }
  /** Numbers of the next channel id, channel name and Local pair; they start again at a restart. */
  readonly counters: { id: number; name: number; local: number }
}

/** Sends an event about one channel. `before` and `after`: JSON members, each with its comma at the end. */
export function sendChannel(
  world: World,
  event: { readonly type: string; readonly channel: SimChannel; readonly before?: string; readonly after?: string },
): void {
  const { type, channel, before = '', after = '' } = event
  publish(world, { type, topic: 'channel', about: [channel] }, () => {
    return `{${before}${opening(world, type)}${after}"channel":${json(world, channel)}`
  })
}

/** Sends a Dial event. `caller` is absent when an application originates. */
export function sendDial(
  world: World,
  dial: {
    readonly caller?: SimChannel
    readonly peer: SimChannel
    readonly status: string
    readonly dialString?: string
    readonly forward?: string
    readonly forwarded?: SimChannel
  },
): void {
  const about = dial.caller === undefined ? [dial.peer] : [dial.caller, dial.peer]
  publish(world, { type: 'Dial', topic: 'channel', about }, () => {
    const words = `"dialstatus":"${dial.status}","forward":"${dial.forward ?? ''}","dialstring":"${dial.dialString ?? ''}"`
    const caller = dial.caller === undefined ? '' : `"caller":${json(world, dial.caller)},`
    const forwarded = dial.forwarded === undefined ? '' : `,"forwarded":${json(world, dial.forwarded)}`
    return `{${opening(world, 'Dial')}${words},${caller}"peer":${json(world, dial.peer)}${forwarded}`
  })
}

/** Sends an event about a bridge, and a channel that enters or leaves. */
export function sendBridge(
  world: World,
  event: { readonly type: string; readonly bridge: SimBridge; readonly channel?: SimChannel },
): void {
  const { type, bridge, channel } = event
  publish(world, { type, topic: 'bridge', about: channel === undefined ? [] : [channel], id: bridge.id }, () => {
    const who = channel === undefined ? '' : `,"channel":${json(world, channel)}`
    return `{${opening(world, type)}"bridge":${bridgeJson(bridge, world.stamp)}${who}`
  })
}

/** Sends an event on a bridge's topic whose members `body` writes after the timestamp. */
export function sendTransfer(
  world: World,
  event: { readonly type: string; readonly bridge: SimBridge; readonly body: () => string },
): void {
  const { type, bridge, body } = event
  publish(world, { type, topic: 'bridge', about: [], id: bridge.id }, () => `{${opening(world, type)}${body()}`)
}

/** Sends PeerStatusChange, ContactStatusChange or EndpointStateChange. `after`: members behind the endpoint. */
export function sendEndpoint(
  world: World,
  event: { readonly type: string; readonly endpoint: SimEndpoint; readonly after?: string },
): void {
  const { type, endpoint, after = '' } = event
  publish(world, { type, topic: 'endpoint', about: [], id: `PJSIP/${endpoint.resource}` }, () => {
    return `{${opening(world, type)}"endpoint":${endpointJson(world, endpoint)}${after}`
  })
}

/** Sends DeviceStateChanged for a phone or a trunk. */
export function sendDevice(world: World, device: string, state: string): void {
  const at = world.stamp(world.now())
  world.publish({
    type: 'DeviceStateChanged',
    topic: 'deviceState',
    ids: [device],
    endpoints: [],
    render: (application) =>
      `{"type":"DeviceStateChanged","application":"${application}","timestamp":"${at}",` +
      `"device_state":{"name":"${device}","state":"${state}"},"asterisk_id":"${world.asteriskId}"}`,
  })
}

/** The endpoint as ARI's JSON text. */
export function endpointJson(world: World, endpoint: SimEndpoint): string {
  const id = `PJSIP/${endpoint.resource}`
  return JSON.stringify({
    technology: 'PJSIP',
    resource: endpoint.resource,
    state: endpoint.online ? 'online' : 'offline',
    channel_ids: Array.from(world.byEndpoint.get(id) ?? [], (channel) => channel.id),
  })
}

/** The channel as ARI's JSON text. */
export function json(world: World, channel: SimChannel): string {
  return channelJson(channel, world.stamp)
}

function opening(world: World, type: string): string {
  return `"type":"${type}","timestamp":"${world.stamp(world.now())}",`
}

interface About {
  readonly type: string
  readonly topic: Topic
  readonly about: readonly SimChannel[]
  readonly id?: string
}

function publish(world: World, about: About, write: () => string): void {
  let text: string | undefined
  world.publish({
    type: about.type,
    topic: about.topic,
    ids: about.id === undefined ? about.about.map((channel) => channel.id) : [about.id],
    endpoints: about.about.map((channel) => channel.endpoint),
    render: (application) => {
      text ??= write()
      return `${text},"asterisk_id":"${world.asteriskId}","application":"${application}"}`
    },
  })
}
