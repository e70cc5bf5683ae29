// The tiles of the place "Now": the calls of today beside those of yesterday by the same time of day, who waits, and who is free.
//
// What the calls of today are is requested, at an interval and soon after calls end; what happens now comes from the feed.

import { type Api, errorText } from './api.ts'
import { ticks, today } from './clock.ts'
import { answeredShareOf, busiestHour, type Hours, hoursOf, todayUntil, trendOf, yesterdayUntil } from './dayFigures.ts'
import { el, problemLine, writeOrHide } from './dom.ts'
import type { Filters } from './filters.ts'
import type { Staff } from './freePeople.ts'
import { DASH, type I18n } from './i18n.ts'
import { createLatestRequest } from './latestRequest.ts'
import { type Navigation, withoutSearch } from './navigation.ts'
import { createMeter, createSparkline, type Sparkline } from './sparkline.ts'
import { createTile, type TileLevel } from './tile.ts'

export interface Tiles {
  readonly element: HTMLElement
  load(): Promise<void>
  /** The next request is for the site of these filters; returns whether it is another one than before. */
  setFilters(filters: Filters): boolean
  /** A call ended: loads again soon. */
  refreshSoon(): void
  /** What is known of now. */
  show(now: NowFigures): void
  /** Updates the clocks; `now`: the server's time, epoch ms. */
  tick(now: number): void
}

/** Of each, null: not known. */
export interface NowFigures {
  /** Missed callers; `since`: of the one who waits longest, epoch ms. */
  readonly callers: { readonly count: number; readonly since: number | null } | null
  /** Callers in queues. */
  readonly queued: { readonly count: number; readonly since: number | null } | null
  readonly people: Staff | null
}

export interface TilesDependencies {
  readonly i18n: I18n
  readonly api: Api
  readonly isFleet: boolean
  readonly navigation: Navigation
}

/** Calls that end one after the other cause a request at this interval. */
const LEAST_MS = 5_000
/** What was yesterday by this time changes slowly. */
const YESTERDAY_MS = 60_000
/** A wait in a queue is marked after half of this, and as late after it. */
export const LATE_S = 60
/** As the alert AsteriskCallbackLate. */
const LATE_CALLBACK_S = 3_600

export function createTiles({ i18n, api, isFleet, navigation }: TilesDependencies): Tiles {
  const view = createView(i18n, isFleet, navigation)
  let site = ''
  let yesterday: { readonly at: number; readonly site: string; readonly figures: DayFigures } | null = null
  const request = createLatestRequest(() => load())

  const load = async (): Promise<void> => {
    const signal = request.begin()
    const now = today()
    const query = (span: Readonly<Record<string, string>>): URLSearchParams =>
      new URLSearchParams({ ...span, ...(site !== '' && { site }) })
    const isYesterdayKnown =
      yesterday !== null && yesterday.site === site && ticks() - yesterday.at < YESTERDAY_MS ? yesterday.figures : null
    const tz = Intl.DateTimeFormat().resolvedOptions().timeZone
    const [figures, series, before] = await Promise.all([
      api.stats(query({ ...todayUntil(now) }), signal),
      api.series<'time'>(query({ ...todayUntil(now), by: 'hour', tz }), signal),
      isYesterdayKnown === null ? api.stats(query({ ...yesterdayUntil(now) }), signal) : null,
    ])
    if (figures.kind === 'cancelled' || series.kind === 'cancelled' || before?.kind === 'cancelled') {
      return
    }
    if (figures.kind !== 'ok') {
      return view.showProblem(errorText(figures, i18n))
    }
    if (series.kind !== 'ok') {
      return view.showProblem(errorText(series, i18n))
    }
    if (before?.kind === 'ok') {
      yesterday = { at: ticks(), site, figures: before.value }
    }
    view.showProblem('')
    view.showDay(figures.value, isYesterdayKnown ?? (before?.kind === 'ok' ? before.value : null))
    view.showHours({
      calls: hoursOf(series.value.series, now, ({ calls }) => calls),
      answered: hoursOf(series.value.series, now, answeredShareOf),
      missed: hoursOf(series.value.series, now, ({ missed }) => missed),
    })
  }
  return {
    element: view.element,
    load,
    setFilters(next) {
      const isOther = next.site !== site
      site = next.site
      return isOther
    },
    refreshSoon: () => request.soon(LEAST_MS),
    show: view.showNow,
    tick: view.tick,
  }
}

interface DayFigures {
  readonly calls: number
  readonly answered_share: number | null
  readonly missed: number
}

