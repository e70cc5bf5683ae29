// Converts records of calls and missed callers to the form of the API, where they are not read from the call log.
//
// Rows of the call log are converted with the same fields (callFields.ts, rowToApi.ts).

import type { CallRecord } from '../call/fact.ts'
import type { MissedCaller } from '../callback/missedCaller.ts'
import type { Agent, QueueStaffing } from '../staffing/agent.ts'
import { isoInstant, orNull, seconds } from '../time/format.ts'
import { AGENT_FIELDS } from './agentFields.ts'
import type { AgentEntry, QueueEntry } from './agentSchema.ts'
import { LISTED } from './callFields.ts'
import { ENDPOINT_FIELDS, type EndpointWithRole } from './endpointFields.ts'
import type { EndpointEntry } from './endpointSchema.ts'
import { apiOf } from './fields.ts'
import { MISSED_CALLER_FIELDS } from './missedCallerFields.ts'
import type { ActiveCall, CallEntry, MissedCallerEntry } from './schema.ts'

/** An ended call as a row of a list. `id` is null when it has no row yet; the endpoints tried are only in the call log. */
export type EndedCall = Omit<CallEntry, 'id' | 'tried'> & { readonly id: number | null }

export function endedCall(call: CallRecord, id: number | null): EndedCall {
  return { id, ...apiOf(LISTED, call) }
}

/** A call that has not ended. `id`: its row in the call log; null while it has none. */
export function activeCall(call: CallRecord, id: number | null): ActiveCall {
  return {
    id,
    channel_id: call.channelId,
    caller: call.caller,
    caller_name: call.callerName,
    callee: call.callee,
    direction: call.direction,
    state: call.state,
    start_time: isoInstant(call.startedAt),
    answer_time: orNull(call.answeredAt, isoInstant),
    queue: call.queue,
    queue_time: orNull(call.queueEnteredAt, isoInstant),
    answered_by: call.answeredBy,
    trunk: call.trunk,
    transfers: call.transfers,
    voice: call.voice,
  }
}

/** A missed caller. `closedByCall`: the row of the closing call; null if there is none. */
export function missedCallerEntry(caller: MissedCaller, closedByCall: number | null): MissedCallerEntry {
  return { id: caller.id, ...apiOf(MISSED_CALLER_FIELDS, caller), closed_by_call: closedByCall }
}

/** A member of a queue. */
export function agentEntry(agent: Agent): AgentEntry {
  const { call, occupancy } = agent
  return {
    ...apiOf(AGENT_FIELDS, agent),
    call: call && { call_id: call.callId, number: call.number, name: call.name },
    occupancy: occupancy && {
      share: Math.round((occupancy.busyMs / occupancy.staffedMs) * 1000) / 1000,
      busy_seconds: seconds(occupancy.busyMs),
      staffed_seconds: seconds(occupancy.staffedMs),
      since: isoInstant(occupancy.since),
    },
  }
}

/** A queue; `seen`: when the oldest part of what is known was true. */
export function queueEntry({ queue, agents, seenAt }: QueueStaffing): QueueEntry {
  return { queue, agents, seen: orNull(seenAt, isoInstant) }
}

/** An endpoint and its role. */
export function endpointEntry(endpoint: EndpointWithRole): EndpointEntry {
  return { ...apiOf(ENDPOINT_FIELDS, endpoint), reasons: endpoint.reasons }
}
