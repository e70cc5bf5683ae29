// The figures of today beside those of yesterday by the same time of day, and the hours of the day for the small charts. No I/O.
//
// "The same time" is that of the clock on the wall: on a day on which clocks change, 12:00 is not 24 hours after 12:00.

import type { TimeEntry } from './series.ts'

export interface Span {
  /** ISO 8601. */
  readonly from: string
  readonly to: string
}

/** From midnight until now. */
export function todayUntil(now: Date): Span {
  return { from: new Date(now.getFullYear(), now.getMonth(), now.getDate()).toISOString(), to: now.toISOString() }
}

/** From yesterday's midnight until the same time of day as now. */
export function yesterdayUntil(now: Date): Span {
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate() - 1]
  const until = new Date(year, month, day, now.getHours(), now.getMinutes(), now.getSeconds())
  return { from: new Date(year, month, day).toISOString(), to: until.toISOString() }
}

/** One value for each hour of the day that has begun, in the browser's time zone; null: there is none. */
export type Hours = readonly (number | null)[]

/** `read`: null if an hour has none, such as a share of no call. An hour that the clocks repeat is one. */
export function hoursOf(series: readonly TimeEntry[], now: Date, read: (hour: HourFigures) => number | null): Hours {
  const hours = Array.from({ length: now.getHours() + 1 }, () => ({ calls: 0, answered: 0, missed: 0 }))
  const midnight = Date.parse(todayUntil(now).from)
  for (const entry of series) {
    const at = new Date(entry.start)
    const hour = at.getTime() < midnight ? undefined : hours[at.getHours()]
    for (const name of ['calls', 'answered', 'missed'] as const) {
      if (hour !== undefined) {
        hour[name] += entry[name]
      }
    }
  }
  return hours.map(read)
}

type HourFigures = Pick<TimeEntry, 'calls' | 'answered' | 'missed'>

/** The share of the calls of an hour that were answered; null without any. */
export function answeredShareOf({ answered, missed }: HourFigures): number | null {
  return answered + missed === 0 ? null : answered / (answered + missed)
}

/** The points of a line over the day, in a box of 24 by 1 with the origin at the top: runs without gaps. `most`: the value at the top. */
export function linesOf(hours: Hours, most: number): readonly (readonly (readonly [x: number, y: number])[])[] {
  const lines: (readonly [number, number])[][] = []
  let isOpen = false
  hours.forEach((value, hour) => {
    if (value === null) {
      isOpen = false
      return
    }
    if (!isOpen) {
      lines.push([])
      isOpen = true
    }
    lines.at(-1)?.push([hour + 0.5, most === 0 ? 1 : 1 - value / most])
  })
  return lines
}

/** The hour with the largest value, the first of several; null if there is none above 0. */
export function busiestHour(hours: Hours): { readonly hour: number; readonly value: number } | null {
  let best: { hour: number; value: number } | null = null
  hours.forEach((value, hour) => {
    if (value !== null && value > (best?.value ?? 0)) {
      best = { hour, value }
    }
  })
  return best
}

/** What a difference to yesterday means: fewer missed calls are better, and more are worse. */
export function trendOf(today: number, yesterday: number): 'up' | 'down' | 'same' {
  return today > yesterday ? 'up' : today < yesterday ? 'down' : 'same'
}
