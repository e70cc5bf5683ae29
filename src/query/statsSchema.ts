// The answers with series of key figures: schemas and types.

import { z } from 'zod'
import { count, type Immutable, instant, seconds } from './schemaParts.ts'
import { NAMED, TIME_STEPS } from './seriesRequest.ts'

const text = z.string()

const FIGURES = {
  calls: count,
  answered: count,
  missed: count,
  other: count.describe('Neither answered nor missed, such as busy or cancelled calls, and those that have not ended.'),
  talk_seconds: seconds,
}

const PERIOD = { from: instant, to: instant }

const tz = text.describe('The time zone of the hours and days.')

const STATS_OVER_TIME = z.strictObject({
  ...PERIOD,
  by: z.enum(TIME_STEPS),
  tz,
  series: z
    .array(
      z.strictObject({
        start: instant.describe(
          'When the hour or the day began. Of the first and the last, only what is in the period counts.',
        ),
        ...FIGURES,
      }),
    )
    .describe('In the order of time, also those without calls.'),
})

const STATS_BY_WEEKDAY = z.strictObject({
  ...PERIOD,
  by: z.literal('weekday_hour'),
  tz,
  series: z
    .array(
      z.strictObject({
        weekday: z.int().min(1).max(7).describe('1: Monday.'),
        hour: z.int().min(0).max(23),
        ...FIGURES,
      }),
    )
    .describe('All 168 hours of the week.'),
})

const STATS_BY_WAITING = z.strictObject({
  ...PERIOD,
  by: z.literal('waiting'),
  series: z
    .array(
      z.strictObject({
        from_seconds: seconds.describe('The callers waited so long or longer.'),
        to_seconds: seconds.nullable().describe('And less than this; null: without end.'),
        ...FIGURES,
      }),
    )
    .describe('Of answered calls: until the answer. Of the others: in a queue; those without one are left out.'),
})

/** By the names of operators, queues, trunks or lines. */
export const STATS_BY_NAME_ENTRY = z.strictObject({ name: text, ...FIGURES })
export const STATS_BY_NAME = z.strictObject({
  ...PERIOD,
  by: z.enum(NAMED),
  series: z
    .array(STATS_BY_NAME_ENTRY)
    .describe('The busiest first. By `operator`, attempts to reach a phone count, with their results.'),
})

/** The schemas by their names in the OpenAPI document. */
export const SERIES_SHAPES = {
  StatsOverTime: STATS_OVER_TIME,
  StatsByWeekday: STATS_BY_WEEKDAY,
  StatsByWaiting: STATS_BY_WAITING,
  StatsByName: STATS_BY_NAME,
}

/** One entry without its key. */
export type Figures = Immutable<z.infer<z.ZodObject<typeof FIGURES>>>

/** By names; `Name`: what an entry is called. */
export interface NamedSeries<Name = { readonly name: string }> extends Omit<StatsByName, 'series'> {
  readonly series: readonly (Name & Figures)[]
}

type StatsByName = Immutable<z.infer<typeof STATS_BY_NAME>>

/** By time or waiting time. */
export type UnnamedSeries = Immutable<
  z.infer<typeof STATS_OVER_TIME> | z.infer<typeof STATS_BY_WEEKDAY> | z.infer<typeof STATS_BY_WAITING>
>

/** The answer to `/api/stats` with `by`. */
export type StatsSeries = UnnamedSeries | NamedSeries
