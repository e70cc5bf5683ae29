// The page: its parts put together, the line opened, the address followed.
//
// What is looked for and which call is open stands in the address, and only there. Drawing waits for the browser's next
// frame, so a burst of messages costs one drawing.

import { createApi } from './api.ts'
import { createCallList } from './callList.ts'
import { now as wallClock } from './clock.ts'
import { el } from './dom.ts'
import { addressOf, callOf, type Filters, filtersOf } from './filters.ts'
import { openLine } from './line.ts'
import { createLiveCalls } from './liveCalls.ts'
import { createLiveState } from './liveState.ts'
import { createOperators } from './operators.ts'
import { createStatus } from './status.ts'
import { createStoryDialog } from './story.ts'
import { createWords, type Words } from './words.ts'

const CLOCK_MS = 1_000
const OPERATORS_MS = 10_000

start()

function start(): void {
  const words = createWords(navigator.languages)
  document.documentElement.lang = words.language
  const api = createApi()
  const state = createLiveState()
  // The server's clock minus ours.
  let ahead = 0
  const now = (): number => wallClock() + ahead

  const follow = (): void => {
    const linked = callOf(location.hash)
    if (linked !== null) history.replaceState(null, '', addressOf(filtersOf(location.search), linked))
    calls.look(filtersOf(location.search))
    const id = callOf(location.search)
    if (id === null) story.close()
    else void story.open(id)
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
    if (callOf(location.search) !== null) history.pushState(null, '', addressOf(filtersOf(location.search), null))
  }
  const status = createStatus({ name: meta('application-name'), version: meta('version') }, words)
  const live = createLiveCalls(words, go)
  const calls = createCallList({ words, api, open: go, filtered })
  const operators = createOperators(words, api)
  const lives = (channelId: string): boolean => state.calls.has(channelId)
  const story = createStoryDialog({ words, api, closed: storyClosed, lives, now })
  document.body.append(
    el('a', { class: 'skip', href: '#last' }, words.say('skip')),
    status.head,
    el('main', {}, status.section, live.section, calls.section, operators.section),
    footer(words),
    story.element,
  )

  const draw = onceAFrame(() => {
    status.pbx(state.pbx())
    status.figures(state.figures(), state.calls.size)
    live.show(state.calls)
    live.tick(now())
  })
  openLine(state, {
    changed: (line) => status.line(line),
    heard(message) {
      if ('figures' in message) ahead = Date.parse(message.figures.now) - wallClock()
      if (message.type !== 'figures' && message.type !== 'pbx' && message.type !== 'calls') {
        calls.stale()
        operators.stale()
      }
      if ('call' in message) story.stale(message.call.channel_id)
      draw()
    },
  })
  addEventListener('popstate', follow)
  setInterval(() => live.tick(now()), CLOCK_MS)
  setInterval(() => {
    if (!document.hidden) void operators.load()
  }, OPERATORS_MS)
  follow()
  void operators.load()
}

function footer({ say }: Words): HTMLElement {
  const link = (href: string, text: string): HTMLElement => el('a', { href }, text)
  return el(
    'footer',
    {},
    el(
      'nav',
      { 'aria-label': say('links') },
      link('metrics', say('link.metrics')),
      link('-/healthy', say('link.health')),
      link('-/ready', say('link.ready')),
      link('api/openapi.json', say('link.openapi')),
    ),
  )
}

function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? ''
}

function onceAFrame(act: () => void): () => void {
  let waiting = false
  return () => {
    if (waiting) return
    waiting = true
    requestAnimationFrame(() => {
      waiting = false
      act()
    })
  }
}
