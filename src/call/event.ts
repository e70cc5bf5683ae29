// What the PBX did, as typed events: the only input of the core.
//
// `ari/` makes them from wire frames and REST responses; nothing here depends on JSON, sockets or clocks.
// Every time (`at`, `…At`) is in epoch milliseconds, from the PBX's own clock, and comes with the event.
// Source: Asterisk's ARI event models, and recorded traffic of real calls (test/traces).

/** A channel as one event or snapshot describes it. Empty strings where the PBX gives no value. */
export interface ChannelSnapshot {
  readonly id: string
  /** `TECH/resource-sequence`, or `Local/exten@context-sequence;1`. Repeats after a restart: never a key. */
  readonly name: string
  /** Asterisk's channel state: `Down`, `Rsrvd`, `OffHook`, `Dialing`, `Ring`, `Ringing`, `Up`, `Busy` … */
  readonly state: string
  readonly callerName: string
  readonly callerNumber: string
  readonly connectedNumber: string
  readonly accountCode: string
  readonly context: string
  readonly exten: string
  /** The dialplan application that the channel runs, and its arguments as one string. */
  readonly app: string
  readonly appData: string
  /** What the far end calls this call: the Call-ID of SIP. Empty in a channel's first and last event, and in other technologies. */
  readonly protocolId: string
  readonly createdAt: number
}

/**
 * `talk`: its channels hear each other. `conference`: likewise, but it joins no calls.
 * `holding`: each channel waits alone. `parking`: a holding bridge for parked calls.
 */
export type BridgeKind = 'talk' | 'conference' | 'holding' | 'parking'

export interface BridgeSnapshot {
  readonly id: string
  readonly kind: BridgeKind
  /** Ids of its channels after the event. */
  readonly channels: readonly string[]
  /** Only snapshots have it: for a bridge of two channels it is the time of the answer. */
  readonly createdAt?: number
}

/** `trying` starts a dial attempt; the others are its progress or its end. */
export type DialStatus =
  | 'trying'
  | 'proceeding'
  | 'progress'
  | 'ringing'
  | 'answer'
  | 'no_answer'
  | 'busy'
  | 'cancel'
  | 'congestion'
  | 'unavailable'

/** The channel variables with information about a call; others do not reach the core. */
export const CALL_VARIABLES = [
  'ABANDONED',
  'ATTENDEDTRANSFER',
  'AVAILORIGCHAN',
  'AVAILSTATUS',
  'DIALSTATUS',
  'MIXMONITOR_FILENAME',
  'QUEUESTATUS',
  'QUEUEWAIT',
  'RTPAUDIOQOS',
  'VMSTATUS',
] as const

export type CallVariable = (typeof CALL_VARIABLES)[number]

/** An endpoint as the PBX describes it. `unknown` when the PBX does not monitor it. */
export interface EndpointSnapshot {
  readonly technology: string
  readonly resource: string
  readonly state: 'online' | 'offline' | 'unknown'
}

/** A leg that was open when the call log was last written; `channelId` is its channel. */
export interface RestoredLeg {
  readonly channelId: string
  readonly sipCallId: string | null
  readonly endpoint: string
  readonly dialed: string
  readonly startedAt: number
  readonly ringingAt: number | null
  readonly answeredAt: number | null
  readonly voiceProblem: VoiceProblem | null
}

/** A call that was open when the call log was last written, as far as its rows describe it. */
export interface RestoredCall {
  readonly channelId: string
  readonly sipCallId: string | null
  readonly recording: string | null
  readonly caller: string
  readonly callee: string
  readonly callerName: string
  readonly callerEndpoint: string
  readonly direction: Direction
  readonly startedAt: number
  readonly answeredAt: number | null
  readonly answeredBy: readonly string[]
  readonly voiceProblem: VoiceProblem | null
  readonly line: string | null
  readonly destination: Destination | null
  readonly transfers: number
  readonly accountCode: string
  readonly context: string
  readonly legs: readonly RestoredLeg[]
}

/** Where a call went, as seen from the PBX. */
export const DIRECTIONS = ['inbound', 'outbound', 'internal', 'transit'] as const

export type Direction = (typeof DIRECTIONS)[number]

/** What kind of number was dialed on a trunk, by what a call to it costs ([the definition](../numbers/README.md)). */
export const DESTINATION_CLASSES = [
  'emergency',
  'national',
  'mobile',
  'international',
  'premium',
  'satellite',
  'special',
  'unknown',
] as const

export type DestinationClass = (typeof DESTINATION_CLASSES)[number]

/** `country`: the ISO 3166 code if the class is `international` and the country is known, else empty. */
export interface Destination {
  readonly class: DestinationClass
  readonly country: string
}

/** The destination of a number as it was dialed on a trunk. */
export type DestinationOf = (number: string) => Destination

/** The name of the line that a number called from outside belongs to; null if it belongs to none. */
export type LineOf = (called: string) => string | null

/** What can be wrong with the voice of a leg in conversation; the worst first. */
export const VOICE_PROBLEMS = ['one_way', 'loss', 'jitter'] as const

export type VoiceProblem = (typeof VOICE_PROBLEMS)[number]

