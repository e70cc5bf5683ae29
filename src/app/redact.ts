// Masks phone numbers: the last digits are left, enough to recognise a caller, too few to call back.
//
// Masking facts before the readers see them keeps full numbers out of the call log and of everything read from it.
// Endpoints, queues and channel ids are the PBX's own names and stay as they are.

import type { CallFact, CallRecord, LegRecord } from '../call/fact.ts'
import type { PhoneCall } from '../call/views/phoneCalls.ts'
import type { MissedCallerFact } from '../callback/missedCaller.ts'
import type { Redaction } from './pipeline.ts'

/** Numbers up to this length are extensions, not phone numbers. */
const LONGEST_EXTENSION = 4
const SHOWN = 3

/** Both for the pipeline. */
export const MASKED: Redaction = { call: maskFact, missedCaller: maskMissedCaller }

/** The number with all but its last three characters as `*`; extensions (up to four characters) are left. */
export function masked(number: string): string {
  return number.length <= LONGEST_EXTENSION ? number : '*'.repeat(number.length - SHOWN) + number.slice(-SHOWN)
}

/** The same fact without full numbers, and without the caller's name. */
export function maskFact(fact: CallFact): CallFact {
  if ('call' in fact) {
    return { ...fact, call: maskCall(fact.call) }
  }
  if ('leg' in fact) {
    return { ...fact, leg: maskLeg(fact.leg) }
  }
  return fact
}

/** The same for a fact about a missed caller. */
export function maskMissedCaller(fact: MissedCallerFact): MissedCallerFact {
  if (!('caller' in fact)) {
    return fact
  }
  const { number, called } = fact.caller
  return { ...fact, caller: { ...fact.caller, number: masked(number), name: '', called: masked(called) } }
}

/** The same for a call record. The names of recordings often contain the number, in a form that only the dialplan knows. */
export function maskCall(call: CallRecord): CallRecord {
  return { ...call, caller: masked(call.caller), callee: masked(call.callee), callerName: '', recording: null }
}

/** The same for the call of a phone. */
export function maskPhoneCall(call: PhoneCall): PhoneCall {
  return { ...call, number: masked(call.number), name: '' }
}

// A dial string may contain more than the number: `0401234567@trunk-a`.
function maskLeg(leg: LegRecord): LegRecord {
  return { ...leg, dialed: leg.dialed.replace(/\+?\d+/g, masked) }
}