function createView(i18n: I18n, isFleet: boolean, navigation: Navigation) {
  const { t, number } = i18n
  const line = () => createSparkline(t('tile.noHour'))
  const lines = { calls: line(), answered: line(), missed: line() }
  const ofToday = { period: 'today', from: '', to: '' } as const
  const calls = (name: 'calls' | 'answered' | 'missed', filters: Partial<Filters>, drawing: Sparkline) =>
    createTile(
      {
        ...{ name, label: t(`tile.${name}`), hint: t('tile.same') },
        ...{ change: { place: 'calls', filters: withoutSearch({ ...ofToday, ...filters }) }, drawing: drawing.element },
      },
      navigation,
    )
  const meter = createMeter()
  const tiles = {
    calls: calls('calls', {}, lines.calls),
    answered: calls('answered', { disposition: 'answered' }, lines.answered),
    missed: calls('missed', { missed: true }, lines.missed),
    callers: createTile({ name: 'callers', label: t('tile.callers'), change: { place: 'missed' } }, navigation),
    queued: createTile(
      { name: 'queued', label: t('tile.queued'), change: { place: isFleet ? 'now' : 'queues' } },
      navigation,
    ),
    people: createTile(
      { name: 'people', label: t('tile.people'), change: { place: 'people' }, drawing: meter.element },
      navigation,
    ),
  }
  const shown = Object.values(tiles).filter((tile) => !isFleet || tile !== tiles.people)
  const problem = problemLine()
  const list = el('ul', { class: 'now-tiles' }, ...shown.map(({ element }) => element))
  const element = el('section', { class: 'today', 'aria-label': t('tiles') }, problem, list)
  let now: NowFigures = { callers: null, queued: null, people: null }

  const waitOf = (since: number | null, at: number): number => (since === null ? 0 : Math.max(0, (at - since) / 1000))
  const tick = (at: number): void => {
    const { callers, queued } = now
    if (callers !== null) {
      const wait = waitOf(callers.since, at)
      const note = callers.count === 0 ? t('tile.nobody') : t('tile.longest', { clock: i18n.clock(wait) })
      const level = callers.count === 0 ? 'good' : wait > LATE_CALLBACK_S ? 'late' : 'soon'
      tiles.callers.show(number(callers.count), note, level)
    } else {
      tiles.callers.show(DASH, '')
    }
    if (queued === null) {
      tiles.queued.show(DASH, '')
    } else if (queued.count === 0) {
      tiles.queued.show(i18n.clock(0), t('tile.nobody'))
    } else {
      const wait = waitOf(queued.since, at)
      tiles.queued.show(i18n.clock(wait), t('tile.waiting', { count: number(queued.count) }), levelOfWait(wait))
    }
  }
  return {
    element,
    tick,
    showProblem: (text: string): void => writeOrHide(problem, text),
    showDay(day: DayFigures, yesterday: DayFigures | null): void {
      const before = (value: string): string =>
        yesterday === null || value === DASH ? '' : t('tile.before', { value })
      tiles.calls.show(number(day.calls), before(number(yesterday?.calls ?? 0)))
      tiles.answered.show(i18n.share(day.answered_share), before(i18n.share(yesterday?.answered_share ?? null)))
      if (yesterday === null) {
        return tiles.missed.show(number(day.missed), '')
      }
      const trend = trendOf(day.missed, yesterday.missed)
      const count = number(Math.abs(day.missed - yesterday.missed))
      const level = trend === 'up' ? 'late' : trend === 'down' ? 'good' : 'calm'
      tiles.missed.show(number(day.missed), t(`tile.trend.${trend}`, { count }), level)
    },
    showHours(hours: Readonly<Record<'calls' | 'answered' | 'missed', Hours>>): void {
      const textOf = (of: Hours, format: (value: number) => string): string => {
        const busiest = busiestHour(of)
        return busiest === null
          ? t('tile.noHour')
          : t('tile.busiest', { hour: `${busiest.hour}:00`, value: format(busiest.value) })
      }
      lines.calls.show(hours.calls, textOf(hours.calls, number))
      lines.answered.show(hours.answered, textOf(hours.answered, i18n.share), 1)
      lines.missed.show(hours.missed, textOf(hours.missed, number))
    },
    showNow(next: NowFigures): void {
      now = next
      const { people } = next
      if (people === null || people.all === 0) {
        meter.show([], 0)
        return tiles.people.show(DASH, '')
      }
      const free = people.counts.get('free') ?? 0
      const others = (['ringing', 'talking', 'wrapup', 'paused'] as const).flatMap((state) => {
        const count = people.counts.get(state) ?? 0
        return count === 0 ? [] : [`${i18n.value('count', state)} ${number(count)}`]
      })
      meter.show([['free', free], ...[...people.counts].filter(([state]) => state !== 'free')], people.all)
      tiles.people.show(`${number(free)}/${number(people.all)}`, others.join(', '), free === 0 ? 'late' : 'calm')
    },
  }
}

/** What the wait of a caller in a queue means. */
export function levelOfWait(seconds: number): TileLevel {
  return seconds >= LATE_S ? 'late' : seconds >= LATE_S / 2 ? 'soon' : 'calm'
}
