// Makes the key figures of a period from the sums that a call log computed.
//
// `calls` and `by_direction` count all calls, the other figures only those that have ended. Calls that merged into others count only in
// `by_disposition`: neither as answered nor as missed, and without a duration.

import { isoInstant, orNull, roundedSeconds } from '../time/format.ts'
import type { Period } from './query.ts'
import type { Stats } from './schema.ts'

/**
 * The sums by name: `calls`, `missed`, `offered`, `to_` each direction, `as_` each disposition; `talk_seconds` and
 * `average_answer_delay_seconds` of answered calls; `longest_queue_wait_seconds`. What is absent is 0 or not known.
 */
export type StatsRow = Readonly<Record<string, number | null>>

/** The figures; zeros and nulls for a period without calls. */
export function statsOfRow(row: StatsRow, period: Period): Stats {
  const count = (name: string): number => row[name] ?? 0
  const answered = count('as_answered')
  const talkSeconds = count('talk_seconds')
  return {
    from: isoInstant(period.from),
    to: isoInstant(period.to),
    calls: count('calls'),
    answered,
    missed: count('missed'),
    by_direction: {
      inbound: count('to_inbound'),
      outbound: count('to_outbound'),
      internal: count('to_internal'),
      transit: count('to_transit'),
    },
    by_disposition: {
      answered,
      voicemail: count('as_voicemail'),
      abandoned: count('as_abandoned'),
      cancelled: count('as_cancelled'),
      no_answer: count('as_no_answer'),
      busy: count('as_busy'),
      rejected: count('as_rejected'),
      unreachable: count('as_unreachable'),
      congestion: count('as_congestion'),
      invalid_number: count('as_invalid_number'),
      self_service: count('as_self_service'),
      failed: count('as_failed'),
      merged: count('as_merged'),
      unknown: count('as_unknown'),
    },
    answered_share: share(answered, count('offered')),
    talk_seconds: roundedSeconds(talkSeconds),
    average_talk_seconds: orNull(share(talkSeconds, answered), roundedSeconds),
    average_answer_delay_seconds: orNull(row['average_answer_delay_seconds'] ?? null, roundedSeconds),
    longest_queue_wait_seconds: row['longest_queue_wait_seconds'] ?? null,
  }
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