/** `rx`: what Asterisk receives from the phone or trunk; `tx`: what that end receives. */
export type VoiceSide = 'rx' | 'tx'

export type PbxEvent =
  | { readonly type: 'ChannelCreated'; readonly at: number; readonly channel: ChannelSnapshot }
  | { readonly type: 'ChannelStateChanged'; readonly at: number; readonly channel: ChannelSnapshot }
  /** The channel began to run a dialplan application; `channel.app` and `channel.appData` name it. */
  | { readonly type: 'ApplicationEntered'; readonly at: number; readonly channel: ChannelSnapshot }
  | {
      readonly type: 'VariableSet'
      readonly at: number
      readonly channel: ChannelSnapshot
      readonly variable: CallVariable
      readonly value: string
    }
  /** `caller` is absent when an application, AMI or the CLI originates. `forwardedTo`: the peer redirected the call (302). */
  | {
      readonly type: 'Dialed'
      readonly at: number
      readonly caller?: ChannelSnapshot
      readonly peer: ChannelSnapshot
      readonly status: DialStatus
      /** What was dialed, as the technology writes it (`0401234567@trunk-a`); only `trying` always has it. */
      readonly dialString: string
      readonly forwardedTo?: ChannelSnapshot
    }
  /** `soft`: Asterisk hangs up; otherwise the far end did. `cause`: Q.850; `techCause`: the SIP status. */
  | {
      readonly type: 'HangupRequested'
      readonly at: number
      readonly channel: ChannelSnapshot
      readonly soft: boolean
      readonly cause?: number
      readonly techCause?: number
    }
  | {
      readonly type: 'ChannelDestroyed'
      readonly at: number
      readonly channel: ChannelSnapshot
      readonly cause: number
      readonly causeText: string
      readonly techCause?: number
    }
  | {
      readonly type: 'BridgeEntered'
      readonly at: number
      readonly bridge: BridgeSnapshot
      readonly channel: ChannelSnapshot
    }
  | {
      readonly type: 'BridgeLeft'
      readonly at: number
      readonly bridge: BridgeSnapshot
      readonly channel: ChannelSnapshot
    }
  | { readonly type: 'BridgeDestroyed'; readonly at: number; readonly bridge: BridgeSnapshot }
  | { readonly type: 'Held'; readonly at: number; readonly channel: ChannelSnapshot }
  | { readonly type: 'Unheld'; readonly at: number; readonly channel: ChannelSnapshot }
  /** A successful blind transfer: `transferee` continues, `transferer` leaves the call. */
  | {
      readonly type: 'BlindTransferred'
      readonly at: number
      readonly transferer: ChannelSnapshot
      readonly transferee?: ChannelSnapshot
      readonly exten: string
    }
  /** A successful attended transfer: both channels of the transferer leave the call. */
  | {
      readonly type: 'AttendedTransferred'
      readonly at: number
      readonly firstLeg: ChannelSnapshot
      readonly secondLeg: ChannelSnapshot
      readonly transferee?: ChannelSnapshot
      readonly target?: ChannelSnapshot
    }
  | { readonly type: 'EndpointChanged'; readonly at: number; readonly endpoint: EndpointSnapshot }
  | {
      readonly type: 'ContactChanged'
      readonly at: number
      readonly endpoint: EndpointSnapshot
      readonly roundTripMs?: number
    }
  /** The PBX's clock was set by `byMs` (back when negative), inferred from the arrival times of its events. */
  | { readonly type: 'ClockStepped'; readonly at: number; readonly byMs: number }
  /** What the statistics of a channel's voice say, when that has changed (voice/); null: nothing is wrong with it. */
  | {
      readonly type: 'VoiceJudged'
      readonly at: number
      readonly channelId: string
      readonly trouble: { readonly problem: VoiceProblem; readonly side: VoiceSide } | null
    }
  /** The connection is lost: no events from `at` to the next snapshot. */
  | { readonly type: 'ConnectionLost'; readonly at: number }
  /** Everything that exists now. Comes first after every connect; later events may repeat what it says. */
  | {
      readonly type: 'SnapshotTaken'
      readonly at: number
      readonly channels: readonly ChannelSnapshot[]
      readonly bridges: readonly BridgeSnapshot[]
      readonly endpoints: readonly EndpointSnapshot[]
    }
  /** Ids of all existing channels, requested periodically, to find channels whose end was never reported. */
  | { readonly type: 'ChannelsListed'; readonly at: number; readonly ids: readonly string[] }
  /** The calls that a previous run of the exporter left open; comes before the first snapshot. `at`: when it last received events. */
  | { readonly type: 'OpenCallsRestored'; readonly at: number; readonly calls: readonly RestoredCall[] }

/** Events about single channels. The others concern the session, endpoints, or all channels at once. */
export type ChannelEvent = Exclude<
  PbxEvent,
  {
    type:
      | 'ClockStepped'
      | 'ConnectionLost'
      | 'SnapshotTaken'
      | 'ChannelsListed'
      | 'VoiceJudged'
      | 'OpenCallsRestored'
      | 'EndpointChanged'
      | 'ContactChanged'
  }
>
