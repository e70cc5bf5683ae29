// The key figures of the period of the page.

import { type Api, errorText } from './api.ts'
import { figureBoundsOf } from './chartPeriod.ts'
import { today } from './clock.ts'
import { el, figure, write } from './dom.ts'
import { arePeriodAndSiteEqual, type Filters, NO_FILTERS } from './filters.ts'
import { DASH, type I18n } from './i18n.ts'
import { createLatestRequest } from './latestRequest.ts'

export interface PeriodFigures {
  readonly section: HTMLElement
  load(): Promise<void>
  /** The next request is for the period and the site of these filters; returns whether they are others than before. */
  setFilters(filters: Filters): boolean
  /** A call changed: loads again soon. */
  refreshSoon(): void
}

export function createPeriodFigures(i18n: I18n, api: Api): PeriodFigures {
  const { t } = i18n
  const calls = figure(t('stats.calls'))
  const answered = figure(t('stats.answered'))
  const missed = figure(t('stats.missed'))
  const average = figure(t('stats.average'))
  const delay = figure(t('stats.delay'))
  const all = [calls, answered, missed, average, delay]
  const error = el('p', { class: 'problem', role: 'alert' })
  error.hidden = true
  let filters: Filters | null = null
  const request = createLatestRequest(() => load())

  const load = async (): Promise<void> => {
    const signal = request.begin()
    const chosen = filters ?? NO_FILTERS
    const query = new URLSearchParams({
      ...figureBoundsOf(chosen, today()),
      ...(chosen.site !== '' && { site: chosen.site }),
    })
    const result = await api.stats(query, signal)
    if (result.kind === 'cancelled') {
      return
    }
    error.hidden = result.kind === 'ok'
    if (result.kind !== 'ok') {
      return void write(error, errorText(result, i18n))
    }
    const stats = result.value
    calls.set(i18n.number(stats.calls))
    answered.set(i18n.share(stats.answered_share))
    missed.set(i18n.number(stats.missed))
    average.set(stats.average_talk_seconds === null ? DASH : i18n.clock(stats.average_talk_seconds))
    delay.set(i18n.span(stats.average_answer_delay_seconds))
  }
  return {
    section: el(
      'section',
      { class: 'period-figures', 'aria-label': t('stats.title') },
      error,
      el('dl', { class: 'figures small' }, ...all.map(({ element }) => element)),
    ),
    load,
    setFilters(next) {
      const isOther = filters === null || !arePeriodAndSiteEqual(next, filters)
      filters = next
      return isOther
    },
    refreshSoon: () => request.soon(),
  }
}
