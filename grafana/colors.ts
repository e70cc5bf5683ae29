// One colour for one outcome, on every board: green was answered, red was lost, grey is nobody's fault.
//
// Keys are the values of the labels, so that a legend of only that label finds its colour.

import type { Direction } from '../src/call/event.ts'
import type { CallState, CauseClass, Disposition, QueueOutcome } from '../src/call/fact.ts'
import type { PhoneState } from '../src/call/phoneStates.ts'
import type { OperatorResult, TrunkResult } from '../src/metrics/labelLists.ts'

/** How calls, seizures and offers ended. */
export const OUTCOME_COLORS: Readonly<Record<Disposition | TrunkResult | OperatorResult, string>> = {
  answered: 'green',
  answered_elsewhere: 'super-light-green',
  voicemail: 'purple',
  self_service: 'blue',
  abandoned: 'dark-red',
  no_answer: 'red',
  cancelled: 'yellow',
  busy: 'orange',
  rejected: 'dark-orange',
  unreachable: 'dark-purple',
  congestion: 'semi-dark-red',
  invalid_number: 'dark-yellow',
  failed: 'dark-blue',
  merged: 'super-light-blue',
  unknown: 'text',
}

export const CAUSE_COLORS: Readonly<Record<CauseClass, string>> = {
  normal: 'green',
  answered_elsewhere: 'super-light-green',
  busy: 'orange',
  no_answer: 'red',
  rejected: 'dark-orange',
  unreachable: 'dark-purple',
  congestion: 'semi-dark-red',
  invalid_number: 'dark-yellow',
  other: 'text',
}

export const QUEUE_COLORS: Readonly<Record<QueueOutcome, string>> = {
  answered: 'green',
  abandoned: 'red',
  timeout: 'orange',
  full: 'dark-red',
  joinempty: 'purple',
  leaveempty: 'dark-purple',
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

export const DIRECTION_COLORS: Readonly<Record<Direction, string>> = {
  inbound: 'blue',
  outbound: 'green',
  internal: 'purple',
  transit: 'orange',
}
