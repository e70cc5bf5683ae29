// Calls and missed callers in the form of the API, for the tests of the page.

import type { CallEntry, CallPage, MissedCallerEntry } from '../../../../src/query/schema.ts'

/** A call that starts `id` seconds after the epoch. */
export function entry(id: number): CallEntry {
  return {
    id,
    channel_id: `c.${id}`,
    caller: '101',
    caller_name: '',
    callee: '102',
    direction: 'internal',
    status: 'busy',
    disposition: 'busy',
    missed: true,
    start_time: new Date(id * 1000).toISOString(),
    answer_time: null,
    end_time: new Date(id * 1000 + 500).toISOString(),
    duration: 0,
    ring_seconds: null,
    answer_delay: null,
    hold_seconds: 0,
    hangup_by: null,
    cause: 17,
    cause_text: 'User busy',
    queue: null,
    queue_wait: null,
    answered_by: [],
    trunk: null,
    transfers: 0,
    merged_into: null,
    offered: true,
    returned_by: null,
    returned_after: null,
    voice_problem: null,
    sip_call_id: null,
    recording: null,
    line: null,
    destination_class: null,
    destination_country: null,
    tried: [{ endpoint: '102', result: 'busy' }],
  }
}

export function callPage(ids: readonly number[], next: string | null): CallPage {
  return { calls: ids.map(entry), next, total: null }
}

/** A caller who was missed `id` seconds after the epoch, and who still waits. */
export function missedCaller(id: number, changes: Partial<MissedCallerEntry> = {}): MissedCallerEntry {
  return {
    id,
    number: '0401234567',
    name: '',
    state: 'waiting',
    first_miss_time: new Date(id * 1000).toISOString(),
    last_miss_time: new Date(id * 1000).toISOString(),
    attempts: 1,
    tries: 0,
    untried_since: new Date(id * 1000).toISOString(),
    queue: null,
    called: '5550103',
    closed_time: null,
    closed_by: null,
    closed_by_phone: null,
    waited: null,
    closed_by_call: null,
    ...changes,
  }
}

/** The same, called back `after` seconds later. */
export function returnedCaller(id: number, after: number): MissedCallerEntry {
  return missedCaller(id, {
    state: 'returned',
    untried_since: null,
    closed_time: new Date((id + after) * 1000).toISOString(),
    closed_by: `c.${id}`,
    closed_by_phone: '103',
    waited: after,
    closed_by_call: id,
  })
}
