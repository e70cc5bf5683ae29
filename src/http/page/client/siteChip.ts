// The site that the whole page shows, in the head of every place, as a button that shows all sites again.

import { el, write } from './dom.ts'
import type { I18n } from './i18n.ts'

export interface SiteChip {
  readonly element: HTMLElement
  /** Shows this site; an empty text: all, so that there is nothing to take back. */
  show(site: string): void
}

/** `onRemove`: the user wants to see all sites. */
export function createSiteChip({ t }: I18n, onRemove: () => void): SiteChip {
  const name = el('span')
  const text = el('span', { class: 'chip-name' }, el('span', { class: 'chip-word' }, t('column.site'), ' '), name)
  const element = el('button', { type: 'button', class: 'site-chip' }, text, el('span', { 'aria-hidden': 'true' }, '×'))
  element.hidden = true
  element.addEventListener('click', () => {
    onRemove()
    // The button that had the focus is gone.
    document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true })
  })
  return {
    element,
    show(site) {
      const title = t('filter.site', { value: site })
      element.hidden = site === ''
      element.title = title
      element.setAttribute('aria-label', t('filter.remove', { filter: title }))
      write(name, site)
    },
  }
}
