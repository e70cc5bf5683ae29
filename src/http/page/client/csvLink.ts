// A link that downloads a list as CSV.
//
// A period such as "last hour" or "today" ends or begins now, so that the link is computed again before the user follows or copies it.

import { csvUrl, type ListName } from './api.ts'
import { el } from './dom.ts'
import type { I18n } from './i18n.ts'

export interface CsvLink {
  readonly element: HTMLElement
  /** The query is another one. */
  update(): void
}

export interface CsvLinkOptions {
  readonly list: ListName
  /** What is downloaded, for screen readers; the link says only "CSV". */
  readonly label: string
  /** Null while there is nothing to download. */
  readonly query: () => URLSearchParams | null
}

export function createCsvLink({ t }: I18n, { list, label, query }: CsvLinkOptions): CsvLink {
  const element = el('a', { class: 'csv', download: '', 'aria-label': `${t('csv')}: ${label}` }, t('csv'))
  const update = (): void => {
    const current = query()
    if (current !== null) {
      element.href = csvUrl(list, current)
    }
  }
  for (const event of ['pointerdown', 'focus', 'contextmenu', 'click']) {
    element.addEventListener(event, update)
  }
  update()
  return { element, update }
}
