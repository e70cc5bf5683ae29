// Makes a series of key figures from the sums that a call log computed.

import { isoInstant, roundedSeconds } from '../time/format.ts'
import type { Period } from './query.ts'
import { type CallSums, type Named, type SeriesRequest, type TimeStep, WAITING_FROM } from './seriesRequest.ts'
import type { Figures, NamedSeries, UnnamedSeries } from './statsSchema.ts'
import { type Slice, type Sliced, slicesOfTime, slicesOfWeek } from './zonedTime.ts'

/** No calls. */
export const NO_CALLS: CallSums = { calls: 0, answered: 0, missed: 0, talk: 0 }

/** The slices of a period whose sums make a series. */
export interface SeriesPlan {
  readonly slices: readonly Slice[]
  /** `sums`: of each slice. */
  readonly seriesOf: (sums: readonly CallSums[]) => UnnamedSeries
}

/** Plans a series by hours, days or hours of the week. */
export function planOfTime({ by, ...request }: SeriesRequest & { readonly by: TimeStep | 'weekday_hour' }): SeriesPlan {
  const { tz } = request
  const period = periodOf(request)
  if (by === 'weekday_hour') {
    const sliced = slicesOfWeek(tz, request)
    return {
      slices: sliced.slices,
      seriesOf: (sums) => ({
        ...period,
        by,
        tz,
        series: entriesOf(sliced, sums).map(([key, figures]) => ({ ...key, ...figures })),
      }),
    }
  }
  const sliced = slicesOfTime(by, tz, request)
  return {
    slices: sliced.slices,
    seriesOf: (sums) => ({
      ...period,
      by,
      tz,
      series: entriesOf(sliced, sums).map(([start, figures]) => ({ start: isoInstant(start), ...figures })),
    }),
  }
}

/** The distribution of waiting times. `sums`: of each class of WAITING_FROM that has calls. */
export function seriesByWaiting(period: Period, sums: ReadonlyMap<number, CallSums>): UnnamedSeries {
  const series = WAITING_FROM.map((from, index) => ({
    from_seconds: from,
    to_seconds: WAITING_FROM[index + 1] ?? null,
    ...figuresOf(sums.get(index) ?? NO_CALLS),
  }))
  return { ...periodOf(period), by: 'waiting', series }
}

/** The series of what has a name, the busiest first. */
export function seriesByName<Name extends { readonly name: string }>(
  period: Period,
  by: Named,
  sums: readonly (readonly [Name, CallSums])[],
): NamedSeries<Name> {
  const series = sums
    .filter(([, { calls }]) => calls > 0)
    .map(([name, each]) => ({ ...name, ...figuresOf(each) }))
    .sort((one, other) => other.calls - one.calls || (one.name < other.name ? -1 : Number(one.name > other.name)))
  return { ...periodOf(period), by, series }
}

/** The sums of a phone: of the attempts to reach it. */
export function sumsOfPhone(phone: {
  readonly offered: number
  readonly answered: number
  readonly missed: number
  readonly talk_seconds: number
}): CallSums {
  return { calls: phone.offered, answered: phone.answered, missed: phone.missed, talk: phone.talk_seconds }
}

function periodOf({ from, to }: Period): { readonly from: string; readonly to: string } {
  return { from: isoInstant(from), to: isoInstant(to) }
}

function entriesOf<Key>(
  { entries, slices }: Sliced<Key>,
  sums: readonly CallSums[],
): readonly (readonly [Key, Figures])[] {
  const added: CallSums[] = entries.map(() => NO_CALLS)
  for (const [index, { entry }] of slices.entries()) {
    added[entry] = plus(added[entry] ?? NO_CALLS, sums[index] ?? NO_CALLS)
  }
  return entries.map((key, entry) => [key, figuresOf(added[entry] ?? NO_CALLS)])
}

/** The sum of both. */
export function plus(one: CallSums, other: CallSums): CallSums {
  return {
    calls: one.calls + other.calls,
    answered: one.answered + other.answered,
    missed: one.missed + other.missed,
    talk: one.talk + other.talk,
  }
}

function figuresOf({ calls, answered, missed, talk }: CallSums): Figures {
  return { calls, answered, missed, other: calls - answered - missed, talk_seconds: roundedSeconds(talk) }
}
