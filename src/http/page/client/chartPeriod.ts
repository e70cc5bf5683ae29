// Which period figures, charts and people show, and how what was dragged over becomes the period of the page. No I/O.

import { boundsOf, type ChosenPeriod } from './filters.ts'

const DAY_MS = 86_400_000
/** A longer period is shown by days. */
const MOST_DAYS_BY_HOUR = 8
/** The longest by days. */
const MOST_DAYS = 800

export interface ChartPeriod {
  /** Epoch ms. */
  readonly from: number
  readonly to: number
  readonly by: 'hour' | 'day'
}

/** The instants of the chosen period, for figures; of all times, the last 30 days, because adding up more takes long. */
export function figureBoundsOf(chosen: ChosenPeriod, now: Date): { from?: string; to?: string } {
  return boundsOf(chosen.period === 'all' ? { period: 'month', from: '', to: '' } : chosen, now)
}

/** The period of the charts. */
export function chartPeriodOf(chosen: ChosenPeriod, now: Date): ChartPeriod {
  const { from, to } = figureBoundsOf(chosen, now)
  const end = to === undefined ? now.getTime() : Date.parse(to)
  const wanted = from === undefined ? end - DAY_MS : Date.parse(from)
  const begin = Math.max(wanted < end ? wanted : end - DAY_MS, end - MOST_DAYS * DAY_MS)
  return { from: begin, to: end, by: end - begin > MOST_DAYS_BY_HOUR * DAY_MS ? 'day' : 'hour' }
}

/** A period that was chosen by its ends, in the browser's time zone. */
export function customPeriod(from: number, to: number): ChosenPeriod {
  return { period: 'custom', from: localMinute(from), to: localMinute(to) }
}

function localMinute(at: number): string {
  const date = new Date(at)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** How strong the colour of a cell is, from 0 for none to 7 for the largest. */
export function heatOf(calls: number, most: number): number {
  return calls === 0 || most === 0 ? 0 : Math.max(1, Math.ceil((calls / most) * 7))
}
