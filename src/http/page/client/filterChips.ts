// The active filters of the list of calls, each with a button that removes it. The period is chosen elsewhere.

import { el } from './dom.ts'
import type { Filters } from './filters.ts'
import { type Chip, chipsOf } from './filterWords.ts'
import type { I18n } from './i18n.ts'

export interface FilterChips {
  readonly element: HTMLElement
  show(filters: Filters): void
}

/** `onChange`: the user removed filters. `leave` gets the focus when the last one is gone. */
export function createFilterChips(
  i18n: I18n,
  onChange: (change: Partial<Filters>) => void,
  leave: () => void,
): FilterChips {
  const { t } = i18n
  const list = el('ul', { 'aria-label': t('filters.active') })
  const clear = el('button', { type: 'button', class: 'reset' }, t('filters.clear'))
  const element = el('div', { class: 'chips' }, list, clear)
  let shown: readonly Chip[] = []

  const buttonOf = ({ text, change }: Chip, index: number): HTMLElement => {
    const label = t('filter.remove', { filter: text })
    const name = el('span', { class: 'chip-name' }, text)
    const cross = el('span', { 'aria-hidden': 'true' }, '×')
    const button = el('button', { type: 'button', class: 'chip', title: text, 'aria-label': label }, name, cross)
    button.addEventListener('click', () => {
      onChange(change)
      focusNear(index)
    })
    return el('li', {}, button)
  }
  // The button that had the focus is gone.
  const focusNear = (index: number): void => {
    const buttons = [...list.querySelectorAll('button')]
    const near = buttons[Math.min(index, buttons.length - 1)]
    if (near === undefined) {
      leave()
    } else {
      near.focus()
    }
  }
  clear.addEventListener('click', () => {
    onChange(Object.assign({}, ...shown.map(({ change }) => change)))
    leave()
  })
  return {
    element,
    show(filters) {
      const chips = chipsOf(filters, i18n)
      if (JSON.stringify(chips) !== JSON.stringify(shown)) {
        shown = chips
        list.replaceChildren(...chips.map(buttonOf))
      }
      element.hidden = chips.length === 0
      clear.hidden = chips.length < 2
    },
  }
}
