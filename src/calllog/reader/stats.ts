// The key figures of the calls that started in a period, from one scan of the index of their starts.
//
// `calls` and `by_direction` count all of them, the other figures only those that have ended. Calls that merged into others count only
// in `by_disposition`: neither as answered nor as missed, and without a duration.

import type { Database } from 'better-sqlite3'
import { DIRECTIONS } from '../../call/event.ts'
import { DISPOSITIONS } from '../../call/fact.ts'
import type { Period } from '../../query/query.ts'
import type { Stats } from '../../query/schema.ts'
import { formatInstant, isoInstant, orNull, roundedSeconds } from '../../time/format.ts'

export const STATS_SQL = `
  SELECT count(*) AS calls,
    ${DIRECTIONS.map((direction) => `count(*) FILTER (WHERE direction = '${direction}') AS to_${direction}`).join(', ')},
    ${DISPOSITIONS.map((one) => `count(*) FILTER (WHERE disposition = '${one}') AS as_${one}`).join(', ')},
    count(*) FILTER (WHERE missed = 1) AS missed,
    count(*) FILTER (WHERE offered = 1) AS offered,
    total(duration) FILTER (WHERE disposition = 'answered') AS talk_seconds,
    avg(answer_delay) FILTER (WHERE disposition = 'answered') AS average_answer_delay,
    max(queue_wait) AS longest_queue_wait
  FROM calls INDEXED BY calls_by_start WHERE start_time >= @from AND start_time < @to`

type StatsRow = Readonly<Record<string, number | null>>

/** Returns the figures; zeros and nulls for a period without calls. */
export function statsReader(db: Database): (period: Period) => Stats {
  const sums = db.prepare<[Readonly<Record<string, string>>], StatsRow>(STATS_SQL)
  return (period) => {
    const row = sums.get({ from: formatInstant(period.from), to: formatInstant(period.to) }) ?? {}
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
      average_duration: orNull(share(talkSeconds, answered), roundedSeconds),
      average_answer_delay: orNull(row['average_answer_delay'] ?? null, roundedSeconds),
      longest_queue_wait: row['longest_queue_wait'] ?? null,
    }
  }
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
