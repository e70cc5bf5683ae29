// The key figures of the period of the page.

import { type Api, errorText } from './api.ts'
import { el, figure, problemLine, writeOrHide } from './dom.ts'
import { DASH, type I18n } from './i18n.ts'
import { createPeriodRequest, type PeriodRequest } from './periodRequest.ts'

export interface PeriodFigures extends PeriodRequest {
  readonly section: HTMLElement
}

export function createPeriodFigures(i18n: I18n, api: Api): PeriodFigures {
  const { t } = i18n
  const calls = figure(t('stats.calls'))
  const answered = figure(t('stats.answered'))
  const missed = figure(t('stats.missed'))
  const average = figure(t('stats.average'))
  const delay = figure(t('stats.delay'))
  const all = [calls, answered, missed, average, delay]
  const error = problemLine()
  const request = createPeriodRequest({
    ask: api.stats,
    show(result) {
      writeOrHide(error, errorText(result, i18n))
      if (result.kind === 'ok') {
        const stats = result.value
        calls.set(i18n.number(stats.calls))
        answered.set(i18n.share(stats.answered_share))
        missed.set(i18n.number(stats.missed))
        average.set(stats.average_talk_seconds === null ? DASH : i18n.clock(stats.average_talk_seconds))
        delay.set(i18n.span(stats.average_answer_delay_seconds))
      }
    },
  })
  return {
    ...request,
    section: el(
      'section',
      { class: 'period-figures', 'aria-label': t('stats.title') },
      error,
      el('dl', { class: 'figures small' }, ...all.map(({ element }) => element)),
    ),
  }
}
