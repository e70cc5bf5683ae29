// What narrows the list of calls: the search box, the filters and the saved views, each of the last two behind a button, and the active filters.

import { el } from './dom.ts'
import { createFilterChips } from './filterChips.ts'
import { createFilterForm } from './filterForm.ts'
import type { Filters } from './filters.ts'
import { type IconName, icon } from './icons.ts'
import { createSearchBox, type SearchBoxDependencies } from './searchBox.ts'
import { createViewsMenu } from './viewsMenu.ts'

export interface CallTools {
  readonly element: HTMLElement
  /** Shows these filters without reporting them. */
  set(filters: Filters): void
  focusSearch(): void
}

export type CallToolsDependencies = SearchBoxDependencies & {
  /** Further elements beside the buttons. */
  readonly beside: readonly HTMLElement[]
}

/** `onChange` gets what the user changed. */
export function createCallTools({ i18n, suggest, onChange, beside }: CallToolsDependencies): CallTools {
  const { t } = i18n
  const box = createSearchBox({ i18n, suggest, onChange })
  const form = createFilterForm(i18n, onChange)
  const views = createViewsMenu(i18n, (filters) => {
    viewsPanel.close()
    onChange(filters)
  })
  const chips = createFilterChips(i18n, onChange, () => box.focus())
  const filtersPanel = createPanel(t('calls.filters'), 'filters', form.element, () => viewsPanel.hide())
  const viewsPanel = createPanel(t('views.title'), 'views', views.element, () => filtersPanel.hide())
  return {
    element: el(
      'div',
      { class: 'call-tools' },
      el('div', { class: 'tools' }, box.element, filtersPanel.button, viewsPanel.button, ...beside),
      form.element,
      views.element,
      chips.element,
    ),
    set(filters) {
      box.set(filters.text)
      form.set(filters)
      views.set(filters)
      // The site is that of the whole page (siteChip.ts).
      chips.show({ ...filters, site: '' })
    },
    focusSearch: () => box.focus(),
  }
}

/** A part that a button opens and closes; Escape within it closes it. */
function createPanel(text: string, name: IconName, panel: HTMLElement, onOpen: () => void) {
  const button = el(
    'button',
    { type: 'button', class: 'panel-button', 'aria-controls': panel.id, 'aria-label': text },
    icon(name),
    el('span', {}, text),
  )
  const toggle = (isOpen: boolean): void => {
    panel.hidden = !isOpen
    button.setAttribute('aria-expanded', String(isOpen))
  }
  const close = (): void => {
    toggle(false)
    button.focus()
  }
  button.addEventListener('click', () => {
    toggle(panel.hidden !== false)
    if (panel.hidden === false) {
      onOpen()
    }
  })
  panel.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') {
      close()
    }
  })
  toggle(false)
  return { button, close, hide: () => toggle(false) }
}
