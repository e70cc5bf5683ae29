// What a series of key figures is asked by, and the sums that it is made from. Types and lists only.

import type { Direction } from '../call/event.ts'
import type { Period } from './query.ts'

/** Hours and days in the order of time. */
export const TIME_STEPS = ['hour', 'day'] as const
/** What has a name. */
export const NAMED = ['operator', 'queue', 'trunk', 'line'] as const
/** What a series can be by. */
export const SERIES_BY = [...TIME_STEPS, 'weekday_hour', 'waiting', ...NAMED] as const

export type TimeStep = (typeof TIME_STEPS)[number]
export type Named = (typeof NAMED)[number]
export type SeriesBy = (typeof SERIES_BY)[number]

/** Which calls count; an omitted field matches every call. */
export interface SeriesFilter {
  readonly direction?: readonly Direction[]
  readonly queue?: string
  readonly trunk?: string
  readonly line?: string
}

/** Asks for the series of a period. */
export interface SeriesRequest extends Period, SeriesFilter {
  readonly by: SeriesBy
  /** The IANA name of the time zone whose hours and days these are. */
  readonly tz: string
}

/** Sums of some calls. */
export interface CallSums {
  readonly calls: number
  readonly answered: number
  readonly missed: number
  /** Seconds, of answered calls. */
  readonly talk: number
}

/** Each class of waiting times begins at so many seconds and ends where the next one begins. */
export const WAITING_FROM: readonly number[] = [0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600]
