// Charts of the period of the page: calls an hour or a day, by weekday and hour, and how long callers waited.
//
// The bars are drawn by a script that is loaded when the page has been painted; the tables are here without it.

import { type Api, type ApiResult, errorText } from './api.ts'
import type { BarChart } from './barChart.ts'
import { type ChartPeriod, chartPeriodOf, customPeriod } from './chartPeriod.ts'
import { createHeatMap, createTimeTable, createWaitingTable } from './chartTables.ts'
import { today } from './clock.ts'
import { el, problemLine, write, writeOrHide } from './dom.ts'
import { arePeriodAndSiteEqual, type ChosenPeriod, type Filters, NO_FILTERS } from './filters.ts'
import type { I18n } from './i18n.ts'
import { createLatestRequest } from './latestRequest.ts'
import { createMoreCharts } from './moreCharts.ts'
import type { Charted, TimeEntry } from './series.ts'

export interface Charts {
  readonly section: HTMLElement
  load(): Promise<void>
  /** The next request is for the period and the site of these filters; returns whether they are others than before. */
  setFilters(filters: Filters): boolean
}

export interface ChartsDependencies {
  readonly i18n: I18n
  readonly api: Api
  /** The user chose another period. */
  readonly onPeriod: (period: ChosenPeriod) => void
}

const HOUR_S = 3_600
const DAY_S = 24 * HOUR_S
const PARTS = ['answered', 'missed', 'other'] as const

export function createCharts({ i18n, api, onPeriod }: ChartsDependencies): Charts {
  const { t } = i18n
  const view = createView(i18n, () => void load())
  let filters: Filters | null = null
  let entries: readonly TimeEntry[] = []
  let period = chartPeriodOf(NO_FILTERS, today())
  let chart: BarChart | null = null
  const request = createLatestRequest(() => load())

  const draw = (): void => {
    chart?.show({
      starts: entries.map(({ start }) => Date.parse(start) / 1000),
      seconds: period.by === 'hour' ? HOUR_S : DAY_S,
      parts: PARTS.map((part) => entries.map((entry) => entry[part])),
    })
  }
  const load = async (): Promise<void> => {
    const signal = request.begin()
    const chosen = filters ?? NO_FILTERS
    const wanted = chartPeriodOf(chosen, today())
    const query = (by: string): URLSearchParams => queryOf(wanted, by, chosen.site)
    // What is folded away is not requested.
    const [time, week, waiting] = await Promise.all([
      api.series<'time'>(query(wanted.by), signal),
      ...(view.more.open
        ? ([
            api.series<'week'>(query('weekday_hour'), signal),
            api.series<'waiting'>(query('waiting'), signal),
          ] as const)
        : []),
    ])
    view.showProblem([time, ...(week === undefined ? [] : [week]), ...(waiting === undefined ? [] : [waiting])])
    if (time.kind !== 'ok') {
      return
    }
    period = wanted
    entries = time.value.series
    view.show(period, {
      time: entries,
      week: week?.kind === 'ok' ? week.value.series : null,
      waiting: waiting?.kind === 'ok' ? waiting.value.series : null,
    })
    draw()
  }
  const startDrawing = async (): Promise<void> => {
    try {
      const { createBarChart } = await import('./barChart.ts')
      chart = createBarChart({
        ...{ parent: view.canvas, keys: view.keys },
        timeText: (at, step) => view.timeText(at, step < DAY_S),
        countText: (count) => i18n.number(count),
        onPoint: (index) => view.read(index === null ? undefined : entries[index], period),
        onDrag: (from, to) => onPeriod(customPeriod(from * 1000, to * 1000)),
      })
      draw()
      followLooks(view.canvas, chart)
    } catch {
      write(view.canvas, t('charts.failed'))
    }
  }
  view.reset.addEventListener('click', () => onPeriod({ period: 'today', from: '', to: '' }))
  // The first paint has no chart.
  requestAnimationFrame(() => setTimeout(() => void startDrawing()))
  return {
    section: view.section,
    load,
    setFilters(next) {
      const isOther = filters === null || !arePeriodAndSiteEqual(next, filters)
      filters = next
      view.reset.hidden = next.period !== 'custom'
      return isOther
    },
  }
}

