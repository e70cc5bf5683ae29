// Channels, bridges and endpoints of the simulated Asterisk, and their JSON in ARI.
//
// The JSON has the field order of a real Asterisk, and is cached until a field changes.
// Source: recorded traffic of Asterisk 22.

/** One channel. Change it with `amend` only, which also drops the cached JSON. */
export interface SimChannel {
  readonly id: string
  readonly name: string
  /** `PJSIP/101`; empty for the halves of a Local channel. */
  readonly endpoint: string
  readonly createdAt: number
  /** When it was answered; null before that. */
  upAt: number | null
  /** True when the channel runs the dialplan itself; false for one that was dialed. */
  inDialplan: boolean
  state: string
  protocolId: string
  callerName: string
  callerNumber: string
  connectedName: string
  connectedNumber: string
  accountCode: string
  context: string
  exten: string
  priority: number
  app: string
  appData: string
  /** Redirecting number: who forwarded the call; not in the JSON when empty. */
  rdnis: string
  /** The SIP address of who transferred the channel; inherited by what it dials. */
  transferredBy: string
  json: string
}

/** A bridge. */
export interface SimBridge {
  readonly id: string
  readonly kind: 'mixing' | 'holding'
  /** `basic`, `base` (conference), `parking`, `stasis`. */
  readonly bridgeClass: string
  readonly creator: string
  readonly name: string
  readonly createdAt: number
  technology: string
  channels: SimChannel[]
}

export interface SimEndpoint {
  readonly resource: string
  readonly role: 'phone' | 'trunk'
  readonly displayName: string
  readonly accountCode: string
  readonly context: string
  online: boolean
}

/** Changes a channel and drops the cached JSON. */
export function amend(channel: SimChannel, change: Partial<Omit<SimChannel, 'json'>>): void {
  Object.assign(channel, change)
  channel.json = ''
}

/** The channel as ARI's JSON text. */
export function channelJson(channel: SimChannel, stamp: (at: number) => string): string {
  if (channel.json === '') {
    channel.json = JSON.stringify({
      id: channel.id,
      name: channel.name,
      state: channel.state,
      protocol_id: channel.protocolId,
      caller: { name: channel.callerName, number: channel.callerNumber },
      connected: { name: channel.connectedName, number: channel.connectedNumber },
      accountcode: channel.accountCode,
      dialplan: {
        context: channel.context,
        exten: channel.exten,
        priority: channel.priority,
        app_name: channel.app,
        app_data: channel.appData,
      },
      creationtime: stamp(channel.createdAt),
      language: 'en',
      ...(channel.rdnis === '' ? {} : { caller_rdnis: channel.rdnis }),
    })
  }
  return channel.json
}

/** The bridge as ARI's JSON text; members are listed by the age of their channels, as Asterisk does. */
export function bridgeJson(bridge: SimBridge, stamp: (at: number) => string): string {
  return JSON.stringify({
    id: bridge.id,
    technology: bridge.technology,
    bridge_type: bridge.kind,
    bridge_class: bridge.bridgeClass,
    creator: bridge.creator,
    name: bridge.name,
    channels: bridge.channels.map((channel) => channel.id).sort(byAge),
    creationtime: stamp(bridge.createdAt),
    video_mode: 'none',
  })
}

function byAge(one: string, other: string): number {
  return Number(one.split('.')[1]) - Number(other.split('.')[1])
}
