// One colour for one outcome, on every board: green was answered, red was lost, grey is nobody's fault.
//
// Keys are the values of the labels, so that a legend of only that label finds its colour. What was lost has a colour of its
// own each, red for whoever gave up; what the network did is purple; green is never bad. A thing (a queue, a trunk, a phone) is
// not here: a graph colours it by its name.

import type { Direction } from '../src/call/event.ts'
import type { CallState, CauseClass, Disposition, QueueOutcome, Side } from '../src/call/fact.ts'
import type { PhoneState } from '../src/call/views/phoneStates.ts'
import type {
  EndpointState,
  MissedDirection,
  OperatorResult,
  TrunkResult,
} from '../src/metrics/catalogue/labelValues.ts'

/** How calls, seizures and offers ended. */
export const OUTCOME_COLORS: Readonly<Record<Disposition | TrunkResult | OperatorResult, string>> = {
  answered: 'green',
  answered_elsewhere: 'super-light-green',
  voicemail: 'light-blue',
  self_service: 'blue',
  abandoned: 'red',
  no_answer: 'orange',
  cancelled: 'yellow',
  busy: 'super-light-orange',
  rejected: 'dark-yellow',
  unreachable: 'semi-dark-purple',
  congestion: 'super-light-purple',
  invalid_number: 'light-purple',
  failed: 'dark-red',
  merged: 'super-light-blue',
  unknown: 'text',
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
  other: 'text',
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

export const STATE_COLORS: Readonly<Record<CallState, string>> = {
  talking: 'green',
  ringing: 'yellow',
  queued: 'orange',
  held: 'blue',
  parked: 'purple',
  ivr: 'super-light-blue',
  setup: 'text',
}

export const OPERATOR_COLORS: Readonly<Record<PhoneState, string>> = {
  idle: 'green',
  ringing: 'yellow',
  talking: 'blue',
  offline: 'red',
}

/** As Asterisk says of a phone or a trunk. */
export const ENDPOINT_COLORS: Readonly<Record<EndpointState, string>> = {
  online: 'green',
  offline: 'red',
  unknown: 'text',
}

/** What a percentile is drawn in: the usual case is calm, the rare one is warm. */
export const PERCENTILE_COLORS: Readonly<Record<string, string>> = {
  p50: 'blue',
  p90: 'orange',
  p95: 'orange',
  p99: 'red',
}

/** Missed calls by where they came from: a lost customer is worse than a colleague that did not pick up. */
export const MISSED_COLORS: Readonly<Record<MissedDirection, string>> = { inbound: 'red', internal: 'yellow' }

export const DIRECTION_COLORS: Readonly<Record<Direction, string>> = {
  inbound: 'blue',
  outbound: 'light-green',
  internal: 'purple',
  transit: 'yellow',
}

/** Who hung up: nobody's fault, but for the PBX itself. */
export const SIDE_COLORS: Readonly<Record<Side, string>> = { caller: 'blue', callee: 'light-green', system: 'orange' }
