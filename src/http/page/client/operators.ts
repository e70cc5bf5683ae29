// The phones of all sites of a fleet: offered and answered calls and talk time in the period of the page. What a phone does now is only known
// to its own exporter.

import { type Api, errorText } from './api.ts'
import { type Column, el, problemLine, row, write, writeOrHide } from './dom.ts'
import type { Operator } from './entries.ts'
import { DASH, type I18n } from './i18n.ts'
import { createPeriodRequest, type PeriodRequest } from './periodRequest.ts'
import { createShortTable } from './shortTable.ts'

export interface Operators extends PeriodRequest {
  readonly section: HTMLElement
}

/** Rows that are shown at first. */
const LENGTH = 20

export function createOperators(i18n: I18n, api: Api): Operators {
  const { t } = i18n
  const operatorTable = createOperatorTable(i18n)
  const none = el('p', { class: 'muted' }, t('operators.none'))
  none.hidden = true
  const error = problemLine()
  const request = createPeriodRequest({
    ask: api.operators,
    show(result) {
      writeOrHide(error, errorText(result, i18n))
      if (result.kind === 'ok') {
        const { operators } = result.value
        operatorTable.show(operators)
        none.hidden = operators.length > 0
      }
    },
  })
  const title = el('h2', { id: 'operators' }, t('operators.title'))
  return {
    ...request,
    section: el(
      'section',
      { class: 'operators', 'aria-labelledby': 'operators' },
      ...[title, error, none, operatorTable.element],
    ),
  }
}

interface OperatorTable {
  readonly element: HTMLElement
  show(operators: readonly Operator[]): void
}

function createOperatorTable(i18n: I18n): OperatorTable {
  const { t } = i18n
  const columns: readonly Column[] = [
    { label: t('column.site') },
    { label: t('column.operator') },
    { label: t('column.offered'), kind: 'number' },
    { label: t('column.answered'), kind: 'number' },
    { label: t('column.missed'), kind: 'number' },
    { label: t('column.talk'), kind: 'number' },
    { label: t('column.average'), kind: 'number' },
  ]
  const compare = new Intl.Collator(i18n.language, { numeric: true }).compare
  const operatorTable = createShortTable({
    ...{ i18n, columns, name: 'operator-table', label: t('operators.title') },
    length: LENGTH,
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
  const texts = [
    operator.site ?? DASH,
    operator.operator,
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
