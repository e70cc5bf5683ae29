// Colours of outcomes and states, the same on every board: green is good, red is bad, grey is unknown.
//
// Keys are label values. Outcomes caused by people are red, orange and yellow, those caused by the network are purple; values
// that can be on one panel differ clearly (a test measures it). Queues, trunks and phones are not here: graphs colour them by
// their names.

import type { DestinationClass, Direction } from '../src/call/event.ts'
import type { CallState, CauseClass, Disposition, QueueOutcome, Side } from '../src/call/fact.ts'
import type { MissedCallerOutcome } from '../src/callback/missedCaller.ts'
import type {
  EndpointState,
  MissedDirection,
  OperatorResult,
  TrunkResult,
} from '../src/metrics/catalogue/labelValues.ts'
import type { AgentState } from '../src/staffing/agent.ts'
import type { OperatorState } from '../src/staffing/operatorStates.ts'

/** A grey that is neither white text nor a pale blue. */
const GREY = '#8e929b'

/** Outcomes of calls, seizures and offers. */
export const OUTCOME_COLORS: Readonly<Record<Disposition | TrunkResult | OperatorResult, string>> = {
  answered: 'green',
  answered_elsewhere: 'super-light-green',
  voicemail: 'light-blue',
  self_service: 'semi-dark-blue',
  abandoned: 'red',
  no_answer: 'orange',
  cancelled: 'yellow',
  busy: 'super-light-red',
  rejected: 'dark-orange',
  unreachable: 'semi-dark-purple',
  congestion: 'light-purple',
  invalid_number: 'super-light-yellow',
  failed: 'dark-red',
  merged: 'super-light-blue',
  unknown: GREY,
}

/** Kinds of numbers: what costs much is red or yellow, what costs little green or blue. */
export const DESTINATION_COLORS: Readonly<Record<DestinationClass, string>> = {
  emergency: 'dark-red',
  national: 'green',
  mobile: 'semi-dark-blue',
  international: 'orange',
  premium: 'super-light-red',
  satellite: 'semi-dark-purple',
  special: 'super-light-blue',
  unknown: GREY,
}

export const CAUSE_COLORS: Readonly<Record<CauseClass, string>> = {
  normal: 'green',
  answered_elsewhere: OUTCOME_COLORS.answered_elsewhere,
  busy: OUTCOME_COLORS.busy,
  no_answer: OUTCOME_COLORS.no_answer,
  rejected: OUTCOME_COLORS.rejected,
  unreachable: OUTCOME_COLORS.unreachable,
  congestion: OUTCOME_COLORS.congestion,
  invalid_number: OUTCOME_COLORS.invalid_number,
  other: GREY,
}

export const QUEUE_COLORS: Readonly<Record<QueueOutcome, string>> = {
  answered: 'green',
  abandoned: 'red',
  timeout: 'orange',
  full: 'dark-red',
  joinempty: 'light-purple',
  leaveempty: 'semi-dark-purple',
  exited: 'blue',
}

/** How missed callers are closed. */
export const CALLER_COLORS: Readonly<Record<MissedCallerOutcome, string>> = {
  returned: 'green',
  called_again: 'blue',
  expired: 'red',
}

export const STATE_COLORS: Readonly<Record<CallState, string>> = {
  talking: 'green',
  ringing: 'yellow',
  queued: 'orange',
  held: 'blue',
  parked: 'purple',
  ivr: 'super-light-blue',
  setup: GREY,
}

export const OPERATOR_COLORS: Readonly<Record<OperatorState, string>> = {
  idle: 'green',
  ringing: 'yellow',
  talking: 'blue',
  wrapup: 'light-purple',
  paused: 'orange',
  offline: 'red',
}

const { idle, ...SAME } = OPERATOR_COLORS

export const AGENT_COLORS: Readonly<Record<AgentState, string>> = { free: idle, ...SAME }

/** States of endpoints, as Asterisk reports them. */
export const ENDPOINT_COLORS: Readonly<Record<EndpointState, string>> = {
  online: 'green',
  offline: 'red',
  unknown: GREY,
}

/** Percentiles. */
export const PERCENTILE_COLORS: Readonly<Record<string, string>> = {
  p50: 'blue',
  p90: 'orange',
  p95: 'orange',
  p99: 'red',
}

/** Missed calls by direction: inbound ones matter more than internal ones. */
export const MISSED_COLORS: Readonly<Record<MissedDirection, string>> = { inbound: 'red', internal: 'yellow' }

export const DIRECTION_COLORS: Readonly<Record<Direction, string>> = {
  inbound: 'blue',
  outbound: 'light-green',
  internal: 'purple',
  transit: 'super-light-blue',
}

/** The side that hung up. */
export const SIDE_COLORS: Readonly<Record<Side, string>> = { caller: 'blue', callee: 'light-green', system: 'orange' }
