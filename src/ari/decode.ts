// Decodes one frame of the event socket: to an event, to nothing, or to the reason why it is malformed.
//
// It runs for every frame (tens of thousands a second), so it uses plain checks instead of a schema library. It never throws. The
// names of the wire format are not used beyond this folder.
// Source: Asterisk's rest-api/api-docs/events.json, and recorded traffic (test/traces).

import { CALL_VARIABLES, type CallVariable, type DialStatus, type PbxEvent } from '../call/event.ts'
import { decodeBridge, decodeChannel, decodeEndpoint, textOf } from './decodeModels.ts'
import { type FrameType, frameTypeOf } from './frameType.ts'
import { parseTimestamp } from './timestamp.ts'
import { isObject, type WireContact, type WireFrame } from './wire.ts'

/** Why a frame could not be decoded: a closed list, used as a metric label. */
export const MALFORMED_REASONS = [
  'too_large',
  'not_json',
  'not_object',
  'no_type',
  'bad_timestamp',
  'bad_channel',
  'bad_bridge',
  'bad_endpoint',
  'bad_field',
] as const

export type MalformedReason = (typeof MALFORMED_REASONS)[number]

/** `ignored`: well-formed, but without information that the program uses. */
export type Decoded =
  | { readonly kind: 'event'; readonly frameType: FrameType; readonly event: PbxEvent }
  | { readonly kind: 'ignored'; readonly frameType: FrameType }
  | { readonly kind: 'malformed'; readonly reason: MalformedReason }

/** An event, the reason why the frame is malformed, or null if it is ignored. */
type Reading = PbxEvent | MalformedReason | null

/** Longer than any frame of a real PBX (the longest recorded one has 5 KB; a parking lot with 1,000 calls would need 30 KB). */
const MAX_FRAME_LENGTH = 4 * 1024 * 1024

const DIAL_STATUSES: ReadonlyMap<string, DialStatus> = new Map<string, DialStatus>([
  ['', 'trying'],
  ['PROCEEDING', 'proceeding'],
  ['PROGRESS', 'progress'],
  ['RINGING', 'ringing'],
  ['ANSWER', 'answer'],
  ['NOANSWER', 'no_answer'],
  ['BUSY', 'busy'],
  ['CANCEL', 'cancel'],
  ['CONGESTION', 'congestion'],
  ['CHANUNAVAIL', 'unavailable'],
])

const READERS: ReadonlyMap<string, (frame: WireFrame, at: number) => Reading> = new Map([
  ['ChannelCreated', (frame, at) => readChannelEvent('ChannelCreated', frame, at)],
  ['ChannelStateChange', (frame, at) => readChannelEvent('ChannelStateChanged', frame, at)],
  ['ChannelHold', (frame, at) => readChannelEvent('Held', frame, at)],
  ['ChannelUnhold', (frame, at) => readChannelEvent('Unheld', frame, at)],
  ['ChannelDialplan', readApplication],
  ['ChannelVarset', readVariable],
  ['Dial', readDial],
  ['ChannelHangupRequest', readHangupRequest],
  ['ChannelDestroyed', readDestroyed],
  ['ChannelEnteredBridge', (frame, at) => readBridgeStep('BridgeEntered', frame, at)],
  ['ChannelLeftBridge', (frame, at) => readBridgeStep('BridgeLeft', frame, at)],
  ['BridgeDestroyed', readBridgeDestroyed],
  ['BridgeBlindTransfer', readBlindTransfer],
  ['BridgeAttendedTransfer', readAttendedTransfer],
  ['PeerStatusChange', readEndpoint],
  ['EndpointStateChange', readEndpoint],
  ['ContactStatusChange', readContact],
])

/** The frame types that the program uses; Asterisk need not send the others. */
export const USED_FRAME_TYPES: readonly string[] = [...READERS.keys()]

/** Decodes a text frame of the event socket. Never throws. */
export function decodeFrame(text: string): Decoded {
  if (text.length > MAX_FRAME_LENGTH) {
    return { kind: 'malformed', reason: 'too_large' }
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { kind: 'malformed', reason: 'not_json' }
  }
  return decodeEvent(value)
}

/** Decodes a frame that is already parsed, as in a recording. Never throws. */
export function decodeEvent(value: unknown): Decoded {
  if (!isObject(value)) {
    return { kind: 'malformed', reason: 'not_object' }
  }
  const frame = value as WireFrame
  if (typeof frame.type !== 'string' || frame.type === '') {
    return { kind: 'malformed', reason: 'no_type' }
  }
  const frameType = frameTypeOf(frame.type)
  const read = READERS.get(frame.type)
  if (read === undefined) {
    return { kind: 'ignored', frameType }
  }
  const at = typeof frame.timestamp === 'string' ? parseTimestamp(frame.timestamp) : Number.NaN
  if (Number.isNaN(at)) {
    return { kind: 'malformed', reason: 'bad_timestamp' }
  }
  const reading = read(frame, at)
  if (reading === null) {
    return { kind: 'ignored', frameType }
  }
  if (typeof reading === 'string') {
    return { kind: 'malformed', reason: reading }
  }
  return { kind: 'event', frameType, event: reading }
}

type ChannelEventType = 'ChannelCreated' | 'ChannelStateChanged' | 'Held' | 'Unheld'

function readChannelEvent(type: ChannelEventType, frame: WireFrame, at: number): Reading {
  const channel = decodeChannel(frame.channel, at)
  return channel === null ? 'bad_channel' : { type, at, channel }
}

