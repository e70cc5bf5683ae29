// The core's record of a call -> the words of the API, for what is told live.
//
// Knows no state: the same record always gives the same words. `status` says what the call log's column says.

import type { CallRecord } from '../../call/fact.ts'
import type { ActiveCall } from '../../query/query.ts'
import type { EndedCall } from './message.ts'

/** A call that lives. `id`: its row in the call log; null while it has none. */
export function activeCall(call: CallRecord, id: number | null): ActiveCall {
  return {
    id,
    channel_id: call.channelId,
    caller: call.caller,
    caller_name: call.callerName,
    callee: call.callee,
    direction: call.direction,
    state: call.state,
    start_time: instant(call.startedAt),
    answer_time: instantOrNull(call.answeredAt),
    queue: call.queue,
    answered_by: call.answeredBy,
    trunk: call.trunk,
    transfers: call.transfers,
  }
}

/** A call that ended, as a row of the list. */
export function endedCall(call: CallRecord, id: number | null): EndedCall {
  const { disposition } = call
  return {
    id,
    channel_id: call.channelId,
    caller: call.caller,
    caller_name: call.callerName,
    callee: call.callee,
    direction: call.direction,
    status: disposition === 'answered' ? 'completed' : (disposition ?? 'unknown'),
    disposition,
    missed: call.missed,
    start_time: instant(call.startedAt),
    answer_time: instantOrNull(call.answeredAt),
    end_time: instantOrNull(call.endedAt),
    duration: call.durationMs / 1000,
    ring_seconds: seconds(call.ringMs),
    answer_delay: seconds(call.answerDelayMs),
    hold_seconds: call.holdMs / 1000,
    hangup_by: call.hungUpBy,
    cause: call.cause,
    cause_text: call.causeText,
    queue: call.queue,
    queue_wait: seconds(call.queueWaitMs),
    answered_by: call.answeredBy,
    trunk: call.trunk,
    transfers: call.transfers,
    merged_into: call.mergedInto,
    offered: call.offered,
  }
}

function instant(at: number): string {
  return new Date(at).toISOString()
}

function instantOrNull(at: number | null): string | null {
  return at === null ? null : instant(at)
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000
}
