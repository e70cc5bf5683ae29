// Channels and bridges as they are being followed: where each channel is, and what is known of it.
//
// Mutable, and private to this folder. A channel belongs to a call from its first moment on.

import { type ChannelName, parseChannelName } from '../asterisk/channelName.ts'
import type { BridgeKind, ChannelSnapshot } from '../event.ts'
import type { VoiceQuality } from '../fact.ts'
import type { Refusal } from '../outcome/cause.ts'
import type { Call } from './call.ts'

export interface Bridge {
  readonly id: string
  kind: BridgeKind
  readonly members: Set<Channel>
}

export interface Channel {
  readonly id: string
  /** Known in full once the PBX described the channel. */
  name: ChannelName
  readonly createdAt: number
  /** Channels are numbered as they become known: the order does not depend on the PBX's clock. */
  readonly arrival: number
  /**
   * The description that came with the event; `app` and `appData` are where the channel is in the dialplan. Kept beyond it
   * only while the call is forming: who lives is described anew by whatever asks.
   */
  snapshot: ChannelSnapshot
  call: Call
  /** The call of its own of a waiting agent, while the agent is connected with a customer (`call` is the customer's then). */
  ownCall: Call | null
  /** The application that it was last seen in, and its arguments. */
  app: string
  appData: string
  /** Under what it is filed among those who page. */
  pages: readonly string[]
  bridge: Bridge | null
  /** When the channel was answered, by whomever. */
  upAt: number | null
  /** When it began to ring, which may be told before who dials it. */
  ringingAt: number | null
  /** When its latest `Dial` began: one that ends without an attempt since then could make no channel. */
  dialingSince: number
  /** When its latest attempt began; -1 before the first one. */
  dialedAt: number
  /** Its latest step into or out of a bridge; a step told late is older than that. */
  movedAt: number
  lastLeft: { readonly bridgeId: string; readonly at: number } | null
  heldChangedAt: number
  /** The far end hung up or refused: the cause of its request. */
  hangup: Refusal | null
  /** In conversation since; null when it hears nobody. */
  talkingSince: number | null
  talkMs: number
  held: boolean
  /** It transferred its call away: what becomes of it no longer matters to the call. */
  released: boolean
  quality: VoiceQuality | null
}

/** A channel of which nothing is told. */
export const UNDESCRIBED: ChannelSnapshot = {
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
  createdAt: 0,
}

/** A channel that was just heard of, in a forming call of its own. */
export function newChannel(snapshot: ChannelSnapshot, call: Call, arrival: number): Channel {
  const channel: Channel = {
    id: snapshot.id,
    name: parseChannelName(snapshot.name),
    createdAt: snapshot.createdAt,
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
    hangup: null,
    talkingSince: null,
    talkMs: 0,
    held: false,
    released: false,
    quality: null,
  }
  call.channels.add(channel)
  return channel
}
