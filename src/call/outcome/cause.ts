// Classifies Q.850 causes by what a person can do about them, and derives the result of a dial attempt.
//
// The dial status alone does not distinguish "declined", "no such number" and "server error": a real Asterisk ends all three with
// NOANSWER. The callee's own hang-up cause distinguishes them. Source: recorded traffic (test/traces), ITU-T Q.850.

import type { DialStatus } from '../event.ts'
import type { CauseClass, LegResult } from '../fact.ts'

const CLASS_OF_CAUSE: ReadonlyMap<number, CauseClass> = new Map<number, CauseClass>([
  // Asterisk reports 0 for dial time-outs and for callers who hung up, and 127 for callers who cancelled.
  [0, 'normal'],
  [16, 'normal'],
  [31, 'normal'],
  [127, 'normal'],
  [1, 'invalid_number'],
  [22, 'invalid_number'],
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

/** The class of a Q.850 cause; `other` if no class contains it. */
export function causeClass(cause: number): CauseClass {
  return CLASS_OF_CAUSE.get(cause) ?? 'other'
}

/** Why the far end or the network refused: a Q.850 cause, and the SIP status it came from where it is known. */
export interface Refusal {
  readonly cause: number
  readonly techCause: number | null
}

/** What is known of a dial attempt when its channel is destroyed. */
export interface AttemptEnd {
  /** The status that ended the dial; null when the channel ended without one (picked up elsewhere, or while disconnected). */
  readonly status: DialStatus | null
  /** The callee's own hang-up request; null when the callee made none. */
  readonly refusal: Refusal | null
  /** Q.850 cause of the destroyed channel. Asterisk copies the caller's cause to attempts that it cancels. */
  readonly cause: number
  /** The target rang or sent early media. */
  readonly madeProgress: boolean
  /** The caller hung up while this attempt was open. */
  readonly callerHungUp: boolean
  /** Somebody else answered the call. */
  readonly answeredElsewhere: boolean
}

/** How the attempt ended: the callee's own refusal first, then the caller's hang-up, the dial status, the circumstances. */
export function legResult(end: AttemptEnd): LegResult {
  if (end.status === 'answer') {
    return 'answered'
  }
  const refused = end.refusal === null ? null : refusalResult(end.refusal, end.madeProgress)
  if (refused !== null) {
    return refused
  }
  if (end.callerHungUp) {
    return 'cancelled'
  }
  const byCause = refusalResult({ cause: end.cause, techCause: null }, end.madeProgress)
  if (byCause !== null) {
    return byCause
  }
  switch (end.status) {
    case 'busy':
      return 'busy'
    case 'congestion':
      return 'congestion'
    case 'unavailable':
      return 'unreachable'
    default: {
      if (end.answeredElsewhere) {
        return 'answered_elsewhere'
      }
      return end.madeProgress ? 'no_answer' : 'unreachable'
    }
  }
}

/** `by ringing`: the time ran out after progress (`no_answer`) or before it (`unreachable`). */
type Meaning = LegResult | 'by ringing'

/** No user responding, no answer from the user, recovery on timer expiry. */
const BY_RINGING: ReadonlySet<number> = new Set([18, 19, 102])

/** Bearer capability not available or not implemented, service not implemented, incompatible destination. */
const FAILED: ReadonlySet<number> = new Set([58, 65, 79, 88])

// Asterisk has no cause for these and reports 127: the SIP status decides, or the ringing if there is none.
const MEANING_OF_SIP_STATUS: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [404, 'invalid_number'],
  [410, 'invalid_number'],
  [484, 'invalid_number'],
  [485, 'invalid_number'],
  [604, 'invalid_number'],
  [486, 'busy'],
  [600, 'busy'],
  [401, 'rejected'],
  [403, 'rejected'],
  [407, 'rejected'],
  [603, 'rejected'],
  [607, 'rejected'],
  [608, 'rejected'],
  [408, 'by ringing'],
  [480, 'by ringing'],
  [504, 'by ringing'],
  [502, 'unreachable'],
  [500, 'congestion'],
  [503, 'congestion'],
  [488, 'failed'],
  [606, 'failed'],
])

const INTERWORKING = 127

// Null if the cause is not a known refusal.
function refusalResult({ cause, techCause }: Refusal, madeProgress: boolean): LegResult | null {
  const meaning = cause === INTERWORKING ? meaningOfStatus(techCause) : meaningOfCause(cause)
  return meaning === 'by ringing' ? (madeProgress ? 'no_answer' : 'unreachable') : meaning
}

function meaningOfCause(cause: number): Meaning | null {
  if (BY_RINGING.has(cause)) {
    return 'by ringing'
  }
  if (FAILED.has(cause)) {
    return 'failed'
  }
  const known = causeClass(cause)
  return known === 'normal' || known === 'other' ? null : known
}

// For a refusal with an unknown status of 300 or more, the ringing decides.
function meaningOfStatus(status: number | null): Meaning | null {
  if (status === null) {
    return null
  }
  return MEANING_OF_SIP_STATUS.get(status) ?? (status >= 400 && status !== 487 ? 'by ringing' : null)
}
