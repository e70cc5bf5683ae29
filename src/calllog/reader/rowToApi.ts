// Row -> what the API says of a call and a leg.
//
// Pure, and total: a row that a person has edited by hand yields a poorer entry, never an error. Columns: row.ts.

import { z } from 'zod'
import { DISPOSITIONS, LEG_RESULTS, LEG_ROLES, SIDES } from '../../call/fact.ts'
import type { CallDetail, CallEntry, LegEntry, Quality, TriedEntry } from '../../query/query.ts'
import { readDirection, readNames } from '../writer/rowToRecord.ts'

/** The columns of `calls` that an entry is made of. */
export interface CallEntryRow {
  readonly id: number
  readonly channel_id: string
  readonly caller: string
  readonly caller_name: string
  readonly callee: string
  readonly direction: string
  readonly status: string
  readonly disposition: string | null
  readonly missed: number
  readonly start_time: string
  readonly answer_time: string | null
  readonly end_time: string | null
  readonly duration: number
  readonly ring_seconds: number | null
  readonly answer_delay: number | null
  readonly hold_seconds: number
  readonly hangup_by: string | null
  readonly cause: number | null
  readonly cause_text: string | null
  readonly queue: string | null
  readonly queue_wait: number | null
  readonly answered_by: string
  readonly trunk: string | null
  readonly transfers: number
  readonly merged_into: string | null
  readonly offered: number
}

/** Those that a story has beside. */
export interface CallDetailRow extends CallEntryRow {
  readonly account_code: string
  readonly context: string
  readonly caller_endpoint: string
  readonly node: string | null
  readonly quality: string | null
}

/** The columns of `legs` that are told. */
export interface LegEntryRow {
  readonly endpoint: string
  readonly endpoint_role: string
  readonly role: string
  readonly dialed: string
  readonly start_time: string
  readonly ringing_time: string | null
  readonly answer_time: string | null
  readonly end_time: string | null
  readonly talk_seconds: number
  readonly result: string | null
  readonly cause: number | null
  readonly quality: string | null
}

export const CALL_ENTRY_COLUMNS = [
  'id, channel_id, caller, caller_name, callee, direction, status, disposition, missed, start_time, answer_time, end_time',
  'duration, ring_seconds, answer_delay, hold_seconds, hangup_by, cause, cause_text, queue, queue_wait, answered_by, trunk',
  'transfers, merged_into, offered',
].join(', ')

export const CALL_DETAIL_COLUMNS = `${CALL_ENTRY_COLUMNS}, account_code, context, caller_endpoint, node, quality`

export const LEG_ENTRY_COLUMNS =
  'endpoint, endpoint_role, role, dialed, start_time, ringing_time, answer_time, end_time, talk_seconds, result, cause, quality'

/** An attempt, as far as a list tells of it. */
export type AttemptRow = Pick<LegEntryRow, 'endpoint' | 'result'>

/** A row of the list. `attempts`: the latest first. */
export function callEntry(row: CallEntryRow, attempts: readonly AttemptRow[]): CallEntry {
  return {
    id: row.id,
    channel_id: row.channel_id,
    caller: row.caller,
    caller_name: row.caller_name,
    callee: row.callee,
    direction: readDirection(row.direction),
    status: row.status,
    disposition: known(DISPOSITIONS, row.disposition),
    missed: row.missed === 1,
    start_time: isoInstant(row.start_time),
    answer_time: isoOrNull(row.answer_time),
    end_time: isoOrNull(row.end_time),
    duration: row.duration,
    ring_seconds: row.ring_seconds,
    answer_delay: row.answer_delay,
    hold_seconds: row.hold_seconds,
    hangup_by: known(SIDES, row.hangup_by),
    cause: row.cause,
    cause_text: row.cause_text,
    queue: row.queue,
    queue_wait: row.queue_wait,
    answered_by: readNames(row.answered_by),
    trunk: row.trunk,
    transfers: row.transfers,
    merged_into: row.merged_into,
    offered: row.offered === 1,
    tried: row.answer_time === null ? triedOf(attempts) : [],
  }
}

/** The attempts that a page reads beside a call, as JSON. */
export function readAttempts(json: string | null): readonly AttemptRow[] {
  if (json === null || json === '[]') return []
  const pairs: readonly (readonly [string, string | null])[] = JSON.parse(json)
  return pairs.map(([endpoint, result]) => ({ endpoint, result }))
}

// Each endpoint once, with its last word, in the order in which they were last tried.
function triedOf(attempts: readonly AttemptRow[]): readonly TriedEntry[] {
  const last = new Map<string, TriedEntry>()
  for (const { endpoint, result } of attempts)
    if (!last.has(endpoint)) last.set(endpoint, { endpoint, result: known(LEG_RESULTS, result) })
  return [...last.values()].reverse()
}

/** A call with all that is known of it. */
export function callDetail(row: CallDetailRow, legs: readonly LegEntryRow[]): CallDetail {
  return {
    ...callEntry(row, legs.filter(({ role }) => role === 'callee').reverse()),
    account_code: row.account_code,
    context: row.context,
    caller_endpoint: row.caller_endpoint,
    node: row.node,
    quality: readQuality(row.quality),
    legs: legs.map(legEntry),
  }
}

function legEntry(row: LegEntryRow): LegEntry {
  return {
    endpoint: row.endpoint,
    endpoint_role: row.endpoint_role === 'trunk' ? 'trunk' : 'phone',
    role: known(LEG_ROLES, row.role) ?? 'callee',
    dialed: row.dialed,
    start_time: isoInstant(row.start_time),
    ringing_time: isoOrNull(row.ringing_time),
    answer_time: isoOrNull(row.answer_time),
    end_time: isoOrNull(row.end_time),
    talk_seconds: row.talk_seconds,
    result: known(LEG_RESULTS, row.result),
    cause: row.cause,
    quality: readQuality(row.quality),
  }
}

/** ISO 8601 of what the log writes (`2026-11-23 07:08:26.933`). */
function isoInstant(text: string): string {
  return `${text.replace(' ', 'T')}Z`
}

function isoOrNull(text: string | null): string | null {
  return text === null ? null : isoInstant(text)
}

function known<T extends string>(values: readonly T[], text: string | null): T | null {
  return values.find((value) => value === text) ?? null
}

const STREAM = z.object({
  packets: z.number().nullable(),
  mos: z.number().nullable(),
  loss_ratio: z.number().nullable(),
  jitter_seconds: z.number().nullable(),
})
const QUALITY = z.object({ rx: STREAM, tx: STREAM, round_trip_seconds: z.number().nullable() })

function readQuality(text: string | null): Quality | null {
  if (text === null) return null
  try {
    return QUALITY.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