function readApplication(frame: WireFrame, at: number): Reading {
  const { dialplan_app: app, dialplan_app_data: appData } = frame
  if (typeof app !== 'string' || typeof appData !== 'string') {
    return 'bad_field'
  }
  const channel = decodeChannel(frame.channel, at)
  // The event's own fields: the channel in the event may already be one step further.
  return channel === null ? 'bad_channel' : { type: 'ApplicationEntered', at, channel: { ...channel, app, appData } }
}

function readVariable(frame: WireFrame, at: number): Reading {
  const { variable, value } = frame
  if (typeof variable !== 'string') {
    return 'bad_field'
  }
  // A variable without a channel is a global one.
  if (!isCallVariable(variable) || frame.channel === undefined) {
    return null
  }
  if (typeof value !== 'string') {
    return 'bad_field'
  }
  const channel = decodeChannel(frame.channel, at)
  return channel === null ? 'bad_channel' : { type: 'VariableSet', at, channel, variable, value }
}

const KNOWN_VARIABLES: ReadonlySet<string> = new Set(CALL_VARIABLES)

/** Whether the program uses the variable. */
export function isCallVariable(name: string): name is CallVariable {
  return KNOWN_VARIABLES.has(name)
}

function readDial(frame: WireFrame, at: number): Reading {
  if (typeof frame.dialstatus !== 'string') {
    return 'bad_field'
  }
  const status = DIAL_STATUSES.get(frame.dialstatus)
  // The results of a macro or a Gosub on the called leg (CONTINUE, ABORT …) say nothing about the attempt.
  if (status === undefined) {
    return null
  }
  const peer = decodeChannel(frame.peer, at)
  const caller = frame.caller === undefined ? undefined : decodeChannel(frame.caller, at)
  const forwardedTo = frame.forwarded === undefined ? undefined : decodeChannel(frame.forwarded, at)
  if (peer === null || caller === null || forwardedTo === null) {
    return 'bad_channel'
  }
  return {
    type: 'Dialed',
    at,
    ...(caller && { caller }),
    peer,
    status,
    dialString: textOf(frame.dialstring),
    ...(forwardedTo && { forwardedTo }),
  }
}

function readHangupRequest(frame: WireFrame, at: number): Reading {
  const channel = decodeChannel(frame.channel, at)
  if (channel === null) {
    return 'bad_channel'
  }
  const { cause, tech_cause: techCause } = frame
  return {
    type: 'HangupRequested',
    at,
    channel,
    soft: frame.soft === true,
    ...(isCode(cause) && { cause }),
    ...(isCode(techCause) && { techCause }),
  }
}

function readDestroyed(frame: WireFrame, at: number): Reading {
  const { cause, tech_cause: techCause } = frame
  if (!isCode(cause)) {
    return 'bad_field'
  }
  const channel = decodeChannel(frame.channel, at)
  if (channel === null) {
    return 'bad_channel'
  }
  const causeText = textOf(frame.cause_txt)
  return { type: 'ChannelDestroyed', at, channel, cause, causeText, ...(isCode(techCause) && { techCause }) }
}

function readBridgeStep(type: 'BridgeEntered' | 'BridgeLeft', frame: WireFrame, at: number): Reading {
  const bridge = decodeBridge(frame.bridge)
  if (bridge === null) {
    return 'bad_bridge'
  }
  const channel = decodeChannel(frame.channel, at)
  return channel === null ? 'bad_channel' : { type, at, bridge, channel }
}

function readBridgeDestroyed(frame: WireFrame, at: number): Reading {
  const bridge = decodeBridge(frame.bridge)
  return bridge === null ? 'bad_bridge' : { type: 'BridgeDestroyed', at, bridge }
}

function readBlindTransfer(frame: WireFrame, at: number): Reading {
  if (frame.result !== 'Success') {
    return null
  }
  const transferer = decodeChannel(frame.channel, at)
  const transferee = frame.transferee === undefined ? undefined : decodeChannel(frame.transferee, at)
  if (transferer === null || transferee === null) {
    return 'bad_channel'
  }
  return { type: 'BlindTransferred', at, transferer, ...(transferee && { transferee }), exten: textOf(frame.exten) }
}

function readAttendedTransfer(frame: WireFrame, at: number): Reading {
  if (frame.result !== 'Success') {
    return null
  }
  const firstLeg = decodeChannel(frame.transferer_first_leg, at)
  const secondLeg = decodeChannel(frame.transferer_second_leg, at)
  const transferee = frame.transferee === undefined ? undefined : decodeChannel(frame.transferee, at)
  const target = frame.transfer_target === undefined ? undefined : decodeChannel(frame.transfer_target, at)
  if (firstLeg === null || secondLeg === null || transferee === null || target === null) {
    return 'bad_channel'
  }
  const parties = { ...(transferee && { transferee }), ...(target && { target }) }
  return { type: 'AttendedTransferred', at, firstLeg, secondLeg, ...parties }
}

function readEndpoint(frame: WireFrame, at: number): Reading {
  const endpoint = decodeEndpoint(frame.endpoint)
  return endpoint === null ? 'bad_endpoint' : { type: 'EndpointChanged', at, endpoint }
}

function readContact(frame: WireFrame, at: number): Reading {
  const endpoint = decodeEndpoint(frame.endpoint)
  if (endpoint === null) {
    return 'bad_endpoint'
  }
  if (!isObject(frame.contact_info)) {
    return 'bad_field'
  }
  const roundTripMs = Number(textOf((frame.contact_info as WireContact).roundtrip_usec)) / 1000
  // Asterisk writes 0 if it never measured.
  const isMeasured = Number.isFinite(roundTripMs) && roundTripMs > 0
  return { type: 'ContactChanged', at, endpoint, ...(isMeasured && { roundTripMs }) }
}

/** Q.850 and SIP codes are non-negative integers. */
function isCode(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0
}
