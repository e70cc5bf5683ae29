// What the page has besides calls and missed callers: of one Asterisk its queues, people, trunks and endpoints, of a fleet its sites and
// operators; and when each part is requested again.

import type { PlaceName } from './address.ts'
import { createAgents } from './agents.ts'
import type { Api } from './api.ts'
import type { CallList } from './callList.ts'
import { createEndpoints } from './endpoints.ts'
import type { AnyMessage, EntryId } from './entries.ts'
import type { I18n } from './i18n.ts'
import type { LiveCalls } from './liveCalls.ts'
import type { LiveState } from './liveState.ts'
import type { MissedCallers } from './missedCallers.ts'
import type { Navigation } from './navigation.ts'
import { createNowPlace } from './nowPlace.ts'
import { createOperators } from './operators.ts'
import { createPeople } from './people.ts'
import type { PeriodFigures } from './periodFigures.ts'
import type { Place, Places } from './places.ts'
import { createQueues } from './queues.ts'
import { seldom } from './seldom.ts'
import { sitesOff } from './siteList.ts'
import { createSites } from './sites.ts'
import type { ConnectionState } from './stateLine.ts'
import type { Status } from './status.ts'
import { createTrunks } from './trunks.ts'

export interface Mode {
  /** Of the place "Now". */
  readonly now: readonly HTMLElement[]
  /** Places that only this mode has. */
  readonly places: readonly Place[]
  /** The first requests, and those at intervals. */
  start(places: Places): void
  /** A message of the feed, which the state has applied. */
  apply(message: AnyMessage, places: Places): void
  /** The connection of the page to its server, which the state line shows already. */
  showConnection(state: ConnectionState): void
  /** The page shows this site; an empty text: all. */
  setSite(site: string): void
  /** Draws what changed since the last time. */
  draw(): void
  /** Updates the clocks. */
  tick(): void
}

/** The parts that both modes have. */
export interface CommonParts {
  readonly status: Status
  readonly live: LiveCalls
  readonly calls: CallList
  readonly callers: MissedCallers
  readonly figures: PeriodFigures
}

export interface ModeDependencies {
  readonly i18n: I18n
  readonly api: Api
  readonly navigation: Navigation
  readonly state: LiveState
  readonly parts: CommonParts
  /** The server's time, epoch ms. */
  readonly now: () => number
}

/** After these, what is computed from the calls is requested again. */
const CHANGES_CALLS: ReadonlySet<AnyMessage['type']> = new Set([
  ...(['snapshot', 'resumed', 'call', 'ended', 'missed_caller'] as const),
])
const REFRESH_MS = 10_000
/** The figures of all sites are more work for the database than a page of a list. */
const FLEET_FIGURES_MS = 60_000
const ENDPOINTS_MS = 60_000
/** Hundreds of queues or phones are drawn so often at most. */
const DRAW_MS = 250
/** The busiest hour is that of a month. */
const TRUNKS_MS = 60_000

