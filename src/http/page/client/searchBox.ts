// The search box: what is typed is searched for at once, and suggestions below it become filters (the ARIA pattern "combobox with a listbox").
//
// Arrow keys choose a suggestion, Enter takes it, Escape closes the list, and then leaves the box.

import { el, write } from './dom.ts'
import type { Filters } from './filters.ts'
import type { I18n } from './i18n.ts'
import type { Suggestion } from './searchSuggestions.ts'

export interface SearchBox {
  readonly element: HTMLElement
  /** Shows this text without reporting it. */
  set(text: string): void
  focus(): void
}

export interface SearchBoxDependencies {
  readonly i18n: I18n
  /** The suggestions for a text; `change` tells when there may be others. */
  readonly suggest: (text: string, change: () => void) => readonly Suggestion[]
  /** The user typed a text, or took a suggestion. */
  readonly onChange: (change: Partial<Filters>) => void
}

const TYPING_PAUSE_MS = 300

export function createSearchBox({ i18n, suggest, onChange }: SearchBoxDependencies): SearchBox {
  const { t } = i18n
  const input = el('input', {
    ...{ type: 'search', name: 'text', id: 'field-text', role: 'combobox' },
    ...{ 'aria-autocomplete': 'list', 'aria-controls': 'suggestions', 'aria-expanded': 'false' },
    ...{ autocomplete: 'off', spellcheck: 'false', enterkeyhint: 'search', maxlength: '64' },
    ...{ placeholder: t('search.hint'), 'aria-keyshortcuts': '/' },
  })
  const list = el('ul', { id: 'suggestions', role: 'listbox', 'aria-label': t('search.suggestions') })
  const told = el('p', { class: 'visually-hidden', role: 'status' })
  const form = el(
    'form',
    { class: 'search', role: 'search' },
    el('label', { for: 'field-text', class: 'visually-hidden' }, t('calls.search')),
    input,
    list,
    told,
  )
  let timer: ReturnType<typeof setTimeout> | undefined
  let offered: readonly Suggestion[] = []
  let active = -1

  const mark = (index: number): void => {
    active = index
    ;[...list.children].forEach((option, each) => {
      option.setAttribute('aria-selected', String(each === index))
    })
    if (index < 0) {
      input.removeAttribute('aria-activedescendant')
    } else {
      input.setAttribute('aria-activedescendant', `suggestion-${index}`)
      list.children[index]?.scrollIntoView({ block: 'nearest' })
    }
  }
  const close = (): void => {
    list.hidden = true
    input.setAttribute('aria-expanded', 'false')
    mark(-1)
    write(told, '')
  }
  const open = (): void => {
    const next = suggest(input.value, () => {
      if (!list.hidden) {
        open()
      }
    })
    if (list.hidden || JSON.stringify(next) !== JSON.stringify(offered)) {
      offered = next
      list.replaceChildren(...next.map((each, index) => option(each, index)))
      mark(-1)
    }
    list.hidden = next.length === 0
    input.setAttribute('aria-expanded', String(next.length > 0))
    write(told, next.length === 0 ? '' : i18n.counted('search.found', next.length))
  }
  const option = (suggestion: Suggestion, index: number): HTMLElement => {
    const item = el('li', { id: `suggestion-${index}`, role: 'option', 'aria-selected': 'false' }, suggestion.text)
    // The box keeps the focus.
    item.addEventListener('pointerdown', (event) => event.preventDefault())
    item.addEventListener('click', () => take(suggestion.change))
    return item
  }
  const take = (change: Partial<Filters>): void => {
    clearTimeout(timer)
    timer = undefined
    close()
    onChange(change)
  }
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      timer = undefined
      onChange({ text: input.value })
    }, TYPING_PAUSE_MS)
    open()
  })
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) {
      return
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (list.hidden) {
        open()
      }
      // One place before the first: the text itself, as it was typed.
      const places = offered.length + 1
      mark(((active + 1 + (event.key === 'ArrowDown' ? 1 : places - 1)) % places) - 1)
    } else if (event.key === 'Escape') {
      // A browser would empty the box.
      event.preventDefault()
      if (list.hidden) {
        input.blur()
      } else {
        close()
      }
    }
  })
  input.addEventListener('blur', close)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    take((list.hidden ? undefined : offered[active]?.change) ?? { text: input.value })
  })
  close()
  return {
    element: form,
    set(text) {
      // What is being typed is in the address a moment later.
      if (timer === undefined && input.value !== text) {
        input.value = text
      }
    },
    focus() {
      input.focus()
      input.select()
    },
  }
}
