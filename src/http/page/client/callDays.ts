// The list of calls by days of the browser's time zone: each day has a row with its name above its calls.
//
// No I/O.

import type { ListedCall } from './entries.ts'
import type { I18n } from './i18n.ts'

export type ListRow =
  | { readonly kind: 'day'; readonly key: string; readonly text: string }
  /** `hasDate`: no row above names the day. */
  | { readonly kind: 'call'; readonly key: ListedCall['id']; readonly call: ListedCall; readonly hasDate: boolean }

/** The rows of calls that are in the order of their starts. */
export function rowsOfDays(calls: readonly ListedCall[], now: Date, i18n: Pick<I18n, 't' | 'day'>): readonly ListRow[] {
  let last = ''
  return calls.flatMap((call): readonly ListRow[] => {
    const row: ListRow = { kind: 'call', key: call.id, call, hasDate: false }
    const key = dayOf(new Date(call.start_time))
    if (key === last) {
      return [row]
    }
    last = key
    return [{ kind: 'day', key: `day ${key}`, text: dayText(call.start_time, now, i18n) }, row]
  })
}

/** The rows of calls in another order: without days. */
export function plainRows(calls: readonly ListedCall[]): readonly ListRow[] {
  return calls.map((call) => ({ kind: 'call', key: call.id, call, hasDate: true }))
}

/** "Today", "Yesterday", or the date, with the year if it is another one than this. */
export function dayText(iso: string, now: Date, { t, day }: Pick<I18n, 't' | 'day'>): string {
  const date = new Date(iso)
  if (dayOf(date) === dayOf(now)) {
    return t('day.today')
  }
  if (dayOf(date) === dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) {
    return t('day.yesterday')
  }
  return day(iso, date.getFullYear() !== now.getFullYear())
}

function dayOf(date: Date): string {
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
}
