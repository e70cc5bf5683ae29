// What was offered to each phone in the calls of a period, and what became of it.
//
// Looks up one endpoint after the other in an index that holds all that is summed up. Means the same by an offer as the
// metrics do: a leg of role `callee` on a phone. A leg counts to the period in which its call began.

import type { Database } from 'better-sqlite3'
import type { Period } from '../../query/query.ts'
import type { OperatorEntry } from '../../query/schema.ts'
import { formatInstant, roundedSeconds } from '../../time/format.ts'

export type PhoneStats = Omit<OperatorEntry, 'state'>

interface Sums {
  readonly offered: number
  readonly answered: number
  readonly answered_elsewhere: number
  readonly cancelled: number
  readonly missed: number
  readonly talk_seconds: number
}

const MAX_ENDPOINTS = 10_000

/** Finds each endpoint that is in the log, one jump in the index for each. */
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

/** Answers with the phones that something was offered to, the busiest first. */
export function operatorsReader(db: Database): (period: Period) => readonly PhoneStats[] {
  const next = db.prepare<[string], string | null>(NEXT_ENDPOINT_SQL).pluck()
  const sums = db.prepare<[Readonly<Record<string, string>>], Sums>(OPERATOR_SQL)
  return db.transaction((period: Period) => {
    const range = { from: formatInstant(period.from), to: formatInstant(period.to) }
    const found: PhoneStats[] = []
    let endpoint = next.get('') ?? null
    for (let seen = 0; endpoint !== null && seen < MAX_ENDPOINTS; seen += 1) {
      const of = sums.get({ ...range, endpoint })
      if (of !== undefined && of.offered > 0) {
        found.push(figuresOf(endpoint, of))
      }
      endpoint = next.get(endpoint) ?? null
    }
    return found.sort((one, other) => other.offered - one.offered || (one.operator < other.operator ? -1 : 1))
  })
}

function figuresOf(operator: string, sums: Sums): PhoneStats {
  return {
    operator,
    ...sums,
    average_talk_seconds: sums.answered === 0 ? null : roundedSeconds(sums.talk_seconds / sums.answered),
  }
}
