// The icon of the tab and the title of the document: how many callers wait to be called back, or that not all is observed.
//
// Drawn as SVG in a data address, because the number changes.

import { badgeOf, iconSvg } from './iconBadge.ts'

export interface Favicon {
  /** `waiting`: how many callers wait; null: not known. `hasTrouble`: something is not observed. */
  show(waiting: number | null, hasTrouble: boolean): void
}

export function createFavicon(name: string): Favicon {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  let shown: string | null = null
  return {
    show(waiting, hasTrouble) {
      const badge = badgeOf(waiting, hasTrouble)
      if (badge === shown) {
        return
      }
      shown = badge
      document.title = badge === '' ? name : `(${badge}) ${name}`
      if (link !== null) {
        link.type = 'image/svg+xml'
        link.href = `data:image/svg+xml,${encodeURIComponent(iconSvg(badge))}`
      }
    },
  }
}
