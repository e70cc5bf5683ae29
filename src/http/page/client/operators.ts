// The key figures of a period, and for each phone: offered and answered calls, talk time, and its current state.
//
// Loaded again at an interval while the page is visible, and soon after a call changed.

import type { OperatorEntry, Stats } from '../../../query/schema.ts'
import { type Api, errorText } from './api.ts'
import { today } from './clock.ts'
import { el, field, figure, keyedList, options, row, table, write } from './dom.ts'
import { boundsOf } from './filters.ts'
import { DASH, type I18n } from './i18n.ts'

export interface Operators {
  readonly section: HTMLElement
  load(): Promise<void>
  /** A call changed: loads again soon. */
  refreshSoon(): void
}

const PERIOD_CHOICES = ['hour', 'today', 'yesterday', 'week', 'month'] as const
const REFRESH_DELAY_MS = 2_000

export function createOperators(i18n: I18n, api: Api): Operators {
  const { t } = i18n
  const operatorTable = createOperatorTable(i18n)
  const stats = createStats(i18n)
  const period = el('select', { name: 'operators-period' })
  period.append(...options(PERIOD_CHOICES.map((each) => [each, t(`period.${each}`)] as const)))
  period.value = 'today'
  const none = el('p', { class: 'muted' }, t('operators.none'))
  const error = el('p', { class: 'problem', role: 'alert' })
  error.hidden = true
  let refreshTimer: ReturnType<typeof setTimeout> | undefined

  const load = async (): Promise<void> => {
    clearTimeout(refreshTimer)
    refreshTimer = undefined
    const chosen = PERIOD_CHOICES.find((each) => each === period.value) ?? 'today'
    const query = new URLSearchParams(boundsOf({ period: chosen, from: '', to: '' }, today()))
    const [operatorsResult, statsResult] = await Promise.all([api.operators(query), api.stats(query)])
    if (chosen !== period.value) {
      return
    }
    error.hidden = operatorsResult.kind === 'ok' || operatorsResult.kind === 'cancelled'
    if (operatorsResult.kind === 'ok') {
      const { operators } = operatorsResult.value
      operatorTable.show(operators)
      none.hidden = operators.length > 0
    } else if (operatorsResult.kind !== 'cancelled') {
      write(error, errorText(operatorsResult, i18n))
    }
    if (statsResult.kind === 'ok') {
      stats.show(statsResult.value)
    }
  }
  period.addEventListener('change', () => void load())
  const title = el('h2', { id: 'operators' }, t('operators.title'))
  return {
    section: el(
      'section',
      { class: 'operators', 'aria-labelledby': 'operators' },
      el('div', { class: 'title' }, title, field(t('calls.period'), period)),
      stats.element,
      error,
      none,
      operatorTable.element,
    ),
    load,
    refreshSoon() {
      refreshTimer ??= setTimeout(() => void load(), REFRESH_DELAY_MS)
    },
  }
}

interface OperatorTable {
  readonly element: HTMLElement
  show(operators: readonly OperatorEntry[]): void
}

function createOperatorTable(i18n: I18n): OperatorTable {
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
  const rows = keyedList(body, {
    keyOf: ({ operator }: OperatorEntry) => operator,
    create: () => ({ element: row(columns) }),
    update: (known, operator) => fill(known.element, operator, i18n),
  })
  return {
    element,
    show(operators) {
      // Sorted by name, so that rows keep their places while figures change.
      rows.show(
        operators.toSorted((one, other) =>
          one.operator.localeCompare(other.operator, i18n.language, { numeric: true }),
        ),
      )
      element.hidden = operators.length === 0
    },
  }
}

function fill(element: HTMLTableRowElement, operator: OperatorEntry, i18n: I18n): void {
  element.dataset['state'] = operator.state ?? 'none'
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
    const cell = element.cells[index]
    if (cell !== undefined) {
      write(cell, text)
    }
  })
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
