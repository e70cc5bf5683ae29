// What became of the calls of each queue in a period: sums along the index of queues, one range for each name.

import type { Database } from 'better-sqlite3'
import { NOT_OFFERED, type QueuePeriod, type QueueSums } from '../../query/queueFigures.ts'
import { formatInstant } from '../../time/format.ts'
import { namesReader } from './names.ts'
import { nextNameSql } from './statsSeries.ts'

/** The sums of a queue, of its calls that began in a period. */
export const QUEUE_SQL = `
  SELECT count(*) AS offered,
    count(*) FILTER (WHERE disposition = 'answered') AS answered,
    count(*) FILTER (WHERE disposition = 'abandoned') AS abandoned,
    count(*) FILTER (WHERE disposition = 'answered' AND queue_wait <= @within) AS answered_within,
    total(queue_wait) AS waited
  FROM calls INDEXED BY calls_by_queue
  WHERE queue = @queue AND start_time >= @from AND start_time < @to
    AND disposition NOT IN (${NOT_OFFERED.map((one) => `'${one}'`).join(', ')})`

/** Returns the sums of each queue that was offered a call, by name. */
export function queueFiguresReader(db: Database): (period: QueuePeriod) => readonly QueueSums[] {
  const queues = namesReader(db, nextNameSql('queue'))
  const sums = db.prepare<[Readonly<Record<string, string | number>>], Omit<QueueSums, 'queue'>>(QUEUE_SQL)
  return db.transaction(({ from, to, within }: QueuePeriod) => {
    const range = { from: formatInstant(from), to: formatInstant(to), within }
    const found: QueueSums[] = []
    for (const queue of queues()) {
      const calls = sums.get({ ...range, queue })
      if (calls !== undefined && calls.offered > 0) {
        found.push({ queue, ...calls })
      }
    }
    return found
  })
}
