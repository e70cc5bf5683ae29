// Elements out of tags, attributes and text. The only file that makes an element.
//
// Text is always a text node, so nothing that a stranger chose can become markup; attributes are of our own choosing, and
// none of them is a handler, a style or an address from outside.

export type Child = Node | string

type Attributes = Readonly<Record<string, string | undefined>>

/** An HTML element; attributes that are undefined are left out. */
export function el<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag)
  return filled(element, attributes, children)
}

/** An SVG element. */
export function svg<T extends keyof SVGElementTagNameMap>(
  tag: T,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[T] {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
}

function filled<E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) {
      element.setAttribute(name, value)
    }
  }
  element.append(...children)
  return element
}

/** Writes the text when it is another; returns the element. */
export function write<E extends Element>(element: E, text: string): E {
  if (element.textContent !== text) {
    element.textContent = text
  }
  return element
}

/** A number with what it means. */
export function figure(label: string): { readonly element: HTMLElement; set(text: string): void } {
  const value = el('dd', {}, '–')
  return { element: el('div', {}, el('dt', {}, label), value), set: (text) => void write(value, text) }
}

export interface Column {
  readonly label: string
  readonly kind?: 'number'
}

/** A table whose rows know the names of their columns, to be read as cards where there is no room for a table. */
export function table(label: string, columns: readonly Column[]): { element: HTMLElement; body: HTMLElement } {
  const heads = columns.map(({ label: head, kind }) =>
    el('th', { scope: 'col', role: 'columnheader', class: kind }, head),
  )
  const body = el('tbody', { role: 'rowgroup' })
  const element = el(
    'table',
    { role: 'table', 'aria-label': label },
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...heads)),
    body,
  )
  return { element, body }
}

/** A row of such a table. */
export function row(columns: readonly Column[], cells: readonly (readonly Child[])[]): HTMLTableRowElement {
  const made = cells.map((children, index) =>
    el('td', { role: 'cell', 'data-label': columns[index]?.label, class: columns[index]?.kind }, ...children),
  )
  return el('tr', { role: 'row' }, ...made)
}

/** Makes the children of `parent` be these, in this order, moving as little as possible, so that focus stays where it is. */
export function setChildren(parent: Element, children: readonly Element[]): void {
  const wanted = new Set(children)
  for (const child of [...parent.children]) {
    if (!wanted.has(child)) {
      child.remove()
    }
  }
  children.forEach((child, index) => {
    const there = parent.children[index]
    if (there !== child) {
      parent.insertBefore(child, there ?? null)
    }
  })
}

export function options(choices: readonly (readonly [value: string, text: string])[]): readonly HTMLOptionElement[] {
  return choices.map(([value, text]) => el('option', { value }, text))
}

/** A form's field below its label. The control's name is its own on the page. */
export function field(label: string, control: HTMLInputElement | HTMLSelectElement): HTMLElement {
  control.id = `field-${control.name}`
  return el('div', { class: 'field' }, el('label', { for: control.id }, label), control)
}
