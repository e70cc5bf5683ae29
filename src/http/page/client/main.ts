// The page: creates its parts, connects them to the live websocket, and follows the address.
//
// Drawing waits for the browser's next frame, so that a burst of messages is drawn once.

import type { LiveMessage } from '../../live/message.ts'
import { createAgents } from './agents.ts'
import { createApi } from './api.ts'
import { createCallDialog } from './callDialog.ts'
import { createCallList } from './callList.ts'
import { now as wallClock } from './clock.ts'
import { el } from './dom.ts'
import { createEndpoints } from './endpoints.ts'
import { NO_FILTERS } from './filters.ts'
import { createI18n, type I18n } from './i18n.ts'
import { createLiveCalls } from './liveCalls.ts'
import { openLiveConnection } from './liveConnection.ts'
import { createLiveState } from './liveState.ts'
import { createMissedCallers, type MissedCallers } from './missedCallers.ts'
import { createNavigation } from './navigation.ts'
import { createOperators } from './operators.ts'
import { searchTextOf } from './phoneNumber.ts'
import { createStatus } from './status.ts'
import { createTrunks } from './trunks.ts'

const CLOCK_MS = 1_000
const REFRESH_MS = 10_000
/** After these, the list of calls is requested again. */
const CHANGES_CALLS: ReadonlySet<LiveMessage['type']> = new Set([
  ...(['snapshot', 'resumed', 'call', 'ended', 'missed_caller'] as const),
])
const ENDPOINTS_MS = 60_000
const TRUNKS_MS = 900_000

start()

function start(): void {
  const i18n = createI18n(navigator.languages)
  document.documentElement.lang = i18n.language
  const api = createApi()
  const state = createLiveState()
  // The server's clock minus the browser's.
  let clockOffset = 0
  const now = (): number => wallClock() + clockOffset

  const navigation = createNavigation((filters, call) => {
    calls.setFilters(filters)
    if (call === null) {
      dialog.close()
    } else {
      void dialog.open(call)
    }
  })
  const status = createStatus({ name: meta('application-name'), version: meta('version') }, i18n)
  const live = createLiveCalls(i18n, navigation.openCall)
  const calls = createCallList({ i18n, api, onOpen: navigation.openCall, onFilter: navigation.setFilters })
  const callers = createMissedCallers({
    ...{ i18n, api, now, onOpen: navigation.openCall },
    onCalls(number) {
      navigation.setFilters({ ...NO_FILTERS, text: searchTextOf(number) })
      calls.focus()
    },
  })
  const agents = createAgents({ i18n, api, now, onOpen: navigation.openCall })
  const operators = createOperators(i18n, api)
  const trunks = createTrunks(i18n, api)
  const endpoints = createEndpoints(i18n, api)
  const isLive = (channelId: string): boolean => state.calls.has(channelId)
  const dialog = createCallDialog({ i18n, api, onClose: navigation.closeCall, isLive, now })
  document.getElementById('loading')?.remove()
  document.body.append(
    el('a', { class: 'skip', href: '#last' }, i18n.t('skip')),
    status.head,
    el(
      'main',
      {},
      ...[status.section, live.section, agents.section, callers.section, calls.section],
      ...[operators.section, trunks.section, endpoints.section],
    ),
    footer(i18n),
    dialog.element,
  )

  const draw = oncePerFrame(() => {
    status.showPbx(state.pbx())
    endpoints.showPbx(state.pbx())
    status.showCounters(state.counters(), state.calls.size)
    live.show(state.calls)
    live.tick(now())
    agents.draw()
    callers.draw()
  })
  openLiveConnection(state, {
    onStateChange: status.showConnection,
    onMessage(message) {
      if ('figures' in message) {
        clockOffset = Date.parse(message.figures.now) - wallClock()
      }
      agents.apply(message)
      endpoints.apply(message)
      followCallers(callers, message)
      if (CHANGES_CALLS.has(message.type)) {
        calls.refreshSoon()
      }
      if (CHANGES_CALLS.has(message.type) || message.type === 'agent') {
        operators.refreshSoon()
      }
      if ('call' in message) {
        dialog.refresh(message.call.channel_id)
      }
      draw()
    },
  })
  setInterval(() => {
    live.tick(now())
    agents.tick()
    callers.tick()
  }, CLOCK_MS)
  setInterval(() => {
    if (!document.hidden) {
      void operators.load()
      void agents.load()
    }
  }, REFRESH_MS)
  setInterval(() => void trunks.load(), TRUNKS_MS)
  setInterval(() => document.hidden || void endpoints.load(), ENDPOINTS_MS)
  navigation.start()
  void agents.load()
  void callers.load()
  void operators.load()
  void trunks.load()
  void endpoints.load()
}

function followCallers(callers: MissedCallers, message: LiveMessage): void {
  switch (message.type) {
    case 'snapshot': {
      return void callers.load()
    }
    case 'missed_caller': {
      return callers.apply(message.caller)
    }
    default: {
      return callers.retry()
    }
  }
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

function oncePerFrame(act: () => void): () => void {
  let isScheduled = false
  return () => {
    if (isScheduled) {
      return
    }
    isScheduled = true
    requestAnimationFrame(() => {
      isScheduled = false
      act()
    })
  }
}
