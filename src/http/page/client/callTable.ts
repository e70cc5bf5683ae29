// The table of calls: one row for each call, with a button that opens its details, and one for each day.

import { plainRows, rowsOfDays } from './callDays.ts'
import { today } from './clock.ts'
import { type Column, el, keyedList, row, table, write } from './dom.ts'
import type { EntryId, ListedCall } from './entries.ts'
import type { Order } from './filters.ts'
import { DASH, type I18n } from './i18n.ts'
import { icon } from './icons.ts'
import { partnersOf } from './partners.ts'

export interface CallTable {
  readonly element: HTMLElement
  show(calls: readonly ListedCall[], order: Order): void
}

export interface CallTableDependencies {
  readonly i18n: I18n
  readonly isFleet: boolean
  /** The user opened the call with this row id. */
  readonly onOpen: (id: EntryId) => void
  readonly onOrder: (order: Order) => void
}

export function createCallTable({ i18n, isFleet, onOpen, onOrder }: CallTableDependencies): CallTable {
  const { t } = i18n
  const columns: readonly Column[] = [
    { label: t('column.time') },
    ...(isFleet ? [{ label: t('column.site') }] : []),
    { label: t('column.direction'), kind: 'sign' },
    { label: t('column.caller') },
    { label: t('column.callee') },
    { label: t('column.partners') },
    { label: t('column.result') },
    { label: t('column.duration'), kind: 'number' },
  ]
  const { element, body } = table(t('calls.title'), columns)
  const headers = createOrderHeaders(element, i18n, onOrder)
  const rows = keyedList(body, {
    keyOf: ({ key }: Row) => key,
    create: (one): Shown =>
      one.kind === 'day' ? dayRow(columns.length) : callRow(row(columns), i18n, () => onOpen(one.key)),
    update: (known, one) => known.show(one),
  })
  return {
    element,
    show(calls, order) {
      headers.show(order)
      // The longest are of any day.
      rows.show(order === 'longest' ? plainRows(calls) : rowsOfDays(calls, today(), i18n))
      element.hidden = calls.length === 0
    },
  }
}

type Row = ReturnType<typeof rowsOfDays>[number]

// The first header and the last one sort the list: by the start, the newest or the oldest first, or by the talk.
function createOrderHeaders(table: HTMLElement, { t }: I18n, onOrder: (order: Order) => void) {
  const all = [...table.querySelectorAll('thead th')]
  const [start, talk] = [all[0], all.at(-1)]
  let shown: Order = 'newest'
  const button = (header: Element | undefined, label: string, next: () => Order): void => {
    const element = el('button', { type: 'button', class: 'order', title: label }, header?.textContent ?? '')
    element.addEventListener('click', () => onOrder(next()))
    header?.replaceChildren(element)
  }
  button(start, t('calls.byStart'), () => (shown === 'newest' ? 'oldest' : 'newest'))
  button(talk, t('calls.byTalk'), () => (shown === 'longest' ? 'newest' : 'longest'))
  return {
    show(order: Order): void {
      shown = order
      start?.setAttribute('aria-sort', order === 'newest' ? 'descending' : order === 'oldest' ? 'ascending' : 'none')
      talk?.setAttribute('aria-sort', order === 'longest' ? 'descending' : 'none')
    },
  }
}

interface Shown {
  readonly element: HTMLTableRowElement
  show(row: Row): void
}

function dayRow(span: number): Shown {
  const cell = el('th', { scope: 'rowgroup', role: 'rowheader', colspan: String(span) })
  return {
    element: el('tr', { class: 'day', role: 'row' }, cell),
    show(shown) {
      if (shown.kind === 'day') {
        write(cell, shown.text)
      }
    },
  }
}

function callRow(element: HTMLTableRowElement, i18n: I18n, open: () => void): Shown {
  const button = el('button', { type: 'button', class: 'open' })
  element.cells[0]?.append(button)
  button.addEventListener('click', open)
  element.addEventListener('click', ({ target }) => {
    // A click anywhere in the row opens the call too, unless it ends a selection of text.
    if (target !== button && getSelection()?.isCollapsed !== false) {
      open()
    }
  })
  let text = ''
  return {
    element,
    show(shown) {
      if (shown.kind === 'call' && JSON.stringify(shown) !== text) {
        text = JSON.stringify(shown)
        fill(element, button, { ...shown, i18n })
      }
    },
  }
}

function fill(
  element: HTMLTableRowElement,
  button: HTMLButtonElement,
  { call, hasDate, i18n }: { readonly call: ListedCall; readonly hasDate: boolean; readonly i18n: I18n },
): void {
  const time = i18n.time(call.start_time)
  button.setAttribute('aria-label', i18n.t('calls.open', { caller: call.caller, callee: call.callee, time }))
  button.title = time
  write(button, hasDate ? time : i18n.timeOfDay(call.start_time))
  element.dataset['status'] = call.status
  element.dataset['missed'] = String(call.missed)
  const partners = partnersOf(call, i18n)
  const cells: readonly (readonly [string, ...(Node | string)[]])[] = [
    ...(call.site === undefined ? [] : [['site', siteElement(call.site)] as const]),
    ['direction', ...directionElements(call, i18n)],
    [
      'caller',
      numberElement(call.caller),
      ' ',
      el('span', { class: 'name', title: call.caller_name }, call.caller_name),
    ],
    ['callee', numberElement(call.callee)],
    ['with', el('span', { class: 'partners', title: partners }, partners)],
    ['outcome', el('span', { class: 'result' }, resultOf(call, i18n))],
    ['talk', call.answer_time === null || call.end_time === null ? DASH : i18n.clock(call.duration)],
  ]
  cells.forEach(([name, ...children], index) => {
    const cell = element.cells[index + 1]
    // The style places the cells of a row on a narrow screen by their names.
    cell?.classList.add(`cell-${name}`)
    cell?.replaceChildren(...children)
  })
}

// An icon, and its name: beside it where there is room, for screen readers everywhere.
function directionElements({ direction }: ListedCall, { value }: I18n): readonly (Node | string)[] {
  const text = value('direction', direction)
  return [
    el('span', { class: 'direction', title: text }, icon(direction), el('span', { class: 'visually-hidden' }, text)),
  ]
}

// A text that the style cuts off is complete in its tooltip and in the call's details.
function numberElement(number: string): HTMLElement {
  return el('span', { class: 'number', title: number || undefined }, number || DASH)
}

/** The name of a site, as tables show it. */
export function siteElement(site: string): HTMLElement {
  return el('span', { class: 'site' }, site)
}

/** The result of an ended call, the state of an active one. */
export function resultOf({ disposition, status }: Pick<ListedCall, 'disposition' | 'status'>, i18n: I18n): string {
  if (disposition !== null) {
    return i18n.value('result', disposition)
  }
  return i18n.value('state', status === 'answered' ? 'talking' : status)
}
