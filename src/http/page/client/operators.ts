// The key figures of a period, and for each phone: offered and answered calls, talk time, and its current state.
//
// Loaded again at an interval while the page is visible, and soon after a call changed.

import type { Stats } from '../../../query/schema.ts'
import { type Api, errorText } from './api.ts'
import { today } from './clock.ts'
import { type Column, el, field, figure, options, row, write } from './dom.ts'
import type { Operator } from './entries.ts'
import { boundsOf, type Filters, NO_FILTERS } from './filters.ts'
import { DASH, type I18n } from './i18n.ts'
import { createShortTable } from './shortTable.ts'

export interface Operators {
  readonly section: HTMLElement
  load(): Promise<void>
  /** Shows the site of these filters, and their period unless that is all time; loads again if it is another one. */
  setFilters(filters: Filters): void
  /** A call changed: loads again soon. */
  refreshSoon(): void
}

export interface OperatorsDependencies {
  readonly i18n: I18n
  readonly api: Api
  readonly isFleet: boolean
}

const PERIOD_CHOICES = ['hour', 'today', 'yesterday', 'week', 'month', 'custom'] as const
const REFRESH_DELAY_MS = 2_000
/** Rows that are shown at first, of the phones of all sites. */
const FLEET_LENGTH = 20

export function createOperators({ i18n, api, isFleet }: OperatorsDependencies): Operators {
  const { t } = i18n
  const operatorTable = createOperatorTable(i18n, isFleet)
  const stats = createStats(i18n)
  const period = el('select', { name: 'operators-period' })
  period.append(...options(PERIOD_CHOICES.map((each) => [each, t(`period.${each}`)] as const)))
  period.value = 'today'
  const custom = period.querySelector<HTMLOptionElement>('[value=custom]')
  let ofPage: Pick<Filters, 'site' | 'period' | 'from' | 'to'> = NO_FILTERS
  // The ends of such a period are chosen in the charts and in the list of calls.
  const showChoices = (): void => void custom?.toggleAttribute('hidden', ofPage.period !== 'custom')
  showChoices()
  const none = el('p', { class: 'muted' }, t('operators.none'))
  const error = el('p', { class: 'problem', role: 'alert' })
  error.hidden = true
  let asked = ''
  let refreshTimer: ReturnType<typeof setTimeout> | undefined

  const question = (): string => JSON.stringify([ofPage, period.value])
  const load = async (): Promise<void> => {
    clearTimeout(refreshTimer)
    refreshTimer = undefined
    const chosen = PERIOD_CHOICES.find((each) => each === period.value) ?? 'today'
    const bounds = boundsOf({ ...ofPage, period: chosen }, today())
    const query = new URLSearchParams({ ...bounds, ...(ofPage.site !== '' && { site: ofPage.site }) })
    const mine = question()
    asked = mine
    const [operatorsResult, statsResult] = await Promise.all([api.operators(query), api.stats(query)])
    if (mine !== question()) {
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
    setFilters({ site, period: next, from, to }) {
      const isOtherPeriod = next !== ofPage.period || from !== ofPage.from || to !== ofPage.to
      ofPage = { site, period: next, from, to }
      if (isOtherPeriod) {
        showChoices()
        period.value = next === 'all' ? 'today' : next
      }
      if (question() !== asked) {
        void load()
      }
    },
    refreshSoon() {
      refreshTimer ??= setTimeout(() => void load(), REFRESH_DELAY_MS)
    },
  }
}

interface OperatorTable {
  readonly element: HTMLElement
  show(operators: readonly Operator[]): void
}

// What a phone does now is only known to its own exporter.
function createOperatorTable(i18n: I18n, isFleet: boolean): OperatorTable {
  const { t } = i18n
  const columns: readonly Column[] = [
    ...(isFleet ? [{ label: t('column.site') }] : []),
    { label: t('column.operator') },
    ...(isFleet ? [] : [{ label: t('column.state') }]),
    { label: t('column.offered'), kind: 'number' },
    { label: t('column.answered'), kind: 'number' },
    { label: t('column.missed'), kind: 'number' },
    { label: t('column.talk'), kind: 'number' },
    { label: t('column.average'), kind: 'number' },
  ]
  const compare = new Intl.Collator(i18n.language, { numeric: true }).compare
  const operatorTable = createShortTable({
    ...{ i18n, columns, name: 'operator-table', label: t('operators.title') },
    length: isFleet ? FLEET_LENGTH : Number.POSITIVE_INFINITY,
    keyOf: ({ site = '', operator }: Operator) => JSON.stringify([site, operator]),
    create: () => {
      const element = row(columns)
      return { element, show: (operator) => fill(element, operator, i18n) }
    },
  })
  return {
    element: operatorTable.element,
    show(operators) {
      // Sorted by name, so that rows keep their places while figures change.
      const sorted = operators.toSorted(
        (one, other) => compare(one.site ?? '', other.site ?? '') || compare(one.operator, other.operator),
      )
      operatorTable.show(sorted)
    },
  }
}

function fill(element: HTMLTableRowElement, operator: Operator, i18n: I18n): void {
  element.dataset['state'] = operator.state ?? 'none'
  const texts = [
    ...(operator.site === undefined ? [] : [operator.site]),
    operator.operator,
    ...(operator.site === undefined ? [i18n.value('state', operator.state)] : []),
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
      average.set(stats.average_talk_seconds === null ? DASH : i18n.clock(stats.average_talk_seconds))
      delay.set(i18n.span(stats.average_answer_delay_seconds))
    },
  }
}
