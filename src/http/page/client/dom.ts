// Creates elements from tags, attributes and text. The only file that creates elements.
//
// Text is always a text node, so that a caller's name cannot become markup. Attributes come from this program; none is an event
// handler or an inline style, and only `outwardLink` has an address of another server, which the configuration names.

export type Child = Node | string

type Attributes = Readonly<Record<string, string | undefined>>

/** An HTML element; attributes that are undefined are left out. */
export function el<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[T] {
  return fill(document.createElement(tag), attributes, children)
}

/** An SVG element. */
export function svg<T extends keyof SVGElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[T] {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
}

function fill<E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) {
      element.setAttribute(name, value)
    }
  }
  element.append(...children)
  return element
}

/** A link to another server, in a new tab: that server learns nothing of this page. */
export function outwardLink(href: string, text: string): HTMLElement {
  return el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, text)
}

/** Sets the text if it differs; returns the element. */
export function write<E extends Element>(element: E, text: string): E {
  if (element.textContent !== text) {
    element.textContent = text
  }
  return element
}

/** Sets the text; without one, hides the element. */
export function writeOrHide(element: HTMLElement, text: string): void {
  write(element, text).hidden = text === ''
}

/** The line in which a part of the page says what went wrong; hidden until `writeOrHide` gives it a text. */
export function problemLine(): HTMLElement {
  return el('p', { class: 'problem', role: 'alert', hidden: '' })
}

/** A labelled figure, for a `dl`. */
export function figure(label: string): { readonly element: HTMLElement; set(text: string): void } {
  const value = el('dd', {}, '–')
  return { element: el('div', {}, el('dt', {}, label), value), set: (text) => void write(value, text) }
}

export interface Column {
  readonly label: string
  /** `sign`: icons, whose heading the style hides where there is little room. `action`: buttons, which are not on the wall. */
  readonly kind?: 'number' | 'sign' | 'action'
}

/** A table; the style shows its rows as cards on a narrow screen. */
export function table(label: string, columns: readonly Column[]): { element: HTMLElement; body: HTMLElement } {
  const headers = columns.map((column) =>
    el('th', { scope: 'col', role: 'columnheader', class: column.kind }, column.label),
  )
  const body = el('tbody', { role: 'rowgroup' })
  const element = el(
    'table',
    { role: 'table', 'aria-label': label },
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...headers)),
    body,
  )
  return { element, body }
}

/** A row of a table; each cell has the name of its column for the cards. Without `cells`, all are empty. */
export function row(columns: readonly Column[], cells: readonly (readonly Child[])[] = []): HTMLTableRowElement {
  const elements = columns.map(({ label, kind }, index) =>
    el('td', { role: 'cell', 'data-label': label, class: kind }, ...(cells[index] ?? [])),
  )
  return el('tr', { role: 'row' }, ...elements)
}

/** How the rows of a list are created and updated. */
export interface KeyedListOptions<Item, Row> {
  readonly keyOf: (item: Item) => unknown
  readonly create: (item: Item) => Row
  readonly update: (row: Row, item: Item) => void
}

/** Rows in `parent`, one for each item. The row of a key is reused, so that it keeps the focus. */
export function keyedList<Item, Row extends { readonly element: Element }>(
  parent: Element,
  { keyOf, create, update }: KeyedListOptions<Item, Row>,
): { show(items: readonly Item[]): void; all(): Iterable<Row> } {
  let rows = new Map<unknown, Row>()
  return {
    all: () => rows.values(),
    show(items) {
      const previous = rows
      rows = new Map()
      for (const item of items) {
        const key = keyOf(item)
        const current = previous.get(key) ?? create(item)
        rows.set(key, current)
        update(current, item)
      }
      setChildren(
        parent,
        [...rows.values()].map(({ element }) => element),
      )
    },
  }
}

// Moves as few elements as possible: an element that is moved loses the focus.
function setChildren(parent: Element, children: readonly Element[]): void {
  const wanted = new Set(children)
  for (const child of [...parent.children]) {
    if (!wanted.has(child)) {
      child.remove()
    }
  }
  children.forEach((child, index) => {
    const current = parent.children[index]
    if (current !== child) {
      parent.insertBefore(child, current ?? null)
    }
  })
}

/** Options of a `select`. */
export function options(choices: readonly (readonly [value: string, text: string])[]): readonly HTMLOptionElement[] {
  return choices.map(([value, text]) => el('option', { value }, text))
}

/** A form field below its label. The name of the control must be unique on the page. */
export function field(label: string, control: HTMLInputElement | HTMLSelectElement): HTMLElement {
  control.id = `field-${control.name}`
  return el('div', { class: 'field' }, el('label', { for: control.id }, label), control)
}
