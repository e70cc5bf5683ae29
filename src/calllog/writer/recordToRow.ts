// Record -> row: how a call and a leg stand in the tables.
//
// Pure. Times become text, spans become seconds with three decimals, lists and voice quality become JSON text.
// Names and order of the columns are a contract with everyone who reads the file with SQL; the first twelve of `calls`
// are what a plain `SELECT * FROM calls` begins with.

import type { CallRecord, LegRecord, StreamQuality, VoiceQuality } from '../../call/fact.ts'
import { formatInstant } from '../file/instant.ts'

/** A call to write: its record, its row, whether this is its end, and when the row was first and is now told of (epoch ms). */
export interface CallWrite {
  readonly id: number
  readonly ended: boolean
  readonly createdAt: number
  readonly updatedAt: number
  /** Entity id of the Asterisk that the call went through; null while it is not known. */
  readonly node: string | null
  readonly call: CallRecord
}

/** A leg to write: its record, its row, and the row of the call that it belongs to. */
export interface LegWrite {
  readonly id: number
  readonly callId: number
  readonly leg: LegRecord
}

/**
 * The columns of `calls` that this program writes, in the order of the table; those that somebody has added to a file are
 * theirs.
 */
export const CALL_COLUMNS = [
  'id',
  'channel_id',
  'caller',
  'callee',
  'direction',
  'status',
  'start_time',
  'answer_time',
  'end_time',
  'duration',
  'created_at',
  'updated_at',
  'disposition',
  'missed',
  'cause',
  'cause_text',
  'cause_class',
  'hangup_by',
  'ring_seconds',
  'answer_delay',
  'hold_seconds',
  'queue',
  'queue_wait',
  'answered_by',
  'trunk',
  'transfers',
  'caller_name',
  'caller_endpoint',
  'account_code',
  'context',
  'quality',
  'merged_into',
  'node',
  'offered',
] as const

/** The same of `legs`. `call_start_time`, which the writer makes, is not among them. */
export const LEG_COLUMNS = [
  'id',
  'call_id',
  'channel_id',
  'endpoint',
  'endpoint_role',
  'role',
  'dialed',
  'direction',
  'start_time',
  'alive_time',
  'ringing_time',
  'answer_time',
  'end_time',
  'talk_seconds',
  'result',
  'cause',
  'quality',
] as const

/** A row, by column. */
export type Row<Column extends string = string> = Readonly<Record<Column, string | number | null>>

/** The row of `calls`. */
export function callRow({ id, createdAt, updatedAt, node, call }: CallWrite): Row<(typeof CALL_COLUMNS)[number]> {
  return {
    id,
    channel_id: storable(call.channelId),
    caller: storable(call.caller),
    callee: storable(call.callee),
    direction: call.direction,
    status: callStatus(call),
    start_time: formatInstant(call.startedAt),
    answer_time: instantOrNull(call.answeredAt),
    end_time: instantOrNull(call.endedAt),
    duration: call.endedAt === null ? 0 : seconds(call.durationMs),
    created_at: formatInstant(createdAt),
    updated_at: formatInstant(updatedAt),
    disposition: call.disposition,
    missed: call.missed ? 1 : 0,
    cause: call.cause,
    cause_text: storableOrNull(call.causeText),
    cause_class: call.causeClass,
    hangup_by: call.hungUpBy,
    ring_seconds: secondsOrNull(call.ringMs),
    answer_delay: secondsOrNull(call.answerDelayMs),
    hold_seconds: seconds(call.holdMs),
    queue: storableOrNull(call.queue),
    queue_wait: secondsOrNull(call.queueWaitMs),
    answered_by: JSON.stringify(call.answeredBy.map(storable)),
    trunk: storableOrNull(call.trunk),
    transfers: call.transfers,
    caller_name: storable(call.callerName),
    caller_endpoint: storable(call.callerEndpoint),
    account_code: storable(call.accountCode),
    context: storable(call.context),
    quality: qualityText(call.quality),
    merged_into: storableOrNull(call.mergedInto),
    node: storableOrNull(node),
    offered: call.offered ? 1 : 0,
  }
}

/** The row of `legs`. */
export function legRow({ id, callId, leg }: LegWrite): Row<(typeof LEG_COLUMNS)[number]> {
  return {
    id,
    call_id: callId,
    channel_id: storableOrNull(leg.channelId),
    endpoint: storable(leg.endpoint),
    endpoint_role: leg.endpointRole,
    role: leg.role,
    dialed: storable(leg.dialed),
    direction: leg.direction,
    start_time: formatInstant(leg.startedAt),
    alive_time: instantOrNull(leg.progressAt),
    ringing_time: instantOrNull(leg.ringingAt),
    answer_time: instantOrNull(leg.answeredAt),
    end_time: instantOrNull(leg.endedAt),
    talk_seconds: seconds(leg.talkMs),
    result: leg.result,
    cause: leg.cause,
    quality: qualityText(leg.quality),
  }
}

/** `ringing`, `answered`, then `completed`, or the disposition of a call that ended without an answer. */
export function callStatus(call: Pick<CallRecord, 'answeredAt' | 'endedAt' | 'disposition'>): string {
  if (call.endedAt === null) {
    return call.answeredAt === null ? 'ringing' : 'answered'
  }
  return call.disposition === 'answered' ? 'completed' : (call.disposition ?? 'unknown')
}

function qualityText(quality: VoiceQuality | null): string | null {
  if (quality === null) {
    return null
  }
  return JSON.stringify({
    rx: streamQuality(quality.rx),
    tx: streamQuality(quality.tx),
    round_trip_seconds: preciseSeconds(quality.roundTripMs),
  })
}

function streamQuality(stream: StreamQuality): Record<string, number | null> {
  return {
    packets: stream.packets,
    mos: stream.mos,
    loss_ratio: stream.lossRatio,
    jitter_seconds: preciseSeconds(stream.jitterMs),
  }
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000
}

function secondsOrNull(ms: number | null): number | null {
  return ms === null ? null : seconds(ms)
}

// Jitter lives below a millisecond: microseconds are kept.
function preciseSeconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000) / 1_000_000
}

function instantOrNull(at: number | null): string | null {
  return at === null ? null : formatInstant(at)
}

// SQL's text functions stop at a NUL, and half a surrogate pair has no UTF-8: both would come back as something else.
function storable(text: string): string {
  return text.replace(/[\0\p{Surrogate}]/gu, '\uFFFD')
}

function storableOrNull(text: string | null): string | null {
  return text === null ? null : storable(text)
}
