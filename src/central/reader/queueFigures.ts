// What became of the calls of each queue of each site in a period, from one statement that groups them.

import type { FleetQueueSums, OfSites } from '../../query/fleetQuery.ts'
import { inOrder } from '../../query/nameOrder.ts'
import { NOT_OFFERED, type QueuePeriod } from '../../query/queueFigures.ts'
import { ofPeriod } from './conditions.ts'
import type { LongDays } from './days.ts'
import type { Statement } from './search.ts'
import type { Reading } from './session.ts'
import { createValues } from './values.ts'

const MAX_QUEUES = 10_000

/** The sums of each queue, of its calls that began in the period. */
export function queuesStatement({ within, ...period }: QueuePeriod & OfSites, long: LongDays): Statement {
  const values = createValues()
  const conditions = [
    'queue IS NOT NULL',
    ...ofPeriod('start_time', period, { long, values }),
    `disposition NOT IN (${NOT_OFFERED.map((one) => `'${one}'`).join(', ')})`,
  ]
  const count = (condition: string): string => `(count(*) FILTER (WHERE ${condition}))::integer`
  return {
    sql: `SELECT site, queue, count(*)::integer AS offered,
      ${count(`disposition = 'answered'`)} AS answered,
      ${count(`disposition = 'abandoned'`)} AS abandoned,
      ${count(`disposition = 'answered' AND queue_wait <= ${values.add(within, 'double precision')}`)} AS answered_within,
      coalesce(sum(queue_wait), 0) AS waited
      FROM calls WHERE ${conditions.join(' AND ')} GROUP BY site, queue LIMIT ${MAX_QUEUES}`,
    values: values.list,
  }
}

/** The sums of each queue that was offered a call, by name, then by site. */
export async function readQueueFigures(
  db: Reading,
  period: QueuePeriod & OfSites,
  long: LongDays,
): Promise<readonly FleetQueueSums[]> {
  const { sql, values } = queuesStatement(period, long)
  const rows = await db.rows<FleetQueueSums>(sql, values)
  return rows.toSorted((one, other) => inOrder(one.queue, other.queue) || inOrder(one.site, other.site))
}
