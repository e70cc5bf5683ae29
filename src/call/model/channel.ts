// Channels and bridges, as they are followed: where each channel is, and what is known of it.
//
// Mutable, and private to this folder. A channel always belongs to a call.

import { type ChannelName, parseChannelName } from '../asterisk/channelName.ts'
import type { BridgeKind, ChannelSnapshot } from '../event.ts'
import type { VoiceQuality } from '../fact.ts'
import type { Refusal } from '../outcome/cause.ts'
import type { LiveCall, OpenCall } from './call.ts'
import type { ChannelVoice } from './voice.ts'

export interface Bridge {
  readonly id: string
  kind: BridgeKind
  readonly members: Set<Channel>
}

export interface Channel {
  readonly id: string
  /** Only the endpoint is known of a channel that was restored from the call log. */
  name: ChannelName
  readonly createdAt: number
  /** The first one that an event gave: a pickup or a transfer can put another SIP dialog behind the channel. Null while none did. */
  sipCallId: string | null
  /** Channels are numbered as they become known: an order that does not depend on the PBX's clock. */
  readonly arrival: number
  /** The channel as the current event describes it. After the event it is kept only while the call is forming. */
  snapshot: ChannelSnapshot
  call: OpenCall
  /** A waiting agent's own call, while the agent is connected with a customer; `call` is the customer's then. */
  ownCall: LiveCall | null
  /** The dialplan application that the channel was last known to run, and its arguments. */
  app: string
  appData: string
  /** Its keys among the paging channels. */
  pages: readonly string[]
  bridge: Bridge | null
  /** When the channel was answered. */
  upAt: number | null
  /** When it began to ring; the event may come before the dial that made it ring. */
  ringingAt: number | null
  /** When its latest `Dial` began. If that ends and no leg started after it, Dial could not create any channel. */
  dialingSince: number
  /** When its latest leg started; -1 before the first one. */
  dialedAt: number
  /** When it last entered or left a bridge; events older than that are late. */
  movedAt: number
  lastLeft: { readonly bridgeId: string; readonly at: number } | null
  heldChangedAt: number
  /** Why the far end hung up or refused; null when it did not. */
  refusal: Refusal | null
  /** Since when it hears another party; null when it hears nobody. */
  talkingSince: number | null
  talkMs: number
  held: boolean
  /** It transferred its call to another party, and no longer keeps the call open. */
  transferredAway: boolean
  quality: VoiceQuality | null
  /** Null while nothing was ever wrong with its voice. */
  voice: ChannelVoice | null
}

/** A snapshot without any information. */
export const EMPTY_SNAPSHOT: ChannelSnapshot = {
  id: '',
  name: '',
  state: '',
  callerName: '',
  callerNumber: '',
  connectedNumber: '',
  accountCode: '',
  context: '',
  exten: '',
  app: '',
  appData: '',
  protocolId: '',
  createdAt: 0,
}

/** Adds a channel that has become known to a call. */
export function newChannel(snapshot: ChannelSnapshot, call: OpenCall, arrival: number): Channel {
  const channel: Channel = {
    id: snapshot.id,
    name: parseChannelName(snapshot.name),
    createdAt: snapshot.createdAt,
    sipCallId: snapshot.protocolId || null,
    arrival,
    snapshot,
    call,
    ownCall: null,
    app: '',
    appData: '',
    pages: [],
    bridge: null,
    upAt: null,
    ringingAt: null,
    dialingSince: 0,
    dialedAt: -1,
    movedAt: 0,
    lastLeft: null,
    heldChangedAt: 0,
    refusal: null,
    talkingSince: null,
    talkMs: 0,
    held: false,
    transferredAway: false,
    quality: null,
    voice: null,
  }
  call.channels.add(channel)
  return channel
}
