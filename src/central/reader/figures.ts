// The key figures of a period, and the calls offered to each phone in it with their results, of all sites or of some.
//
// An offer is a leg of role `callee` on a phone. A leg belongs to the period in which its call started.

import { DIRECTIONS } from '../../call/event.ts'
import { DISPOSITIONS } from '../../call/fact.ts'
import type { FleetAnswers, FleetPeriod } from '../../query/fleetQuery.ts'
import { inOrder } from '../../query/nameOrder.ts'
import type { Stats } from '../../query/schema.ts'
import { type StatsRow, statsOfRow } from '../../query/statsOfRow.ts'
import { roundedSeconds } from '../../time/format.ts'
import { ofPeriod } from './conditions.ts'
import type { LongDays } from './days.ts'
import type { Statement } from './search.ts'
import type { Reading } from './session.ts'
import { createValues } from './values.ts'

/** The sums of the calls of a period by direction, disposition and so on. A count for each figure would look at each call two dozen times. */
export function statsStatement(period: FleetPeriod, long: LongDays): Statement {
  const values = createValues()
  const where = ofPeriod('start_time', period, { long, values }).join(' AND ')
  return {
    sql: `SELECT direction, disposition, missed, offered, count(*)::integer AS calls, sum(duration) AS talk,
      sum(answer_delay) AS delay, count(answer_delay)::integer AS delays, max(queue_wait) AS wait
      FROM calls WHERE ${where} GROUP BY direction, disposition, missed, offered`,
    values: values.list,
  }
}

interface CallSums {
  readonly direction: string
  readonly disposition: string | null
  readonly missed: number
  readonly offered: number
  readonly calls: number
  readonly talk: number
  readonly delay: number | null
  readonly delays: number
  readonly wait: number | null
}

/** The figures; zeros and nulls for a period without calls. */
export async function readStats(db: Reading, period: FleetPeriod, long: LongDays): Promise<Stats> {
  const { sql, values } = statsStatement(period, long)
  const groups = await db.rows<CallSums>(sql, values)
  const sumOf = (value: (group: CallSums) => number, of = groups): number =>
    of.reduce((sum, group) => sum + value(group), 0)
  const calls = (is: (group: CallSums) => boolean): number => sumOf((group) => group.calls, groups.filter(is))
  const answered = groups.filter(({ disposition }) => disposition === 'answered')
  const delays = sumOf((group) => group.delays, answered)
  const waits = groups.flatMap(({ wait }) => wait ?? [])
  const row: StatsRow = {
    calls: calls(() => true),
    ...Object.fromEntries(DIRECTIONS.map((one) => [`to_${one}`, calls(({ direction }) => direction === one)])),
    ...Object.fromEntries(DISPOSITIONS.map((one) => [`as_${one}`, calls(({ disposition }) => disposition === one)])),
    missed: calls(({ missed }) => missed === 1),
    offered: calls(({ offered }) => offered === 1),
    talk_seconds: sumOf((group) => group.talk, answered),
    average_answer_delay_seconds: delays === 0 ? null : sumOf((group) => group.delay ?? 0, answered) / delays,
    longest_queue_wait_seconds: waits.length === 0 ? null : Math.max(...waits),
  }
  return statsOfRow(row, period)
}

interface OfferSums {
  readonly site: string
  readonly operator: string
  readonly offered: number
  readonly answered: number
  readonly answered_elsewhere: number
  readonly cancelled: number
  readonly missed: number
  readonly talk_seconds: number
}

const MAX_OPERATORS = 10_000

/** The sums of each phone. */
export function operatorsStatement(period: FleetPeriod, long: LongDays): Statement {
  const values = createValues()
  const where = ofPeriod('call_start_time', period, { long, values }).join(' AND ')
  const count = (condition: string): string => `count(*) FILTER (WHERE ${condition})::integer`
  return {
    sql: `SELECT site, endpoint AS operator, count(*)::integer AS offered,
      ${count(`result = 'answered'`)} AS answered,
      ${count(`result = 'answered_elsewhere'`)} AS answered_elsewhere,
      ${count(`result = 'cancelled'`)} AS cancelled,
      ${count(`result NOT IN ('answered', 'answered_elsewhere', 'cancelled')`)} AS missed,
      sum(talk_seconds) AS talk_seconds
      FROM legs WHERE ${where} AND role = 'callee' AND endpoint_role = 'phone'
      GROUP BY site, endpoint ORDER BY count(*) DESC, endpoint, site LIMIT ${MAX_OPERATORS}`,
    values: values.list,
  }
}

/** The phones to which calls were offered, the busiest first. */
export async function readOperators(
  db: Reading,
  period: FleetPeriod,
  long: LongDays,
): Promise<readonly FleetAnswers['operator'][]> {
  const { sql, values } = operatorsStatement(period, long)
  const rows = await db.rows<OfferSums>(sql, values)
  return rows
    .map((sums) => ({ ...sums, talk_seconds: roundedSeconds(sums.talk_seconds) }))
    .map((sums) => ({
      ...sums,
      average_talk_seconds: sums.answered === 0 ? null : roundedSeconds(sums.talk_seconds / sums.answered),
    }))
    .sort(
      (one, other) =>
        other.offered - one.offered || inOrder(one.operator, other.operator) || inOrder(one.site, other.site),
    )
}