export function createPbxMode({
  i18n,
  api,
  navigation,
  state,
  parts,
  now,
  onOpen,
}: ModeDependencies & { readonly onOpen: (call: EntryId) => void }): Mode {
  const { status, live, calls, callers, figures } = parts
  const nowPlace = createNowPlace({ i18n, api, isFleet: false, navigation, state, live, callers, now })
  let isLost = false
  /** What is in the places, each drawn only while it is shown. */
  const drawPlaces: Partial<Record<PlaceName, () => void>> = {
    now: () => nowPlace.draw(status.isObserved(), agents.known()?.queues ?? null),
    queues: seldom(DRAW_MS, () => queues.draw(isKnown())),
    people: seldom(DRAW_MS, () => people.draw(isKnown())),
    trunks: () => trunks.draw(isKnown()),
  }
  const isKnown = (): boolean => !isLost && state.pbx()?.in_sync === true
  const drawShown = (): void => drawPlaces[navigation.current().place]?.()
  const agents = createAgents({ i18n, api, onAnswer: drawShown })
  const ofPlaces = { i18n, api, navigation, agents, state, now, onOpen, onAnswer: drawShown }
  const queues = createQueues(ofPlaces)
  const people = createPeople(ofPlaces)
  const trunks = createTrunks(i18n, api, navigation)
  const endpoints = createEndpoints(i18n, api)
  const show = drawShown
  return {
    now: nowPlace.sections,
    places: [
      { name: 'queues', sections: [queues.section], hasPeriod: true, show },
      { name: 'people', sections: [people.section], hasPeriod: true, show },
      { name: 'trunks', sections: [trunks.section, endpoints.section], hasPeriod: false, show },
    ],
    start(places) {
      nowPlace.start(places)
      places.refresh(['calls'], { ms: REFRESH_MS, act: calls.refreshSoon })
      places.refresh(['calls'], { ms: REFRESH_MS, act: () => void figures.load(), follow: figures.setFilters })
      places.refresh(['people'], { ms: REFRESH_MS, act: () => void people.load(), follow: people.setFilters })
      places.refresh(['queues'], { ms: REFRESH_MS, act: () => void queues.load(), follow: queues.setFilters })
      places.refresh(['now', 'queues', 'people'], { ms: REFRESH_MS, act: () => void agents.load() })
      places.refresh(['trunks'], { ms: TRUNKS_MS, act: () => void trunks.load() })
      places.refresh(['trunks'], { ms: ENDPOINTS_MS, act: () => void endpoints.load() })
    },
    apply(message, places) {
      nowPlace.apply(message, places)
      agents.apply(message)
      endpoints.apply(message)
      if (!CHANGES_CALLS.has(message.type) && message.type !== 'agent' && message.type !== 'pbx') {
        return
      }
      if (places.isShown('calls') && CHANGES_CALLS.has(message.type)) {
        calls.refreshSoon()
        figures.refreshSoon()
      }
      for (const [name, part] of [
        ['queues', queues],
        ['people', people],
        ['trunks', trunks],
      ] as const) {
        if (places.isShown(name)) {
          part.refreshSoon()
        }
      }
    },
    showConnection(connection) {
      isLost = connection === 'lost'
      drawShown()
    },
    setSite: () => undefined,
    draw() {
      status.showPbx(state.pbx())
      endpoints.showPbx(state.pbx())
      live.show(state.calls, status.isObserved())
      drawShown()
    },
    tick() {
      nowPlace.tick()
      queues.tick()
      people.tick()
    },
  }
}

/** A call is in the central call log some seconds after its end, so that the lists are requested at an interval, not with each call. */
export function createFleetMode({
  i18n,
  api,
  state,
  parts,
  navigation,
  now,
  onSite,
}: ModeDependencies & { readonly onSite: (site: string) => void }): Mode {
  const { status, live, calls, callers, figures } = parts
  const operators = createOperators(i18n, api)
  const nowPlace = createNowPlace({ i18n, api, isFleet: true, navigation, state, live, callers, now })
  const sites = createSites({ i18n, api, now, onSite })
  let isLost = false
  const draw = (): void => {
    const nodes = state.nodes()
    status.showNodes(nodes)
    sites.show(isLost ? null : nodes, state.calls.values())
    live.show(state.calls, status.isObserved(), sitesOff(nodes ?? [], !isLost))
    nowPlace.draw(status.isObserved(), null)
  }
  return {
    now: [sites.section, ...nowPlace.sections],
    places: [{ name: 'people', sections: [operators.section], hasPeriod: true }],
    start(places) {
      nowPlace.start(places)
      places.refresh(['calls'], { ms: REFRESH_MS, act: calls.refreshSoon })
      places.refresh(['now', 'missed'], { ms: REFRESH_MS, act: () => void callers.load() })
      places.refresh(['now'], { ms: REFRESH_MS, act: () => void sites.load() })
      places.refresh(['calls'], { ms: FLEET_FIGURES_MS, act: () => void figures.load(), follow: figures.setFilters })
      places.refresh(['people'], {
        ms: FLEET_FIGURES_MS,
        act: () => void operators.load(),
        follow: operators.setFilters,
      })
    },
    apply({ type }, places) {
      if ((type === 'snapshot' || type === 'resumed') && places.isShown('calls')) {
        calls.refreshSoon()
        figures.refreshSoon()
      }
    },
    showConnection(connection) {
      isLost = connection === 'lost'
      draw()
    },
    setSite(site) {
      sites.setSite(site)
      live.setSite(site)
      nowPlace.setSite(site)
      callers.setSite(site)
    },
    draw,
    tick() {
      nowPlace.tick()
      sites.tick()
    },
  }
}
