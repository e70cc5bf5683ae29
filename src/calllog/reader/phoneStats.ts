// The calls offered to each phone in a period, and their results.
//
// Reads the endpoints one by one from an index that covers all columns of the sums. As in the metrics, an offer is a leg of role
// `callee` on a phone. A leg belongs to the period in which its call started.

import type { Database } from 'better-sqlite3'
import type { Period } from '../../query/query.ts'
import type { OperatorEntry } from '../../query/schema.ts'
import { formatInstant, roundedSeconds } from '../../time/format.ts'
import { namesReader } from './names.ts'

export type PhoneStats = Omit<OperatorEntry, 'state'>

interface OfferSums {
  readonly offered: number
  readonly answered: number
  readonly answered_elsewhere: number
  readonly cancelled: number
  readonly missed: number
  readonly talk_seconds: number
}

/** The next endpoint in the log: one index lookup per endpoint. */
export const NEXT_ENDPOINT_SQL = 'SELECT min(endpoint) FROM legs INDEXED BY legs_by_operator WHERE endpoint > ?'

export const OPERATOR_SQL = `
  SELECT count(*) AS offered,
    count(*) FILTER (WHERE result = 'answered') AS answered,
    count(*) FILTER (WHERE result = 'answered_elsewhere') AS answered_elsewhere,
    count(*) FILTER (WHERE result = 'cancelled') AS cancelled,
    count(*) FILTER (WHERE result NOT IN ('answered', 'answered_elsewhere', 'cancelled')) AS missed,
    round(total(talk_seconds), 3) AS talk_seconds
  FROM legs INDEXED BY legs_by_operator
  WHERE endpoint = @endpoint AND call_start_time >= @from AND call_start_time < @to
    AND role = 'callee' AND endpoint_role = 'phone'`

/** Returns the phones to which calls were offered, the busiest first. */
export function operatorsReader(db: Database): (period: Period) => readonly PhoneStats[] {
  const endpoints = namesReader(db, NEXT_ENDPOINT_SQL)
  const sums = db.prepare<[Readonly<Record<string, string>>], OfferSums>(OPERATOR_SQL)
  return db.transaction((period: Period) => {
    const range = { from: formatInstant(period.from), to: formatInstant(period.to) }
    const found: PhoneStats[] = []
    for (const endpoint of endpoints()) {
      const offers = sums.get({ ...range, endpoint })
      if (offers !== undefined && offers.offered > 0) {
        found.push(statsOf(endpoint, offers))
      }
    }
    return found.sort((one, other) => other.offered - one.offered || (one.operator < other.operator ? -1 : 1))
  })
}

function statsOf(operator: string, sums: OfferSums): PhoneStats {
  return {
    operator,
    ...sums,
    average_talk_seconds: sums.answered === 0 ? null : roundedSeconds(sums.talk_seconds / sums.answered),
  }
}
