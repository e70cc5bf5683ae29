// Light, dark, or as the reader's system is: a button that goes round, and remembers.
//
// The style reads `data-theme` of the document; without it the system decides.

import { el, write } from './dom.ts'
import type { Words } from './words.ts'

const THEMES = ['auto', 'light', 'dark'] as const

type Theme = (typeof THEMES)[number]

const KEPT_AS = 'theme'

export function themeButton({ say }: Words): HTMLElement {
  let theme = keptTheme()
  const word = el('span')
  const button = el('button', { type: 'button', class: 'theme' }, `${say('theme')}: `, word)
  const show = (): void => {
    if (theme === 'auto') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = theme
    write(word, say(`theme.${theme}`))
  }
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto'
    keep(theme)
    show()
  })
  show()
  return button
}

// A browser may forbid a page to keep anything; the button works all the same.
function keptTheme(): Theme {
  try {
    return THEMES.find((each) => each === localStorage.getItem(KEPT_AS)) ?? 'auto'
  } catch {
    return 'auto'
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(KEPT_AS, theme)
  } catch {
    // Then it is forgotten.
  }
}
