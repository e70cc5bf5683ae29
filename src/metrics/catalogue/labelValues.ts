// The closed lists of label values that only the metrics use; the others are the core's (call/fact.ts).
//
// Never holds a name from a PBX: such a label is open, and its number of values is limited (cardinality.ts).

import type { Direction } from '../../call/event.ts'
import type { Disposition, EndpointRole, LegResult, LegRole } from '../../call/fact.ts'
import { LEG_RESULTS } from '../../call/fact.ts'
import type { PhoneState } from '../../call/views/phoneStates.ts'

/** Labels whose values are names from the PBX; each has its own limit. */
export type OpenLabel = 'trunk' | 'operator' | 'queue' | 'endpoint'

export const OPEN_LABELS: readonly OpenLabel[] = ['trunk', 'operator', 'queue', 'endpoint']

/** What a value beyond the limit, or outside an external list, is counted as. */
export const OTHER = 'other'

/** The directions in which a call can be missed. */
export type MissedDirection = Extract<Direction, 'inbound' | 'internal'>

export const MISSED_DIRECTIONS: readonly MissedDirection[] = ['inbound', 'internal']

export const RING_OUTCOMES: readonly ('answered' | 'not_answered')[] = ['answered', 'not_answered']

export type TrunkDirection = Extract<Direction, 'inbound' | 'outbound'>

export const TRUNK_DIRECTIONS: readonly TrunkDirection[] = ['inbound', 'outbound']

/** How a seizure ended: an outbound one like any dial attempt, an inbound one like the call that it brought. */
export type TrunkResult = LegResult | Exclude<Disposition, 'merged'>

export const TRUNK_RESULTS: readonly TrunkResult[] = [
  ...LEG_RESULTS,
  'voicemail',
  'abandoned',
  'self_service',
  'unknown',
]

/** How a call offered to a phone ended, as far as it tells something of the operator. */
export type OperatorResult = Exclude<LegResult, 'congestion' | 'invalid_number' | 'failed'>

export const OPERATOR_RESULTS: readonly OperatorResult[] = [
  'answered',
  'no_answer',
  'busy',
  'rejected',
  'unreachable',
  'answered_elsewhere',
  'cancelled',
]

export const OPERATOR_STATES: readonly PhoneState[] = ['idle', 'ringing', 'talking', 'offline']

export const QUEUE_WAIT_OUTCOMES: readonly ('answered' | 'abandoned' | 'other')[] = ['answered', 'abandoned', 'other']

/** Whose voice was measured. */
export type VoiceRole = Exclude<LegRole, 'paged'>

export const VOICE_ROLES: readonly VoiceRole[] = ['caller', 'callee']

/** `rx`: what Asterisk received from the phone; `tx`: what the phone received. */
export type StreamSide = 'rx' | 'tx'

export const STREAM_SIDES: readonly StreamSide[] = ['rx', 'tx']

export const ENDPOINT_ROLES: readonly EndpointRole[] = ['trunk', 'phone']

export type EndpointState = 'online' | 'offline' | 'unknown'

export const ENDPOINT_STATES: readonly EndpointState[] = ['online', 'offline', 'unknown']

export const RECONCILED_OUTCOMES: readonly ('kept' | 'adopted' | 'ended')[] = ['kept', 'adopted', 'ended']
