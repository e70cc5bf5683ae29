// The charts that are folded away: calls by weekday and hour, how long callers waited, and the numbers of the bars.
//
// They are open where they have room beside the list, unless the user chose otherwise, which the browser stores.

import { el } from './dom.ts'
import type { I18n } from './i18n.ts'

const STORAGE_KEY = 'more-charts'
/** Where the list is beside the charts (calls.css). */
const WIDE = '(min-width: 112rem)'

/** `onOpen`: they are seen now. */
export function createMoreCharts(
  { t }: I18n,
  children: readonly HTMLElement[],
  onOpen: () => void,
): HTMLDetailsElement {
  const summary = el('summary', {}, t('charts.more'))
  const element = el('details', { class: 'more-charts' }, summary, ...children)
  const wide = matchMedia(WIDE)
  const follow = (): void => {
    element.open = (stored() ?? String(wide.matches)) === 'true'
  }
  wide.addEventListener('change', follow)
  summary.addEventListener('click', () => store(String(!element.open)))
  follow()
  let wasOpen = element.open
  element.addEventListener('toggle', () => {
    // The event of the beginning comes later than the beginning.
    if (element.open && !wasOpen) {
      onOpen()
    }
    wasOpen = element.open
  })
  return element
}

// A browser may deny access to its storage; then the choice is not stored.
function stored(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY)
  } catch {
    return null
  }
}

function store(choice: string): void {
  try {
    localStorage.setItem(STORAGE_KEY, choice)
  } catch {
    // The choice is not stored.
  }
}
