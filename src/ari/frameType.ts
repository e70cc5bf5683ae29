// The types of frame that Asterisk sends on the event socket: a closed list, used as a metric label.
//
// Source: the subTypes of Event and Message in Asterisk 22.10.1's rest-api/api-docs/events.json.

/** The types that Asterisk 22 sends; any other is counted as `other`. */
export const FRAME_TYPES = [
  'ApplicationMoveFailed',
  'ApplicationRegistered',
  'ApplicationReplaced',
  'ApplicationUnregistered',
  'BridgeAttendedTransfer',
  'BridgeBlindTransfer',
  'BridgeCreated',
  'BridgeDestroyed',
  'BridgeMerged',
  'BridgeVideoSourceChanged',
  'CallBroadcast',
  'CallClaimed',
  'ChannelCallerId',
  'ChannelConnectedLine',
  'ChannelCreated',
  'ChannelDestroyed',
  'ChannelDialplan',
  'ChannelDtmfReceived',
  'ChannelEnteredBridge',
  'ChannelHangupRequest',
  'ChannelHold',
  'ChannelLeftBridge',
  'ChannelStateChange',
  'ChannelTalkingFinished',
  'ChannelTalkingStarted',
  'ChannelToneDetected',
  'ChannelTransfer',
  'ChannelUnhold',
  'ChannelUserevent',
  'ChannelVarset',
  'ContactStatusChange',
  'DeviceStateChanged',
  'Dial',
  'EndpointStateChange',
  'MissingParams',
  'PeerStatusChange',
  'PlaybackContinuing',
  'PlaybackFinished',
  'PlaybackStarted',
  'RESTResponse',
  'RecordingFailed',
  'RecordingFinished',
  'RecordingStarted',
  'StasisEnd',
  'StasisStart',
  'TextMessageReceived',
] as const

/** One of `FRAME_TYPES`, or `other`. */
export type FrameType = (typeof FRAME_TYPES)[number] | 'other'

const KNOWN: ReadonlyMap<string, FrameType> = new Map(FRAME_TYPES.map((type) => [type, type]))

/** The label for a frame's type. */
export function frameTypeOf(type: string): FrameType {
  return KNOWN.get(type) ?? 'other'
}
