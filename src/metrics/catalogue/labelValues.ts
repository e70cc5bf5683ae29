// The closed lists of label values that only the metrics use; the others are the core's (call/fact.ts).
//
// Never contains a name from a PBX: such a label is open, and its number of values is limited (cardinality.ts).

import { type Direction, VOICE_PROBLEMS } from '../../call/event.ts'
import type { Disposition, EndpointRole, LegResult, LegRole } from '../../call/fact.ts'
import { LEG_RESULTS } from '../../call/fact.ts'
import type { OperatorState } from '../../staffing/operatorStates.ts'

/** Labels whose values are names from the PBX, or countries that are called; each has its own limit. */
export const OPEN_LABELS = ['trunk', 'operator', 'queue', 'endpoint', 'country'] as const

export type OpenLabel = (typeof OPEN_LABELS)[number]

/** The label value of values beyond the limit, or outside an external list. */
export const OTHER = 'other'

/** The directions in which a call can be missed. */
export const MISSED_DIRECTIONS = ['inbound', 'internal'] as const satisfies readonly Direction[]

export type MissedDirection = (typeof MISSED_DIRECTIONS)[number]

export const RING_OUTCOMES = ['answered', 'not_answered'] as const

export const TRUNK_DIRECTIONS = ['inbound', 'outbound'] as const satisfies readonly Direction[]

/** How a seizure ended: an outbound one like any dial attempt, an inbound one like the call that it brought. */
export const TRUNK_RESULTS = [
  ...LEG_RESULTS,
  'voicemail',
  'abandoned',
  'self_service',
  'unknown',
] as const satisfies readonly (LegResult | Disposition)[]

export type TrunkResult = (typeof TRUNK_RESULTS)[number]

/** How a call offered to a phone ended. Causes in the network are not distinguished: they count as `unreachable`. */
export const OPERATOR_RESULTS = [
  'answered',
  'no_answer',
  'busy',
  'rejected',
  'unreachable',
  'answered_elsewhere',
  'cancelled',
] as const satisfies readonly LegResult[]

export type OperatorResult = (typeof OPERATOR_RESULTS)[number]

export const OPERATOR_STATES = [
  'idle',
  'ringing',
  'talking',
  'wrapup',
  'paused',
  'offline',
] as const satisfies readonly OperatorState[]

export const QUEUE_WAIT_OUTCOMES = ['answered', 'abandoned', 'other'] as const

/** The role of the leg whose voice was measured. */
export const VOICE_ROLES = ['caller', 'callee'] as const satisfies readonly LegRole[]

export type VoiceRole = (typeof VOICE_ROLES)[number]

/** `rx`: what Asterisk received from the phone; `tx`: what the phone received. */
export const STREAM_SIDES = ['rx', 'tx'] as const

export type StreamSide = (typeof STREAM_SIDES)[number]

/** What is wrong with the voice of a leg in conversation. */
export const LIVE_VOICE = ['none', ...VOICE_PROBLEMS] as const

export const ENDPOINT_ROLES = ['trunk', 'phone'] as const satisfies readonly EndpointRole[]

export const ENDPOINT_STATES = ['online', 'offline', 'unknown'] as const

export type EndpointState = (typeof ENDPOINT_STATES)[number]

export const YES_NO = ['yes', 'no'] as const

/** How a question to Asterisk ended. */
export const QUESTION_OUTCOMES = ['answered', 'gone', 'refused', 'no_answer'] as const

export type QuestionOutcome = (typeof QUESTION_OUTCOMES)[number]

export const RECONCILED_OUTCOMES = ['kept', 'adopted', 'ended'] as const