function queryOf({ from, to }: ChartPeriod, by: string, site: string): URLSearchParams {
  return new URLSearchParams({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    by,
    ...(by !== 'waiting' && { tz: Intl.DateTimeFormat().resolvedOptions().timeZone }),
    ...(site !== '' && { site }),
  })
}

// Colours are those of the style, and the width is that of the window.
function followLooks(parent: HTMLElement, chart: BarChart): void {
  new ResizeObserver(() => chart.redraw()).observe(parent)
  new MutationObserver(() => chart.redraw()).observe(document.documentElement, { attributeFilter: ['data-theme'] })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => chart.redraw())
}

interface View {
  readonly section: HTMLElement
  readonly canvas: HTMLElement
  readonly keys: readonly HTMLElement[]
  readonly reset: HTMLButtonElement
  readonly timeText: (seconds: number, hasHours: boolean) => string
  /** Null: not loaded. */
  show(period: ChartPeriod, charted: { readonly [Key in keyof Charted]: Charted[Key] | null }): void
  showProblem(results: readonly ApiResult<unknown>[]): void
  /** What is folded away. */
  readonly more: HTMLDetailsElement
  read(entry: TimeEntry | undefined, period: ChartPeriod): void
}

function createView(i18n: I18n, onMore: () => void): View {
  const { t } = i18n
  const names = { answered: t('column.answered'), missed: t('column.missed'), other: t('charts.other') }
  const keys = PARTS.map((part) => el('span', { class: `key ${part}` }))
  const canvas = el('div', { class: 'canvas', 'aria-hidden': 'true' })
  const note = el('span')
  const problem = problemLine()
  // A finger that is dragged scrolls the page.
  const hint = matchMedia('(hover: none)').matches ? '' : t('charts.hint')
  const reading = el('span', { class: 'reading' }, hint)
  const reset = el('button', { type: 'button', class: 'reset' }, t('charts.reset'))
  reset.hidden = true
  const heading = el('h2', { id: 'charts' }, t('charts.hour'))
  const time = createTimeTable(i18n)
  const week = createHeatMap(i18n)
  const waiting = createWaitingTable(i18n)
  const scroll = el(
    'div',
    { class: 'scroll', role: 'group', tabindex: '0', 'aria-label': t('charts.table') },
    time.element,
  )
  const parts = [
    el('div', {}, el('h3', {}, t('charts.week')), week.element),
    el(
      'div',
      {},
      el('h3', {}, t('charts.waiting')),
      el('p', { class: 'muted' }, t('charts.waitingHint')),
      waiting.element,
    ),
    el('div', {}, el('h3', {}, t('charts.table')), scroll),
  ]
  const more = createMoreCharts(i18n, [el('div', { class: 'pair' }, ...parts)], onMore)
  const legend = PARTS.map((part, index) => el('span', {}, keys[index] ?? '', names[part]))
  const section = el(
    'section',
    { class: 'charts', 'aria-labelledby': 'charts' },
    el('div', { class: 'title' }, heading, el('p', { class: 'legend' }, ...legend), reset),
    problem,
    canvas,
    el('p', { class: 'about muted' }, note, reading),
    more,
  )
  return {
    ...{ section, canvas, keys, reset, more },
    timeText: (seconds, hasHours) => i18n.tick(seconds * 1000, hasHours),
    show(period, charted) {
      const [from, to] = [period.from, period.to].map((at) => i18n.entry(new Date(at).toISOString(), true))
      write(note, `${from} – ${to}`)
      write(heading, t(period.by === 'hour' ? 'charts.hour' : 'charts.day'))
      time.show(charted.time ?? [], period.by)
      week.show(charted.week ?? [])
      waiting.show(charted.waiting ?? [])
    },
    showProblem(results) {
      const texts = results.map((each) => errorText(each, i18n))
      writeOrHide(problem, texts.find((text) => text !== '') ?? '')
    },
    read(entry, { by }) {
      if (entry === undefined) {
        return void write(reading, hint)
      }
      const { start, calls, answered, missed, other } = entry
      write(
        reading,
        t('charts.read', {
          time: i18n.entry(start, by === 'hour'),
          calls: i18n.counted('charts.calls', calls),
          answered: i18n.number(answered),
          missed: i18n.number(missed),
          other: i18n.number(other),
        }),
      )
    },
  }
}
