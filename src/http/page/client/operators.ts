// The key figures of a period and the phones: what was offered to each, what became of it, what it does now.
//
// Asked for again every few seconds while the page is seen, and soon after something happened.

import type { OperatorEntry, Stats } from '../../../query/schema.ts'
import type { Api } from './api.ts'
import { errorText } from './callList.ts'
import { today } from './clock.ts'
import { el, field, figure, options, row, setChildren, table, write } from './dom.ts'
import { boundsOf } from './filters.ts'
import { DASH, type I18n } from './i18n.ts'

export interface Operators {
  readonly section: HTMLElement
  load(): Promise<void>
  refreshSoon(): void
}

const PERIOD_CHOICES = ['hour', 'today', 'yesterday', 'week', 'month'] as const
const REFRESH_DELAY_MS = 2_000

export function createOperators(i18n: I18n, api: Api): Operators {
  const { t } = i18n
  const columns = [
    { label: t('column.operator') },
    { label: t('column.state') },
    { label: t('column.offered'), kind: 'number' },
    { label: t('column.answered'), kind: 'number' },
    { label: t('column.missed'), kind: 'number' },
    { label: t('column.talk'), kind: 'number' },
    { label: t('column.average'), kind: 'number' },
  ] as const
  const { element, body } = table(t('operators.title'), columns)
  const period = el('select', { name: 'operators-period' })
  period.append(...options(PERIOD_CHOICES.map((each) => [each, t(`period.${each}`)] as const)))
  period.value = 'today'
  const none = el('p', { class: 'quiet' }, t('operators.none'))
  const error = el('p', { class: 'problem', role: 'alert' })
  error.hidden = true
  const figures = createStats(i18n)
  const rows = new Map<string, HTMLTableRowElement>()
  let waiting: ReturnType<typeof setTimeout> | undefined

  const showOperators = (latest: readonly OperatorEntry[]): void => {
    // By name, so that nobody jumps about while figures change.
    const operators = latest.toSorted((one, other) =>
      one.operator.localeCompare(other.operator, i18n.language, { numeric: true }),
    )
    const names = new Set(operators.map(({ operator }) => operator))
    for (const name of rows.keys()) {
      if (!names.has(name)) {
        rows.delete(name)
      }
    }
    setChildren(
      body,
      operators.map((operator) => {
        const made =
          rows.get(operator.operator) ??
          row(
            columns,
            columns.map(() => []),
          )
        rows.set(operator.operator, made)
        fill(made, operator, i18n)
        return made
      }),
    )
    element.hidden = operators.length === 0
    none.hidden = operators.length > 0
  }
  const load = async (): Promise<void> => {
    clearTimeout(waiting)
    waiting = undefined
    const asked = PERIOD_CHOICES.find((each) => each === period.value) ?? 'today'
    const query = new URLSearchParams(boundsOf({ period: asked, from: '', to: '' }, today()))
    const [operators, stats] = await Promise.all([api.operators(query), api.stats(query)])
    if (asked !== period.value) {
      return
    }
    error.hidden = operators.kind === 'answer' || operators.kind === 'cancelled'
    if (operators.kind === 'answer') {
      showOperators(operators.value.operators)
    } else if (operators.kind !== 'cancelled') {
      write(error, errorText(operators, i18n))
    }
    if (stats.kind === 'answer') {
      figures.show(stats.value)
    }
  }
  period.addEventListener('change', () => void load())
  const head = el(
    'div',
    { class: 'title' },
    el('h2', { id: 'operators' }, t('operators.title')),
    field(t('calls.period'), period),
  )
  return {
    section: el(
      'section',
      { class: 'operators', 'aria-labelledby': 'operators' },
      head,
      figures.element,
      error,
      none,
      element,
    ),
    load,
    refreshSoon() {
      waiting ??= setTimeout(() => void load(), REFRESH_DELAY_MS)
    },
  }
}

function createStats(i18n: I18n): { readonly element: HTMLElement; show(stats: Stats): void } {
  const { t } = i18n
  const calls = figure(t('stats.calls'))
  const answered = figure(t('stats.answered'))
  const missed = figure(t('stats.missed'))
  const average = figure(t('stats.average'))
  const delay = figure(t('stats.delay'))
  const all = [calls, answered, missed, average, delay]
  return {
    element: el('dl', { class: 'figures small', 'aria-label': t('stats.title') }, ...all.map(({ element }) => element)),
    show(stats) {
      calls.set(i18n.number(stats.calls))
      answered.set(i18n.share(stats.answered_share))
      missed.set(i18n.number(stats.missed))
      average.set(stats.average_duration === null ? DASH : i18n.clock(stats.average_duration))
      delay.set(i18n.span(stats.average_answer_delay))
    },
  }
}

function fill(made: HTMLTableRowElement, operator: OperatorEntry, i18n: I18n): void {
  made.dataset['state'] = operator.state ?? 'none'
  const texts = [
    operator.operator,
    i18n.value('state', operator.state),
    i18n.number(operator.offered),
    i18n.number(operator.answered),
    i18n.number(operator.missed),
    i18n.clock(operator.talk_seconds),
    operator.average_talk_seconds === null ? DASH : i18n.clock(operator.average_talk_seconds),
  ]
  texts.forEach((text, index) => {
    const cell = made.cells[index]
    if (cell !== undefined) {
      write(cell, text)
    }
  })
}
