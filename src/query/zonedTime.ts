// The hours, days and weekdays of a time zone as spans of time. No I/O.
//
// A day with a change of the clocks has 23 or 25 hours, and an hour that comes twice is two hours of a series.

import type { Period } from './query.ts'
import type { TimeStep } from './seriesRequest.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const HOURS_A_DAY = 24
const DAYS_A_WEEK = 7
// 1970-01-01 was a Thursday, the fourth day of a week that begins on Monday.
const FIRST_WEEKDAY = 3

/** A part of the period; its calls belong to one entry of the series. */
export interface Slice extends Period {
  /** Which entry, from 0. */
  readonly entry: number
}

/** The entries of a series in their order, and the slices of the period in the order of time, without gaps. */
export interface Sliced<Key> {
  readonly entries: readonly Key[]
  readonly slices: readonly Slice[]
}

/** An hour of the week. */
export interface WeekdayHour {
  /** 1: Monday. */
  readonly weekday: number
  readonly hour: number
}

/** The hours or days that the period touches, each by the instant at which it began. */
export function slicesOfTime(step: TimeStep, tz: string, period: Period): Sliced<number> {
  const offset = offsetReader(tz)
  const ms = step === 'hour' ? HOUR_MS : DAY_MS
  const entries: number[] = []
  const slices: Slice[] = []
  let day: number | null = null
  for (const span of spansOf(offset, period)) {
    for (const { index, ...part } of partsOf(span, ms)) {
      // A day goes on after a change of the clocks, an hour does not.
      if (step === 'hour' || index !== day) {
        entries.push(step === 'hour' ? beginOfHour(index, span, period) : beginOfDay(index, span.offset, offset))
      }
      day = index
      slices.push({ ...part, entry: entries.length - 1 })
    }
  }
  return { entries, slices }
}

/** All 168 hours of the week, from the first of Monday. */
export function slicesOfWeek(tz: string, period: Period): Sliced<WeekdayHour> {
  const slices = spansOf(offsetReader(tz), period).flatMap((span) =>
    partsOf(span, HOUR_MS).map(({ index, ...part }) => {
      const weekday = modulo(Math.floor(index / HOURS_A_DAY) + FIRST_WEEKDAY, DAYS_A_WEEK)
      return { ...part, entry: weekday * HOURS_A_DAY + modulo(index, HOURS_A_DAY) }
    }),
  )
  const entries = Array.from({ length: DAYS_A_WEEK * HOURS_A_DAY }, (_, entry) => ({
    weekday: Math.floor(entry / HOURS_A_DAY) + 1,
    hour: entry % HOURS_A_DAY,
  }))
  return { entries, slices }
}

/** Whether it is the name of a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

interface Span extends Period {
  /** What a clock shows more than UTC, in ms. */
  readonly offset: number
}

interface Part extends Period {
  /** Hours or days since 1970 by the clock of the zone. */
  readonly index: number
}

function partsOf({ from, to, offset }: Span, ms: number): readonly Part[] {
  const parts: Part[] = []
  for (let index = Math.floor((from + offset) / ms); index * ms - offset < to; index += 1) {
    const begin = index * ms - offset
    parts.push({ index, from: Math.max(from, begin), to: Math.min(to, begin + ms) })
  }
  return parts
}

// Where clocks change by half an hour, an hour begins at the change.
function beginOfHour(index: number, span: Span, period: Period): number {
  const begin = index * HOUR_MS - span.offset
  return span.from === period.from ? begin : Math.max(begin, span.from)
}

// The period may begin after the change of the clocks on this day.
function beginOfDay(index: number, offset: number, offsetAt: (at: number) => number): number {
  return index * DAY_MS - offsetAt(index * DAY_MS - offset)
}

/** The spans of the period in which clocks do not change. Two changes within a day are seen as one. */
function spansOf(offsetAt: (at: number) => number, { from, to }: Period): readonly Span[] {
  const spans: Span[] = []
  let begin = from
  let offset = offsetAt(from)
  for (let at = from; at < to; at += DAY_MS) {
    const next = Math.min(to, at + DAY_MS)
    const changed = offsetAt(next)
    if (changed !== offset) {
      const change = changeBetween(offsetAt, at, next)
      if (change > begin) {
        spans.push({ from: begin, to: change, offset })
      }
      begin = change
      offset = changed
    }
  }
  return begin < to ? [...spans, { from: begin, to, offset }] : spans
}

function changeBetween(offsetAt: (at: number) => number, from: number, to: number): number {
  const offset = offsetAt(from)
  let [before, after] = [from, to]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetAt(middle) === offset) {
      before = middle
    } else {
      after = middle
    }
  }
  return after
}

/** What a clock of the zone shows more than UTC at an instant, in ms. */
export function offsetReader(tz: string): (at: number) => number {
  if (tz === 'UTC') {
    return () => 0
  }
  const format = new Intl.DateTimeFormat('en', {
    timeZone: tz,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
    const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
    return shown - Math.floor(at / 1000) * 1000
  }
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}
