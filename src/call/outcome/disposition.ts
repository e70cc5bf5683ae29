// How a call ended: one disposition, from what is known of the whole call when its last channel is destroyed.
//
// The order of the checks is the definition: an answer wins, then voicemail, then the caller's hangup, then the best outcome of the
// targets (what the caller could have reached), then what the PBX did by itself.

import type { Direction } from '../event.ts'
import { type Disposition, MISSED_REASONS, type MissedReason, type TargetOutcome } from '../fact.ts'
import { causeClass } from './cause.ts'

export interface CallEnding {
  readonly answered: boolean
  readonly voicemail: boolean
  /** Where the caller was when they hung up; null when the PBX or the callee ended the call. */
  readonly callerHungUpIn: 'queue' | 'elsewhere' | null
  /** The PBX itself answered the caller (IVR, announcement, application). */
  readonly answeredByPbx: boolean
  /** The PBX played or listened to something, perhaps in early media only. */
  readonly announced: boolean
  /** The dialplan ran Busy or Congestion for the caller. */
  readonly dialplanRefusal: 'busy' | 'congestion' | null
  readonly outcomes: readonly TargetOutcome[]
  /** A target or a queue was tried; a target that could not be dialed counts. */
  readonly targetTried: boolean
  /** Q.850 cause of the caller's channel. */
  readonly cause: number
  /** The call ended while the exporter was disconnected. */
  readonly endedUnobserved: boolean
}

const OUTCOME_PRECEDENCE: readonly TargetOutcome[] = [
  'no_answer',
  'busy',
  'rejected',
  'unreachable',
  'congestion',
  'invalid_number',
  'failed',
]

export function dispositionOf(ending: CallEnding): Disposition {
  if (ending.answered) {
    return 'answered'
  }
  if (ending.voicemail) {
    return 'voicemail'
  }
  if (ending.callerHungUpIn === 'queue') {
    return 'abandoned'
  }
  const served = ending.answeredByPbx || ending.announced
  if (ending.callerHungUpIn === 'elsewhere' && (ending.targetTried || !served)) {
    return 'cancelled'
  }
  if (ending.endedUnobserved) {
    return 'unknown'
  }
  const best = OUTCOME_PRECEDENCE.find((outcome) => ending.outcomes.includes(outcome))
  if (best !== undefined) {
    return best
  }
  if (ending.targetTried) {
    return 'failed'
  }
  if (ending.dialplanRefusal !== null) {
    return ending.dialplanRefusal
  }
  const refused = ending.answeredByPbx ? 'failed' : refusal(ending.cause)
  return refused === 'failed' && served ? 'self_service' : refused
}

/** A missed call: a target inside the PBX was tried and nobody answered. A queue is a target too. */
export function isMissed(disposition: Disposition, direction: Direction, targetTried: boolean): boolean {
  return targetTried && (direction === 'inbound' || direction === 'internal') && isMissedReason(disposition)
}

/**
 * A call that had the chance to be answered: the base of every answer ratio. Answered calls, missed calls, and calls that went out
 * on a trunk. A call that the PBX served by itself was offered to nobody; the outcome of merged and unknown calls is not known.
 */
export function isOffered(disposition: Disposition, direction: Direction, targetTried: boolean): boolean {
  if (disposition === 'answered' || isMissed(disposition, direction, targetTried)) {
    return true
  }
  return (direction === 'outbound' || direction === 'transit') && !NOT_OFFERED.has(disposition)
}

const NOT_OFFERED: ReadonlySet<Disposition> = new Set<Disposition>(['merged', 'unknown', 'self_service'])

function isMissedReason(disposition: Disposition): disposition is MissedReason {
  return MISSED_REASONS.some((reason) => reason === disposition)
}

// The dialplan ended the call before it tried a target: Busy(), Congestion(), Hangup(cause), an unknown number.
function refusal(cause: number): Disposition {
  switch (causeClass(cause)) {
    case 'busy':
      return 'busy'
    case 'rejected':
      return 'rejected'
    case 'unreachable':
      return 'unreachable'
    case 'congestion':
      return 'congestion'
    case 'invalid_number':
      return 'invalid_number'
    default:
      return 'failed'
  }
}
