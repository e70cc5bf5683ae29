// The page: creates its parts, connects them to the live websocket, and follows the address.
//
// Drawing waits for the browser's next frame, so that a burst of messages is drawn once.

import { createApi } from './api.ts'
import { createCallDialog } from './callDialog.ts'
import { createCallList } from './callList.ts'
import { createCharts } from './charts.ts'
import { now as wallClock } from './clock.ts'
import { createControl } from './control.ts'
import { el } from './dom.ts'
import { type AnyMessage, liveKeyOf } from './entries.ts'
import { createI18n, type I18n } from './i18n.ts'
import { createLiveCalls } from './liveCalls.ts'
import { openLiveConnection } from './liveConnection.ts'
import { createLiveState } from './liveState.ts'
import { createMissedCallers, type MissedCallers } from './missedCallers.ts'
import { createFleetMode, createPbxMode, every } from './mode.ts'
import { createNavigation } from './navigation.ts'
import { createOperators } from './operators.ts'
import { searchTextOf } from './phoneNumber.ts'
import { createStatus } from './status.ts'

const CLOCK_MS = 1_000
const CHARTS_MS = 60_000

start()

function start(): void {
  const i18n = createI18n(navigator.languages)
  document.documentElement.lang = i18n.language
  const isFleet = meta('mode') === 'fleet'
  const api = createApi()
  const state = createLiveState()
  // The server's clock minus the browser's.
  let clockOffset = 0
  const now = (): number => wallClock() + clockOffset

  const navigation = createNavigation(isFleet, (filters, call) => {
    mode.setSite(filters.site)
    calls.setFilters(filters)
    charts.setFilters(filters)
    operators.setFilters(filters)
    if (call === null) {
      dialog.close()
    } else {
      void dialog.open(call)
    }
  })
  const { openCall: onOpen, setFilters, setSite, search } = navigation
  const status = createStatus({ name: meta('application-name'), version: meta('version'), isFleet }, i18n)
  const control = meta('control') === 'on' ? createControl({ i18n, api }) : null
  const live = createLiveCalls({ i18n, isFleet, onOpen, onHangUp: control?.hangUp ?? null })
  const calls = createCallList({ i18n, api, isFleet, onOpen, onFilter: setFilters })
  const callers = createMissedCallers({
    ...{ i18n, api, isFleet, now, onOpen, onCallBack: control?.callBack ?? null },
    onCalls(number) {
      search(searchTextOf(number))
      calls.focus()
    },
  })
  const charts = createCharts({ i18n, api, onPeriod: navigation.setPeriod })
  const operators = createOperators({ i18n, api, isFleet })
  const dependencies = { i18n, api, state, now, parts: { status, live, calls, callers, operators } }
  const mode = isFleet
    ? createFleetMode({ ...dependencies, onSite: setSite })
    : createPbxMode({ ...dependencies, onOpen })
  const isLive = (liveKey: string): boolean => state.calls.has(liveKey)
  const dialog = createCallDialog({ i18n, api, onClose: navigation.closeCall, isLive, now })
  const { beforeLive, afterLive, last } = mode.sections
  document.getElementById('loading')?.remove()
  document.body.append(
    el('a', { class: 'skip', href: '#last' }, i18n.t('skip')),
    status.head,
    el(
      'main',
      { class: isFleet ? 'fleet' : undefined },
      ...[status.section, ...beforeLive, live.section, ...afterLive],
      ...[callers.section, calls.section, charts.section, operators.section, ...last],
    ),
    footer(i18n),
    dialog.element,
    ...(control?.elements ?? []),
  )

  const draw = oncePerFrame(() => {
    mode.draw()
    status.showCounters(state.counters(), state.calls.size)
    live.tick(now())
    callers.draw()
  })
  openLiveConnection(state, {
    onStateChange(connection) {
      status.showConnection(connection)
      mode.showConnection(connection)
    },
    onMessage(message) {
      if ('figures' in message) {
        clockOffset = Date.parse(message.figures.now) - wallClock()
      }
      mode.apply(message)
      followCallers(callers, message)
      if ('call' in message) {
        dialog.refresh(liveKeyOf(message.call))
      }
      draw()
    },
  })
  setInterval(() => {
    live.tick(now())
    mode.tick()
    callers.tick()
  }, CLOCK_MS)
  navigation.start()
  mode.start()
  void callers.load()
  every(CHARTS_MS, () => void charts.load())
}

function followCallers(callers: MissedCallers, message: AnyMessage): void {
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
