// The query parameters of `/api/queues`: the period, by default today, and what counts for the service level.

import { z } from 'zod'
import type { QueuePeriod } from '../../query/queueFigures.ts'
import { dayStart } from '../../time/clock.ts'
import { periodProblems, present } from './params.ts'
import { instant, seconds } from './paramTypes.ts'
import { type Parsed, parseWith } from './parse.ts'

const DEFAULT_WITHIN = 20

/** Parameters of `/api/queues`. */
export const QUEUES_QUERY = z.strictObject({
  from: instant(
    'Of calls that began at or after this instant; unset: when the day of `to` began in the time zone of the program.',
  ).optional(),
  to: instant('And before this one; unset: now.').optional(),
  within: seconds(
    `Seconds in the queue within which an answer counts for the service level; unset: ${DEFAULT_WITHIN}.`,
  ).optional(),
})

/** The period; what `schema` has besides becomes part of it. */
export function parseQueues(parameters: URLSearchParams, now: number, schema = QUEUES_QUERY): Parsed<QueuePeriod> {
  const parsed = parseWith(schema, parameters)
  if (!parsed.ok) {
    return parsed
  }
  // A day that ends at midnight is the day before.
  const { to = now, from = dayStart(to - 1), within = DEFAULT_WITHIN, ...rest } = parsed.value
  const problems = periodProblems({ from, to })
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { ...present(rest), from, to, within } }
}
