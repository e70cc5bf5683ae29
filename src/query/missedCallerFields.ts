// Defines the fields of a missed caller for the API, the CSV, the live feed and the rows of the call log.
//
// To add a field, add a line, and a migration that adds the column (calllog/file/migrations.ts). Documentation: calllog/README.md.

import { MISSED_CALLER_STATES, type MissedCaller, waitedMs } from '../callback/missedCaller.ts'
import { count, described, instant, instantOrNull, oneOf, spanOrNull, text, textOrNull } from './fields.ts'

/** The fields, in the order of the JSON. */
export const MISSED_CALLER_FIELDS = {
  number: text((caller: MissedCaller) => caller.number),
  name: text((caller: MissedCaller) => caller.name),
  state: oneOf(MISSED_CALLER_STATES, 'expired', (caller: MissedCaller) => caller.state),
  first_miss_time: described(
    instant((caller: MissedCaller) => caller.firstMissAt),
    'When the first missed call ended.',
  ),
  last_miss_time: instant((caller: MissedCaller) => caller.lastMissAt),
  attempts: described(
    count((caller: MissedCaller) => caller.attempts),
    'Missed calls.',
  ),
  tries: described(
    count((caller: MissedCaller) => caller.tries),
    'Calls to the number that were not answered.',
  ),
  untried_since: described(
    instantOrNull((caller: MissedCaller) => caller.untriedSince),
    'When the first missed call ended that no try has followed; null if a try followed the last one, or the caller is closed.',
  ),
  queue: described(
    textOrNull((caller: MissedCaller) => caller.queue),
    'The queue of the last missed call.',
  ),
  called: described(
    text((caller: MissedCaller) => caller.called),
    'The number that the last missed call was for.',
  ),
  closed_time: described(
    instantOrNull((caller: MissedCaller) => caller.closedAt),
    'When the closing call was answered, or when the time was over; null while the caller waits.',
  ),
  closed_by: described(
    textOrNull((caller: MissedCaller) => caller.closedBy),
    'The `channel_id` of the closing call.',
  ),
  closed_by_phone: described(
    textOrNull((caller: MissedCaller) => caller.closedByPhone),
    'The phone that called back, or that answered the caller.',
  ),
  waited: described(
    spanOrNull((caller: MissedCaller) => (caller.closedAt === null ? null : waitedMs(caller, caller.closedAt))),
    'Seconds from the end of the first missed call until it was closed; null while the caller waits.',
  ),
}
