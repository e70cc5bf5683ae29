// The page: creates its parts, connects them to the live websocket, and follows the address.
//
// Drawing waits for the browser's next frame, so that a burst of messages is drawn once.

import { createApi } from './api.ts'
import { createCallDialog } from './callDialog.ts'
import { createCallList } from './callList.ts'
import { createCharts } from './charts.ts'
import { now as wallClock } from './clock.ts'
import { createControl } from './control.ts'
import { type AnyMessage, type EntryId, liveKeyOf } from './entries.ts'
import type { Filters } from './filters.ts'
import { createFrame } from './frame.ts'
import { createI18n } from './i18n.ts'
import { createLiveCalls } from './liveCalls.ts'
import { openLiveConnection } from './liveConnection.ts'
import { createLiveState } from './liveState.ts'
import { createMissedCallers, type MissedCallers } from './missedCallers.ts'
import { createFleetMode, createPbxMode } from './mode.ts'
import { createNavigation, withoutSearch } from './navigation.ts'
import { createPeriodControl } from './periodControl.ts'
import { createPeriodFigures } from './periodFigures.ts'
import { searchTextOf } from './phoneNumber.ts'
import type { Place } from './places.ts'
import { listenForSearchKey } from './searchKey.ts'
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

  const navigation = createNavigation(isFleet, (address) => {
    const { filters, call } = address
    mode.setSite(filters.site)
    frame.show(address)
    if (call === null) {
      dialog.close()
    } else {
      void dialog.open(call)
    }
  })
  const onOpen = (call: EntryId): void => navigation.go({ call: String(call) })
  const closeCall = (): void => {
    if (navigation.current().call !== null) {
      navigation.go({ call: null })
    }
  }
  const setFilters = (filters: Partial<Filters>): void => navigation.replace({ filters })
  const status = createStatus({ isFleet, onChange: () => draw() }, i18n)
  const control = meta('control') === 'on' ? createControl({ i18n, api }) : null
  const live = createLiveCalls({ i18n, isFleet, onOpen, onHangUp: control?.hangUp ?? null })
  const calls = createCallList({ i18n, api, isFleet, live: () => state.calls.values(), onOpen, onFilter: setFilters })
  const callers = createMissedCallers({
    ...{ i18n, api, isFleet, now, onOpen, onCallBack: control?.callBack ?? null },
    onCalls(number) {
      navigation.go({ place: 'calls', filters: withoutSearch({ text: searchTextOf(number), period: 'all' }) })
      calls.focus()
    },
  })
  const charts = createCharts({ i18n, api, onPeriod: setFilters })
  const figures = createPeriodFigures(i18n, api)
  const period = createPeriodControl(i18n, setFilters)
  const dependencies = {
    i18n,
    api,
    navigation,
    state,
    now,
    parts: { status, live, calls, callers, figures },
  }
  const mode = isFleet
    ? createFleetMode({ ...dependencies, onSite: (site) => setFilters({ site }) })
    : createPbxMode({ ...dependencies, onOpen })
  const isLive = (liveKey: string): boolean => state.calls.has(liveKey)
  const dialog = createCallDialog({
    ...{ i18n, api, onClose: closeCall, isLive, now, onCallBack: control?.callBack ?? null },
    onStep: (call) => navigation.replace({ call: String(call) }),
    neighbours: calls.neighbours,
  })
  const allPlaces: readonly Place[] = [
    { name: 'now', sections: mode.now, hasPeriod: false, show: () => draw() },
    {
      name: 'calls',
      sections: [figures.section, charts.section, calls.section],
      hasPeriod: true,
      show: ({ filters }) => calls.setFilters(filters),
    },
    { name: 'missed', sections: [callers.section], hasPeriod: false },
    ...mode.places,
  ]
  const [name, version] = [meta('application-name'), meta('version')]
  const frame = createFrame({
    ...{ i18n, navigation, name, version, places: allPlaces, period, status, callers, state, now },
  })
  const { places } = frame
  document.getElementById('loading')?.remove()
  document.body.append(...frame.elements, dialog.element, ...(control?.elements ?? []))

  const draw = oncePerFrame(() => {
    mode.draw()
    callers.draw()
    frame.draw()
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
      mode.apply(message, places)
      frame.apply(message)
      followCallers(callers, message)
      if ('call' in message) {
        dialog.refresh(liveKeyOf(message.call))
      }
      draw()
    },
  })
  setInterval(() => {
    mode.tick()
    callers.tick()
    frame.tick()
  }, CLOCK_MS)
  mode.start(places)
  places.refresh(['calls'], { ms: CHARTS_MS, act: () => void charts.load(), follow: charts.setFilters })
  listenForSearchKey(navigation, calls)
  navigation.start()
  void callers.load()
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
