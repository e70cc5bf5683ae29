// Converts the rows of an open call to the record with which the core continues after a restart.
//
// Never throws: fields of a row that somebody edited get a default if they cannot be read.

import {
  DESTINATION_CLASSES,
  type Destination,
  DIRECTIONS,
  type RestoredCall,
  type RestoredLeg,
  VOICE_PROBLEMS,
} from '../../call/event.ts'
import { known, readNames } from '../../query/fields.ts'
import { parseInstant } from '../../time/format.ts'

/** The columns of `calls` that say who called whom, and when. */
export interface PartiesRow {
  readonly id: number
  readonly channel_id: string
  readonly sip_call_id: string | null
  readonly recording: string | null
  readonly caller: string
  readonly callee: string
  readonly caller_name: string
  readonly caller_endpoint: string
  readonly direction: string
  readonly start_time: string
  readonly answer_time: string | null
  readonly answered_by: string
}

/** The columns of an open row of `calls` that are read back. */
export interface OpenCallRow extends PartiesRow {
  readonly transfers: number
  readonly account_code: string
  readonly context: string
  readonly voice_problem: string | null
  readonly line: string | null
  readonly destination_class: string | null
  readonly destination_country: string | null
}

/** The columns of an open row of `legs` that are read back; legs without a channel are never open. */
export interface OpenLegRow {
  readonly id: number
  readonly call_id: number
  readonly channel_id: string
  readonly sip_call_id: string | null
  readonly endpoint: string
  readonly dialed: string
  readonly start_time: string
  readonly ringing_time: string | null
  readonly answer_time: string | null
  readonly voice_problem: string | null
}

/** Who called whom, and when. */
export function partiesOf(row: PartiesRow) {
  const startedAt = parseInstant(row.start_time) ?? 0
  return {
    channelId: row.channel_id,
    sipCallId: row.sip_call_id,
    recording: row.recording,
    caller: row.caller,
    callee: row.callee,
    callerName: row.caller_name,
    callerEndpoint: row.caller_endpoint,
    direction: known(DIRECTIONS, row.direction) ?? 'internal',
    startedAt,
    answeredAt: notBefore(startedAt, parseInstant(row.answer_time)),
    answeredBy: readNames(row.answered_by),
  }
}

/** The call of a row, with its open legs. */
export function restoredCall(row: OpenCallRow, legs: readonly OpenLegRow[]): RestoredCall {
  return {
    ...partiesOf(row),
    transfers: row.transfers,
    accountCode: row.account_code,
    context: row.context,
    voiceProblem: known(VOICE_PROBLEMS, row.voice_problem),
    line: row.line,
    destination: restoredDestination(row),
    legs: legs.map(restoredLeg),
  }
}

function restoredDestination({ destination_class, destination_country }: OpenCallRow): Destination | null {
  const found = known(DESTINATION_CLASSES, destination_class)
  return found === null ? null : { class: found, country: destination_country ?? '' }
}

function restoredLeg(row: OpenLegRow): RestoredLeg {
  return {
    channelId: row.channel_id,
    sipCallId: row.sip_call_id,
    endpoint: row.endpoint,
    dialed: row.dialed,
    startedAt: parseInstant(row.start_time) ?? 0,
    ringingAt: parseInstant(row.ringing_time),
    answeredAt: parseInstant(row.answer_time),
    voiceProblem: known(VOICE_PROBLEMS, row.voice_problem),
  }
}

// A negative span would lower a sum.
function notBefore(start: number, at: number | null): number | null {
  return at === null ? null : Math.max(start, at)
}
