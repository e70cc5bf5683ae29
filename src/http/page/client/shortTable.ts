// A table of which only the first rows are shown until the user asks for all of them, so that it does not push the rest of the page away.

import { type Column, el, keyedList, table, write } from './dom.ts'
import type { I18n } from './i18n.ts'

export interface TableRow<Item> {
  readonly element: HTMLElement
  show(item: Item): void
}

export interface ShortTable<Item, Row> {
  readonly element: HTMLElement
  show(items: readonly Item[]): void
  /** The rows that are shown. */
  rows(): Iterable<Row>
}

export interface ShortTableOptions<Item, Row> {
  readonly i18n: I18n
  /** The class of the element. */
  readonly name: string
  readonly label: string
  readonly columns: readonly Column[]
  /** How many rows are shown at first. */
  readonly length: number
  readonly keyOf: (item: Item) => unknown
  readonly create: (item: Item) => Row
}

export function createShortTable<Item, Row extends TableRow<Item>>(
  options: ShortTableOptions<Item, Row>,
): ShortTable<Item, Row> {
  const { i18n, length, keyOf, create } = options
  const { element, body } = table(options.label, options.columns)
  const rows = keyedList<Item, Row>(body, { keyOf, create, update: (known, item) => known.show(item) })
  const button = el('button', { type: 'button', class: 'more', 'aria-expanded': 'false' })
  let items: readonly Item[] = []
  let isExpanded = false

  const draw = (): void => {
    rows.show(isExpanded ? items : items.slice(0, length))
    element.hidden = items.length === 0
    button.hidden = items.length <= length
    button.setAttribute('aria-expanded', String(isExpanded))
    write(button, i18n.t(isExpanded ? 'callers.fewer' : 'callers.all', { count: i18n.number(items.length) }))
  }
  button.addEventListener('click', () => {
    isExpanded = !isExpanded
    draw()
  })
  draw()
  return {
    element: el('div', { class: options.name }, element, button),
    show(next) {
      items = next
      draw()
    },
    rows: rows.all,
  }
}
