// The charts that are tables: calls by time, the heat map of weekdays and hours, and waiting times with a bar in each row.

import { heatOf } from './chartPeriod.ts'
import { type Column, el, row, svg, table } from './dom.ts'
import type { I18n } from './i18n.ts'
import type { TimeEntry, WaitingEntry, WeekEntry } from './series.ts'

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7]
const PARTS = ['answered', 'missed', 'other'] as const

/** The numbers of the bars. */
export function createTimeTable(i18n: I18n): {
  readonly element: HTMLElement
  show(entries: readonly TimeEntry[], by: 'hour' | 'day'): void
} {
  const { t } = i18n
  const columns: readonly Column[] = [{ label: t('column.time') }, ...numbers(i18n)]
  const { element, body } = table(t('charts.hour'), columns)
  return {
    element,
    show(entries, by) {
      const shown = entries.filter(({ calls }) => calls > 0)
      element.setAttribute('aria-label', t(by === 'hour' ? 'charts.hour' : 'charts.day'))
      body.replaceChildren(
        ...shown.map((entry) => row(columns, [[i18n.entry(entry.start, by === 'hour')], ...figures(entry, i18n)])),
      )
    },
  }
}

/** Weekdays below each other, hours beside each other. */
export function createHeatMap(i18n: I18n): {
  readonly element: HTMLElement
  show(entries: readonly WeekEntry[]): void
} {
  const { t } = i18n
  const cells = WEEKDAYS.map(() => HOURS.map(() => el('td')))
  const head = el(
    'tr',
    {},
    el('th', { scope: 'col' }, el('span', { class: 'visually-hidden' }, t('charts.weekday'))),
    ...HOURS.map((hour) => el('th', { scope: 'col', class: hour % 3 === 0 ? undefined : 'between' }, String(hour))),
  )
  const rows = WEEKDAYS.map((weekday, index) =>
    el('tr', {}, el('th', { scope: 'row' }, i18n.weekday(weekday)), ...(cells[index] ?? [])),
  )
  return {
    element: el(
      'table',
      { class: 'heat', 'aria-label': t('charts.week') },
      el('thead', {}, head),
      el('tbody', {}, ...rows),
    ),
    show(entries) {
      const most = Math.max(0, ...entries.map(({ calls }) => calls))
      for (const entry of entries) {
        const { weekday, hour, calls } = entry
        const cell = cells[weekday - 1]?.[hour]
        cell?.replaceChildren(el('span', {}, calls === 0 ? '' : i18n.compact(calls)))
        cell?.setAttribute('data-heat', String(heatOf(calls, most)))
        cell?.setAttribute('title', `${i18n.weekday(weekday)} ${hour}:00 – ${i18n.counted('charts.calls', calls)}`)
      }
    },
  }
}

/** A row for each class of waiting times. */
export function createWaitingTable(i18n: I18n): {
  readonly element: HTMLElement
  show(entries: readonly WaitingEntry[]): void
} {
  const { t } = i18n
  const columns: readonly Column[] = [{ label: t('charts.wait') }, ...numbers(i18n)]
  const { element, body } = table(t('charts.waiting'), columns)
  element.classList.add('waits')
  return {
    element,
    show(entries) {
      const most = Math.max(1, ...entries.map(({ calls }) => calls))
      body.replaceChildren(
        ...entries.map((entry) => {
          const { from_seconds: from, to_seconds: to } = entry
          const fill = { from: i18n.number(from), to: i18n.number(to ?? 0) }
          const name = to === null ? t('charts.from', fill) : t('charts.between', fill)
          return row(columns, [[name, bar(entry, most)], ...figures(entry, i18n)])
        }),
      )
    },
  }
}

function numbers({ t }: I18n): readonly Column[] {
  return [
    { label: t('charts.calls'), kind: 'number' },
    { label: t('column.answered'), kind: 'number' },
    { label: t('column.missed'), kind: 'number' },
    { label: t('charts.other'), kind: 'number' },
  ]
}

function figures(entry: TimeEntry | WaitingEntry, i18n: I18n): readonly (readonly string[])[] {
  return [entry.calls, entry.answered, entry.missed, entry.other].map((count) => [i18n.number(count)])
}

function bar(entry: WaitingEntry, most: number): SVGElement {
  let left = 0
  const parts = PARTS.map((part) => {
    const width = (entry[part] / most) * 100
    const rect = svg('rect', { class: part, x: `${left}%`, width: `${width}%`, height: '100%' })
    left += width
    return rect
  })
  return svg('svg', { class: 'bar', 'aria-hidden': 'true', width: '100%', height: '8' }, ...parts)
}
