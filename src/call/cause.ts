// What a Q.850 cause says, in classes that a person can act on, and how a dial attempt's end follows from it.
//
// The dial status alone cannot tell "declined", "no such number" and "server error" apart: a real Asterisk ends all
// three with NOANSWER. The callee's own hang-up cause can. Source: recorded traffic (test/traces), ITU-T Q.850.

import type { DialStatus } from './event.ts'
import type { CauseClass, LegResult } from './fact.ts'

const CLASS_OF_CAUSE: ReadonlyMap<number, CauseClass> = new Map<number, CauseClass>([
  // 0 is what Asterisk says of dial time-outs and of callers who hung up; 127 of callers who cancelled.
  [0, 'normal'],
  [16, 'normal'],
  [31, 'normal'],
  [127, 'normal'],
  [1, 'invalid_number'],
  [28, 'invalid_number'],
  [3, 'unreachable'],
  [18, 'unreachable'],
  [20, 'unreachable'],
  [27, 'unreachable'],
  [17, 'busy'],
  [19, 'no_answer'],
  [21, 'rejected'],
  [26, 'answered_elsewhere'],
  [34, 'congestion'],
  [38, 'congestion'],
  [41, 'congestion'],
  [42, 'congestion'],
])

/** The class of a Q.850 cause; `other` for causes that no class holds. */
export function causeClass(cause: number): CauseClass {
  return CLASS_OF_CAUSE.get(cause) ?? 'other'
}

/** All that is known of a dial attempt when its channel is gone. */
export interface AttemptEnd {
  /** The status that ended the dial; null when the channel went without one (picked up by another, lost from sight). */
  readonly status: DialStatus | null
  readonly cause: number
  /** The target rang or sent early media. */
  readonly alive: boolean
  /** The caller hung up while this attempt was open. */
  readonly callerHungUp: boolean
  /** Somebody else answered the call. */
  readonly answeredElsewhere: boolean
}

/** How the attempt ended: an explicit cause of the callee first, then the dial status, then the circumstances. */
export function legResult(end: AttemptEnd): LegResult {
  if (end.status === 'answer') return 'answered'
  const explicit = causeClass(end.cause)
  if (explicit !== 'normal' && explicit !== 'other') return explicit
  switch (end.status) {
    case 'busy':
      return 'busy'
    case 'congestion':
      return 'congestion'
    case 'unavailable':
      return 'unreachable'
    default: {
      if (end.callerHungUp) return 'cancelled'
      if (end.answeredElsewhere) return 'answered_elsewhere'
      return end.alive ? 'no_answer' : 'unreachable'
    }
  }
}
