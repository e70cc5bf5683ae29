// The query parameters of `/api/stats`: the period, and with `by` those of a series.

import { z } from 'zod'
import { DIRECTIONS } from '../../call/event.ts'
import type { Period } from '../../query/query.ts'
import { SERIES_BY, type SeriesBy, type SeriesRequest } from '../../query/seriesRequest.ts'
import { PERIOD_QUERY, periodProblems, present, withPeriod } from './params.ts'
import { listOf, name, timeZone } from './paramTypes.ts'
import { type Parsed, parseWith } from './parse.ts'

const DAY_MS = 86_400_000

/** How long a series may be, in days: an answer has at most some thousand entries. */
const MOST_DAYS: Readonly<Record<SeriesBy, number>> = {
  hour: 100,
  day: 3_700,
  weekday_hour: 800,
  waiting: 3_700,
  operator: 3_700,
  queue: 3_700,
  trunk: 3_700,
  line: 3_700,
}

/** Parameters of `/api/stats`. */
export const STATS_QUERY = z.strictObject({
  ...PERIOD_QUERY.shape,
  by: z
    .enum(SERIES_BY, `one of: ${SERIES_BY.join(', ')}`)
    .meta({
      description:
        'The figures as a series: of each hour or day, hour of the week, class of waiting times, operator, queue, trunk or line.',
      schema: { type: 'string', enum: [...SERIES_BY] },
    })
    .optional(),
  tz: timeZone('With `by`: the time zone of hours and days, by its IANA name.').optional(),
  direction: listOf(DIRECTIONS, 'With `by`: one or more directions, with commas between.').optional(),
  queue: name('a queue', 'With `by`: the queue that the caller waited in.').optional(),
  trunk: name('an endpoint', 'With `by`: the trunk that the call came by or left by.').optional(),
  line: name('the name of a line', 'With `by`: the line that was called from outside.').optional(),
})

type Asked = Omit<z.output<typeof STATS_QUERY>, keyof Period> & Period

const FILTERS = ['direction', 'queue', 'trunk', 'line'] as const

/** Either the key figures of the whole period, or a series. */
export type StatsRequest<Of extends Period = Period> =
  | { readonly kind: 'whole'; readonly period: Of }
  | { readonly kind: 'series'; readonly request: Of & SeriesRequest }

/** The parameters; `schema`: with what periods and series have besides. */
export function parseStats(parameters: URLSearchParams, now: number, schema = STATS_QUERY): Parsed<StatsRequest> {
  const parsed = parseWith(schema, parameters)
  if (!parsed.ok) {
    return parsed
  }
  const asked = withPeriod(parsed.value, now)
  const problems = [...periodProblems(asked), ...problemsOf(asked)]
  if (problems.length > 0) {
    return { ok: false, problems }
  }
  const { by, tz = 'UTC', from, to, ...rest } = asked
  const period = { ...present(rest), from, to }
  return by === undefined
    ? { ok: true, value: { kind: 'whole', period } }
    : { ok: true, value: { kind: 'series', request: { ...period, by, tz } } }
}

function problemsOf({ from, to, by, ...given }: Asked): readonly string[] {
  if (by === undefined) {
    return (['tz', ...FILTERS] as const)
      .filter((key) => given[key] !== undefined)
      .map((key) => `${key}: give \`by\` with it; it is for a series`)
  }
  const most = MOST_DAYS[by]
  return [
    ...(to - from > most * DAY_MS ? [`from: give at most ${most} days by ${by}`] : []),
    ...(by === 'operator' ? FILTERS : [])
      .filter((key) => given[key] !== undefined)
      .map((key) => `${key}: leave it out by operator; attempts to reach a phone are not filtered`),
  ]
}
