// Defines the fields of a call and of a leg for the API, the CSV, the live feed and the rows of the call log.
//
// To add a field, add a line to `RECORDED` (lists and details), `DETAILED` (details only) or `LEG_FIELDS`, and a migration that adds
// the column (calllog/file/migrations.ts). Documentation: calllog/README.md.

import { DESTINATION_CLASSES, DIRECTIONS, VOICE_PROBLEMS } from '../call/event.ts'
import {
  type CallRecord,
  DISPOSITIONS,
  type EndpointRole,
  LEG_RESULTS,
  LEG_ROLES,
  type LegRecord,
  SIDES,
} from '../call/fact.ts'
import {
  count,
  described,
  flag,
  instant,
  instantOrNull,
  integerOrNull,
  names,
  oneOf,
  oneOfOrNull,
  quality,
  span,
  spanOrNull,
  text,
  textOrNull,
} from './fields.ts'

/** The fields of the record that lists and details show of a call, in the order of the JSON. */
export const RECORDED = {
  channel_id: text((call: CallRecord) => call.channelId),
  caller: text((call: CallRecord) => call.caller),
  caller_name: text((call: CallRecord) => call.callerName),
  callee: text((call: CallRecord) => call.callee),
  direction: oneOf(DIRECTIONS, 'internal', (call: CallRecord) => call.direction),
  status: described(text(callStatus), '`ringing`, `answered`, `completed`, or the disposition of an unanswered call.'),
  disposition: oneOfOrNull(DISPOSITIONS, (call: CallRecord) => call.disposition),
  missed: flag((call: CallRecord) => call.missed),
  start_time: instant((call: CallRecord) => call.startedAt),
  answer_time: instantOrNull((call: CallRecord) => call.answeredAt),
  end_time: instantOrNull((call: CallRecord) => call.endedAt),
  duration: described(
    span((call: CallRecord) => (call.endedAt === null ? 0 : call.durationMs)),
    'Seconds from the answer to the end of the conversation.',
  ),
  ring_seconds: spanOrNull((call: CallRecord) => call.ringMs),
  answer_delay: spanOrNull((call: CallRecord) => call.answerDelayMs),
  hold_seconds: span((call: CallRecord) => call.holdMs),
  hangup_by: oneOfOrNull(SIDES, (call: CallRecord) => call.hungUpBy),
  cause: integerOrNull((call: CallRecord) => call.cause),
  cause_text: textOrNull((call: CallRecord) => call.causeText),
  queue: textOrNull((call: CallRecord) => call.queue),
  queue_wait: spanOrNull((call: CallRecord) => call.queueWaitMs),
  answered_by: names((call: CallRecord) => call.answeredBy),
  trunk: textOrNull((call: CallRecord) => call.trunk),
  transfers: count((call: CallRecord) => call.transfers),
  merged_into: textOrNull((call: CallRecord) => call.mergedInto),
  offered: described(
    flag((call: CallRecord) => call.offered),
    'The call had the chance to be answered: the base of answer ratios.',
  ),
  voice_problem: described(
    oneOfOrNull(VOICE_PROBLEMS, (call: CallRecord) => call.voiceProblem),
    'The worst that was wrong with the voice of any leg while the call lasted; null if nothing was seen.',
  ),
  sip_call_id: described(
    textOrNull((call: CallRecord) => call.sipCallId),
    'The Call-ID of the caller’s SIP dialog; null for other technologies.',
  ),
  recording: described(
    textOrNull((call: CallRecord) => call.recording),
    'The file of the call’s first recording, as Asterisk names it; null if there is none, or if numbers are masked.',
  ),
}

/** What a later call adds to the row of a missed call (calllog/writer/missedCallerRows.ts); unknown when the call ends. */
const ADDED_LATER = {
  returned_by: described(
    integerOrNull((_: CallRecord) => null),
    'The row of the call by which somebody called the missed caller back; null if nobody did.',
  ),
  returned_after: described(
    spanOrNull((_: CallRecord) => null),
    'Seconds from the end of the missed call until the missed caller was called back.',
  ),
}

/** Which line was called, and what kind of number. The columns of CSV keep their positions, so these come last. */
export const DIALED = {
  line: described(
    textOrNull((call: CallRecord) => call.line),
    'The line that was called from outside, by LINES; null if it has no name there.',
  ),
  destination_class: described(
    oneOfOrNull(DESTINATION_CLASSES, (call: CallRecord) => call.destination?.class ?? null),
    'What kind of number was dialed on a trunk; null unless the call is outbound or transit.',
  ),
  destination_country: described(
    textOrNull((call: CallRecord) => call.destination?.country || null),
    'Its country (ISO 3166); null unless the class is `international` and the country is known.',
  ),
}

/** All fields that lists and details show of a call. */
export const LISTED = { ...RECORDED, ...ADDED_LATER, ...DIALED }

/** The further fields of a detail. It also has the column `node`, which is not in the record. */
export const DETAILED = {
  account_code: text((call: CallRecord) => call.accountCode),
  context: text((call: CallRecord) => call.context),
  caller_endpoint: text((call: CallRecord) => call.callerEndpoint),
  quality: quality((call: CallRecord) => call.quality),
}

/** The fields that a detail shows of each leg. */
export const LEG_FIELDS = {
  endpoint: text((leg: LegRecord) => leg.endpoint),
  endpoint_role: oneOf<LegRecord, EndpointRole>(['trunk', 'phone'], 'phone', (leg: LegRecord) => leg.endpointRole),
  role: oneOf(LEG_ROLES, 'callee', (leg: LegRecord) => leg.role),
  dialed: text((leg: LegRecord) => leg.dialed),
  start_time: instant((leg: LegRecord) => leg.startedAt),
  ringing_time: instantOrNull((leg: LegRecord) => leg.ringingAt),
  answer_time: instantOrNull((leg: LegRecord) => leg.answeredAt),
  end_time: instantOrNull((leg: LegRecord) => leg.endedAt),
  talk_seconds: span((leg: LegRecord) => leg.talkMs),
  result: oneOfOrNull(LEG_RESULTS, (leg: LegRecord) => leg.result),
  cause: integerOrNull((leg: LegRecord) => leg.cause),
  quality: quality((leg: LegRecord) => leg.quality),
  voice_problem: described(
    oneOfOrNull(VOICE_PROBLEMS, (leg: LegRecord) => leg.voiceProblem),
    'The worst that was wrong with its voice while the call lasted; null if nothing was seen.',
  ),
  sip_call_id: textOrNull((leg: LegRecord) => leg.sipCallId),
}

/** `ringing`, `answered`, then `completed`, or the disposition of a call that ended without an answer. */
export function callStatus(call: Pick<CallRecord, 'answeredAt' | 'endedAt' | 'disposition'>): string {
  if (call.endedAt === null) {
    return call.answeredAt === null ? 'ringing' : 'answered'
  }
  return call.disposition === 'answered' ? 'completed' : (call.disposition ?? 'unknown')
}
