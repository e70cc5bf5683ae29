// The menu of saved views: opens one, saves the current filters and the period under a name, renames and deletes.

import { el, field, write } from './dom.ts'
import { type Filters, NO_FILTERS } from './filters.ts'
import type { I18n } from './i18n.ts'
import {
  filtersOfView,
  MAX_NAME_LENGTH,
  queryOfView,
  READY_VIEWS,
  renamedView,
  storedViews,
  storeViews,
  type View,
  withoutView,
  withView,
} from './savedViews.ts'

export interface ViewsMenu {
  readonly element: HTMLElement
  /** The filters that the page shows. */
  set(filters: Filters): void
}

/** `onOpen` gets the filters of a view that the user opens. */
export function createViewsMenu(i18n: I18n, onOpen: (filters: Filters) => void): ViewsMenu {
  const { t } = i18n
  let views = storedViews()
  let current = NO_FILTERS
  let renamed: string | null = null
  const own = el('ul')
  const none = el('p', { class: 'muted' }, t('views.none'))
  const told = el('p', { class: 'muted', role: 'status' })
  const name = el('input', { type: 'text', name: 'view-name', maxlength: String(MAX_NAME_LENGTH), autocomplete: 'off' })
  const save = el('form', { class: 'tools' }, field(t('views.name'), name), el('button', {}, t('views.save')))

  const keep = (next: readonly View[], message: string): void => {
    views = next
    write(told, storeViews(views) ? message : t('views.unstored'))
    show()
  }
  const show = (): void => {
    own.replaceChildren(...views.map((view) => (view.name === renamed ? renameItem(view) : viewItem(view))))
    none.hidden = views.length > 0
    showCurrent()
  }
  const showCurrent = (): void => {
    for (const button of element.querySelectorAll<HTMLElement>('button[data-query]')) {
      button.setAttribute('aria-pressed', String(button.dataset['query'] === queryOfView(ofButton(button))))
    }
  }
  // A ready-made view is of the site of the page.
  const ofButton = (button: HTMLElement): Filters =>
    button.dataset['site'] === undefined ? current : { ...current, site: NO_FILTERS.site }
  const openButton = (text: string, query: string, isReady: boolean): HTMLButtonElement => {
    const attributes = { 'data-query': query, title: text, ...(isReady && { 'data-site': 'any' }) }
    const button = el('button', { type: 'button', class: 'view', ...attributes }, text)
    button.addEventListener('click', () => {
      const filters = filtersOfView({ query })
      onOpen(isReady ? { ...filters, site: current.site } : filters)
    })
    return button
  }
  const viewItem = (view: View): HTMLElement => {
    const rename = el(
      'button',
      { type: 'button', 'aria-label': t('views.renameOf', { name: view.name }) },
      t('views.rename'),
    )
    rename.addEventListener('click', () => {
      renamed = view.name
      show()
      own.querySelector('input')?.select()
    })
    const remove = el(
      'button',
      { type: 'button', 'aria-label': t('views.deleteOf', { name: view.name }) },
      t('views.delete'),
    )
    remove.addEventListener('click', () => {
      keep(withoutView(views, view.name), t('views.deleted', { name: view.name }))
      name.focus()
    })
    return el('li', {}, openButton(view.name, view.query, false), rename, remove)
  }
  const renameItem = (view: View): HTMLElement => {
    const input = el('input', {
      ...{ type: 'text', name: 'view-rename', value: view.name, maxlength: String(MAX_NAME_LENGTH) },
      ...{ autocomplete: 'off', 'aria-label': t('views.newName', { name: view.name }) },
    })
    const form = el('form', { class: 'tools' }, input, el('button', {}, t('views.save')))
    const finish = (next: string): void => {
      renamed = null
      keep(renamedView(views, view.name, next), '')
      const buttons = [...own.querySelectorAll<HTMLElement>('button.view')]
      buttons.find((each) => each.textContent === (next.trim() || view.name))?.focus()
    }
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      finish(input.value)
    })
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        // It closes this field, not the menu.
        event.stopPropagation()
        finish(view.name)
      }
    })
    return el('li', {}, form)
  }
  save.addEventListener('submit', (event) => {
    event.preventDefault()
    if (name.value.trim() !== '') {
      keep(
        withView(views, { name: name.value, query: queryOfView(current) }),
        t('views.saved', { name: name.value.trim() }),
      )
      name.value = ''
    }
  })
  const ready = Object.entries(READY_VIEWS).map(([key, filters]) =>
    el('li', {}, openButton(t(isReadyKey(key) ? key : 'views.title'), queryOfView(filters), true)),
  )
  const element = el(
    'div',
    { class: 'views', id: 'views', role: 'group', 'aria-label': t('views.title') },
    el('h3', {}, t('views.ready')),
    el('ul', {}, ...ready),
    el('h3', {}, t('views.own')),
    none,
    own,
    save,
    told,
  )
  show()
  return {
    element,
    set(filters) {
      current = filters
      showCurrent()
    },
  }
}

function isReadyKey(key: string): key is keyof typeof READY_VIEWS {
  return Object.hasOwn(READY_VIEWS, key)
}
