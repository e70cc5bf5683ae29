// The table of calls: one row for each call, with a button that opens its details.

import { type Column, el, keyedList, row, table, write } from './dom.ts'
import type { EntryId, ListedCall } from './entries.ts'
import { DASH, type I18n } from './i18n.ts'
import { partnersOf } from './partners.ts'

export interface CallTable {
  readonly element: HTMLElement
  show(calls: readonly ListedCall[]): void
}

/** Longer texts are not numbers; the style cuts them off. */
const MAX_NUMBER_LENGTH = 18

/** `onOpen` gets the row id of a call that the user opens. */
export function createCallTable(i18n: I18n, isFleet: boolean, onOpen: (id: EntryId) => void): CallTable {
  const { t } = i18n
  const columns: readonly Column[] = [
    { label: t('column.time') },
    ...(isFleet ? [{ label: t('column.site') }] : []),
    { label: t('column.direction') },
    { label: t('column.caller') },
    { label: t('column.callee') },
    { label: t('column.partners') },
    { label: t('column.result') },
    { label: t('column.duration'), kind: 'number' },
  ]
  const { element, body } = table(t('calls.title'), columns)
  const rows = keyedList(body, {
    keyOf: (call: ListedCall) => call.id,
    create: (call) => createRow(row(columns), i18n, () => onOpen(call.id)),
    update: (known, call) => known.show(call),
  })
  return {
    element,
    show(calls) {
      rows.show(calls)
      element.hidden = calls.length === 0
    },
  }
}

function createRow(element: HTMLTableRowElement, i18n: I18n, open: () => void) {
  const button = el('button', { type: 'button', class: 'open' })
  element.cells[0]?.append(button)
  button.addEventListener('click', open)
  element.addEventListener('click', ({ target }) => {
    // A click anywhere in the row opens the call too, unless it ends a selection of text.
    if (target !== button && getSelection()?.isCollapsed !== false) {
      open()
    }
  })
  let shown = ''
  return {
    element,
    show(call: ListedCall): void {
      const text = JSON.stringify(call)
      if (text !== shown) {
        shown = text
        fill(element, button, { call, i18n })
      }
    },
  }
}

function fill(
  element: HTMLTableRowElement,
  button: HTMLButtonElement,
  { call, i18n }: { readonly call: ListedCall; readonly i18n: I18n },
): void {
  const time = i18n.time(call.start_time)
  button.setAttribute('aria-label', i18n.t('calls.open', { caller: call.caller, callee: call.callee, time }))
  write(button, time)
  element.dataset['status'] = call.status
  element.dataset['missed'] = String(call.missed)
  const cells: readonly (readonly (Node | string)[])[] = [
    ...(call.site === undefined ? [] : [[siteElement(call.site)]]),
    [i18n.value('direction', call.direction)],
    [numberElement(call.caller), ' ', el('span', { class: 'name' }, call.caller_name)],
    [numberElement(call.callee)],
    [el('span', { class: 'partners' }, partnersOf(call, i18n))],
    [el('span', { class: 'result' }, resultOf(call, i18n))],
    [call.answer_time === null || call.end_time === null ? DASH : i18n.clock(call.duration)],
  ]
  cells.forEach((children, index) => {
    element.cells[index + 1]?.replaceChildren(...children)
  })
}

// A text that the style cuts off is complete in its tooltip and in the call's details.
function numberElement(number: string): HTMLElement {
  const title = number.length > MAX_NUMBER_LENGTH ? number : undefined
  return el('span', { class: 'number', title }, number || DASH)
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
