// Who of one's own people had a call at the end of its conversation.
//
// `answered_by` says who the caller was connected with first; after a transfer, that is not who ended the call.

import type { CallDetail } from '../query/schema.ts'

type Told = Pick<
  CallDetail,
  'disposition' | 'direction' | 'answer_time' | 'duration' | 'transfers' | 'caller_endpoint' | 'answered_by'
> & {
  readonly legs: readonly Pick<
    CallDetail['legs'][number],
    'endpoint' | 'endpoint_role' | 'role' | 'answer_time' | 'end_time' | 'talk_seconds'
  >[]
}

/** A leg that ended so much before the conversation did was not its end: somebody without a leg went on. */
const TOLERANCE_MS = 500

/**
 * The phone that was in the conversation at its end; null if the call was not answered, if no phone took part, and if who ended it
 * has no leg (somebody who took it out of a parking lot; a conference).
 */
export function lastAgent(call: Told): string | null {
  if (call.disposition !== 'answered' || call.answer_time === null) {
    return null
  }
  const endedAt = Date.parse(call.answer_time) + call.duration * 1000
  const phones = call.legs.filter(
    (leg) => leg.endpoint_role === 'phone' && leg.role !== 'paged' && leg.answer_time !== null && leg.talk_seconds > 0,
  )
  // Of an outbound call, the caller's phone is the agent's until somebody else's is.
  const called = phones.filter(({ role }) => role === 'callee')
  const agents = called.length > 0 ? called : phones
  if (agents.length === 0) {
    return call.transfers === 0 ? onlyAgent(call) : null
  }
  const atTheEnd = agents
    .filter(({ end_time }) => end_time === null || Date.parse(end_time) >= endedAt - TOLERANCE_MS)
    .sort((one, other) => Date.parse(one.answer_time ?? '') - Date.parse(other.answer_time ?? ''))
  return atTheEnd.at(-1)?.endpoint ?? null
}

// The caller of an outbound call, or who picked up a call that rang elsewhere: neither has a leg. One that has is a trunk: an
// application that plays a message to a customer is nobody.
function onlyAgent({ direction, caller_endpoint, answered_by, legs }: Told): string | null {
  const [agent = '', ...others] = direction === 'outbound' ? [caller_endpoint] : answered_by
  return others.length > 0 || legs.some(({ endpoint }) => endpoint === agent) ? null : agent || null
}
