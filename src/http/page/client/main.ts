// The page: its parts put together, the line opened, the address followed.
//
// What is looked for and which call is open stands in the address, and only there. Drawing waits for the browser's next
// frame, so a burst of messages costs one drawing.

import { createApi } from './api.ts'
import { createCallDialog } from './callDialog.ts'
import { createCallList } from './callList.ts'
import { now as wallClock } from './clock.ts'
import { el } from './dom.ts'
import { addressOf, callOf, type Filters, filtersOf } from './filters.ts'
import { createI18n, type I18n } from './i18n.ts'
import { createLiveCalls } from './liveCalls.ts'
import { openLiveConnection } from './liveConnection.ts'
import { createLiveState } from './liveState.ts'
import { createOperators } from './operators.ts'
import { createStatus } from './status.ts'

const CLOCK_MS = 1_000
const OPERATORS_MS = 10_000

start()

function start(): void {
  const i18n = createI18n(navigator.languages)
  document.documentElement.lang = i18n.language
  const api = createApi()
  const state = createLiveState()
  // The server's clock minus ours.
  let clockOffset = 0
  const now = (): number => wallClock() + clockOffset

  const follow = (): void => {
    const linked = callOf(location.hash)
    if (linked !== null) {
      history.replaceState(null, '', addressOf(filtersOf(location.search), linked))
    }
    calls.look(filtersOf(location.search))
    const id = callOf(location.search)
    if (id === null) {
      story.close()
    } else {
      void story.open(id)
    }
  }
  const go = (id: number): void => {
    history.pushState(null, '', addressOf(filtersOf(location.search), String(id)))
    follow()
  }
  const filtered = (filters: Filters): void => {
    history.replaceState(null, '', addressOf(filters, null))
    follow()
  }
  const storyClosed = (): void => {
    if (callOf(location.search) !== null) {
      history.pushState(null, '', addressOf(filtersOf(location.search), null))
    }
  }
  const status = createStatus({ name: meta('application-name'), version: meta('version') }, i18n)
  const live = createLiveCalls(i18n, go)
  const calls = createCallList({ i18n, api, open: go, filtered })
  const operators = createOperators(i18n, api)
  const isLive = (channelId: string): boolean => state.calls.has(channelId)
  const story = createCallDialog({ i18n, api, closed: storyClosed, isLive, now })
  document.body.append(
    el('a', { class: 'skip', href: '#last' }, i18n.t('skip')),
    status.head,
    el('main', {}, status.section, live.section, calls.section, operators.section),
    footer(i18n),
    story.element,
  )

  const draw = onceAFrame(() => {
    status.pbx(state.pbx())
    status.figures(state.figures(), state.calls.size)
    live.show(state.calls)
    live.tick(now())
  })
  openLiveConnection(state, {
    changed: (line) => status.line(line),
    heard(message) {
      if ('figures' in message) {
        clockOffset = Date.parse(message.figures.now) - wallClock()
      }
      if (message.type !== 'figures' && message.type !== 'pbx' && message.type !== 'calls') {
        calls.refreshSoon()
        operators.refreshSoon()
      }
      if ('call' in message) {
        story.refreshSoon(message.call.channel_id)
      }
      draw()
    },
  })
  addEventListener('popstate', follow)
  setInterval(() => live.tick(now()), CLOCK_MS)
  setInterval(() => {
    if (!document.hidden) {
      void operators.load()
    }
  }, OPERATORS_MS)
  follow()
  void operators.load()
}

function footer({ t }: I18n): HTMLElement {
  const link = (href: string, text: string): HTMLElement => el('a', { href }, text)
  return el(
    'footer',
    {},
    el(
      'nav',
      { 'aria-label': t('links') },
      link('metrics', t('link.metrics')),
      link('-/healthy', t('link.health')),
      link('-/ready', t('link.ready')),
      link('api/openapi.json', t('link.openapi')),
    ),
  )
}

function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? ''
}

function onceAFrame(act: () => void): () => void {
  let waiting = false
  return () => {
    if (waiting) {
      return
    }
    waiting = true
    requestAnimationFrame(() => {
      waiting = false
      act()
    })
  }
}
