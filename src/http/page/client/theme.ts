// Light, dark, or as the reader's system is: a button that goes round, and remembers.
//
// The style reads `data-theme` of the document; without it the system decides.

import { el, write } from './dom.ts'
import type { I18n } from './i18n.ts'

const THEMES = ['auto', 'light', 'dark'] as const

type Theme = (typeof THEMES)[number]

const STORAGE_KEY = 'theme'

export function themeButton({ t }: I18n): HTMLElement {
  let theme = storedTheme()
  const word = el('span')
  const button = el('button', { type: 'button', class: 'theme' }, `${t('theme')}: `, word)
  const show = (): void => {
    if (theme === 'auto') {
      delete document.documentElement.dataset['theme']
    } else {
      document.documentElement.dataset['theme'] = theme
    }
    write(word, t(`theme.${theme}`))
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
function storedTheme(): Theme {
  try {
    return THEMES.find((each) => each === localStorage.getItem(STORAGE_KEY)) ?? 'auto'
  } catch {
    return 'auto'
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(STORAGE_KEY, theme)
  } catch {
    // Then it is forgotten.
  }
}
