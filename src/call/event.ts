// What the PBX did, in our own words: the only input of the core.
//
// `ari/` makes these from wire frames and REST answers; nothing here knows of JSON, sockets or clocks.
// Every instant (`at`, `…At`) is in epoch milliseconds and is the PBX's own, taken from the event itself.
// Source of the meaning: Asterisk's ARI event models, and recorded traffic of real calls (test/traces).

/** A channel as the PBX described it in one event or snapshot. Empty strings where the PBX had nothing to say. */
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
  /** The dialplan application that the channel is in, and its arguments as one string. */
  readonly app: string
  readonly appData: string
  readonly createdAt: number
}

/**
 * `talk`: those inside hear each other. `conference`: likewise, but a place of its own that joins no calls.
 * `holding`: everyone waits alone. `parking`: a holding bridge that parked calls wait in.
 */
export type BridgeKind = 'talk' | 'conference' | 'holding' | 'parking'

export interface BridgeSnapshot {
  readonly id: string
  readonly kind: BridgeKind
  /** Ids of the channels inside, after the step that the event tells of. */
  readonly channels: readonly string[]
  /** Only snapshots know it: for a bridge of two it is the moment of the answer. */
  readonly createdAt?: number
}

/** `trying` is the begin of a dial attempt; the others are signs of life or its end. */
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

/** A channel variable that tells something of a call; others never reach the core. */
export const CALL_VARIABLES = [
  'ABANDONED',
  'ATTENDEDTRANSFER',
  'AVAILORIGCHAN',
  'AVAILSTATUS',
  'DIALSTATUS',
  'QUEUESTATUS',
  'QUEUEWAIT',
  'RTPAUDIOQOS',
  'VMSTATUS',
] as const

export type CallVariable = (typeof CALL_VARIABLES)[number]

/** An endpoint as the PBX described it. `unknown` when the PBX does not watch it. */
export interface EndpointSnapshot {
  readonly technology: string
  readonly resource: string
  readonly state: 'online' | 'offline' | 'unknown'
}

/** A leg that was open when the call log was last written; `channelId` is its channel. */
export interface RestoredLeg {
  readonly channelId: string
  readonly endpoint: string
  readonly startedAt: number
  readonly ringingAt: number | null
  readonly answeredAt: number | null
}

/** A call that was open when the call log was last written, as far as its rows tell. */
export interface RestoredCall {
  readonly channelId: string
  readonly caller: string
  readonly callee: string
  readonly callerName: string
  readonly callerEndpoint: string
  readonly direction: Direction
  readonly startedAt: number
  readonly answeredAt: number | null
  readonly answeredBy: readonly string[]
  readonly transfers: number
  readonly accountCode: string
  readonly context: string
  readonly legs: readonly RestoredLeg[]
}

/** Where a call went, as seen from the PBX. */
export const DIRECTIONS = ['inbound', 'outbound', 'internal', 'transit'] as const

export type Direction = (typeof DIRECTIONS)[number]

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
  /** `caller` is absent when an application, AMI or the CLI originates. `forwardedTo`: the peer sent the call on (302). */
  | {
      readonly type: 'Dialed'
      readonly at: number
      readonly caller?: ChannelSnapshot
      readonly peer: ChannelSnapshot
      readonly status: DialStatus
      /** What was dialed, as the technology writes it (`0401234567@trunk-a`); only the begin is sure to have it. */
      readonly dialString: string
      readonly forwardedTo?: ChannelSnapshot
    }
  /** `soft`: Asterisk's own doing; otherwise the far end hung up. Cause: Q.850; techCause: the SIP code. */
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
  /** A successful blind transfer; `transferee` goes on, `transferer` is done. */
  | {
      readonly type: 'BlindTransferred'
      readonly at: number
      readonly transferer: ChannelSnapshot
      readonly transferee?: ChannelSnapshot
      readonly exten: string
    }
  /** A successful attended transfer; both legs of the transferer are done. */
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
  /** The PBX's clock was set by `byMs` (back when negative), as far as can be told from when its events are heard. */
  | { readonly type: 'ClockStepped'; readonly at: number; readonly byMs: number }
  /** The session is gone: from `at` on nothing is heard until the next snapshot. */
  | { readonly type: 'ConnectionLost'; readonly at: number }
  /** All that lives now. Comes first after every connect; the events after it may repeat what it already says. */
  | {
      readonly type: 'SnapshotTaken'
      readonly at: number
      readonly channels: readonly ChannelSnapshot[]
      readonly bridges: readonly BridgeSnapshot[]
      readonly endpoints: readonly EndpointSnapshot[]
    }
  /** Ids of all channels that live, asked for now and then: the end of one that is missing again and again was never told. */
  | { readonly type: 'ChannelsListed'; readonly at: number; readonly ids: readonly string[] }
  /** The calls that a former run of the program left open; comes before the first snapshot. `at`: when it last saw them. */
  | { readonly type: 'OpenCallsRestored'; readonly at: number; readonly calls: readonly RestoredCall[] }

/** The events that tell of single channels. The others tell of the session, of endpoints or of all channels at once. */
export type ChannelEvent = Exclude<
  PbxEvent,
  {
    type:
      | 'ClockStepped'
      | 'ConnectionLost'
      | 'SnapshotTaken'
      | 'ChannelsListed'
      | 'OpenCallsRestored'
      | 'EndpointChanged'
      | 'ContactChanged'
  }
>
