// The button for light colours, dark colours or those of the system; the browser stores the choice.
//
// The style reads `data-theme` of the document; without it the system decides.

import { el } from './dom.ts'
import type { I18n } from './i18n.ts'
import { icon } from './icons.ts'

const THEMES = ['auto', 'light', 'dark'] as const

type Theme = (typeof THEMES)[number]

const STORAGE_KEY = 'theme'

export function themeButton({ t }: I18n): HTMLElement {
  let theme = storedTheme()
  const drawn = el('span')
  const button = el('button', { type: 'button', class: 'theme' }, drawn)
  const show = (): void => {
    if (theme === 'auto') {
      delete document.documentElement.dataset['theme']
    } else {
      document.documentElement.dataset['theme'] = theme
    }
    drawn.replaceChildren(icon(theme))
    const name = `${t('theme')}: ${t(`theme.${theme}`)}`
    button.setAttribute('aria-label', name)
    button.title = name
  }
  button.addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto'
    store(theme)
    show()
  })
  show()
  return button
}

// A browser may deny access to its storage; then the choice lasts until the page is closed.
function storedTheme(): Theme {
  try {
    return THEMES.find((each) => each === localStorage.getItem(STORAGE_KEY)) ?? 'auto'
  } catch {
    return 'auto'
  }
}

function store(theme: Theme): void {
  try {
    localStorage.setItem(STORAGE_KEY, theme)
  } catch {
    // The choice is not stored.
  }
}
