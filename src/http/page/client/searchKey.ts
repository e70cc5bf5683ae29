// The key "/" leads from anywhere to the search box.

import type { CallList } from './callList.ts'
import type { Navigation } from './navigation.ts'

export function listenForSearchKey(navigation: Navigation, calls: Pick<CallList, 'focusSearch'>): void {
  document.addEventListener('keydown', (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing
    if (event.key !== '/' || !isPlain || event.defaultPrevented || isTyping(event.target)) {
      return
    }
    // A dialog keeps the focus inside.
    if (document.querySelector('dialog[open]') === null) {
      event.preventDefault()
      if (navigation.current().place !== 'calls') {
        navigation.go({ place: 'calls', wall: null })
      }
      calls.focusSearch()
    }
  })
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, select, textarea'))
}
