// What the page has besides calls, missed callers and operators: of one Asterisk its agents, trunks and endpoints, of a fleet its sites.

import { createAgents } from './agents.ts'
import type { Api } from './api.ts'
import type { CallList } from './callList.ts'
import { createEndpoints } from './endpoints.ts'
import type { AnyMessage, EntryId } from './entries.ts'
import type { I18n } from './i18n.ts'
import type { LiveCalls } from './liveCalls.ts'
import type { ConnectionState } from './liveConnection.ts'
import type { LiveState } from './liveState.ts'
import type { MissedCallers } from './missedCallers.ts'
import type { Operators } from './operators.ts'
import { sitesOff } from './siteList.ts'
import { createSites } from './sites.ts'
import type { Status } from './status.ts'
import { createTrunks } from './trunks.ts'

/** Sections by their place on the page. */
interface Sections {
  readonly beforeLive: readonly HTMLElement[]
  readonly afterLive: readonly HTMLElement[]
  readonly last: readonly HTMLElement[]
}

export interface Mode {
  readonly sections: Sections
  /** The first requests, and those at intervals. */
  start(): void
  /** A message of the feed, which the state has applied. */
  apply(message: AnyMessage): void
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
  readonly operators: Operators
}

export interface ModeDependencies {
  readonly i18n: I18n
  readonly api: Api
  readonly state: LiveState
  readonly parts: CommonParts
  /** The server's time, epoch ms. */
  readonly now: () => number
}

/** After these, the list of calls is requested again. */
const CHANGES_CALLS: ReadonlySet<AnyMessage['type']> = new Set([
  ...(['snapshot', 'resumed', 'call', 'ended', 'missed_caller'] as const),
])
const REFRESH_MS = 10_000
/** The figures of all sites are more work for the database than a page of a list. */
const FLEET_FIGURES_MS = 60_000
const ENDPOINTS_MS = 60_000
const TRUNKS_MS = 900_000

export function createPbxMode({
  i18n,
  api,
  state,
  parts,
  now,
  onOpen,
}: ModeDependencies & { readonly onOpen: (call: EntryId) => void }): Mode {
  const { status, live, calls, operators } = parts
  const agents = createAgents({ i18n, api, now, onOpen })
  const trunks = createTrunks(i18n, api)
  const endpoints = createEndpoints(i18n, api)
  return {
    sections: { beforeLive: [], afterLive: [agents.section], last: [trunks.section, endpoints.section] },
    start() {
      every(REFRESH_MS, () => {
        void operators.load()
        void agents.load()
      })
      setInterval(() => void trunks.load(), TRUNKS_MS)
      every(ENDPOINTS_MS, () => void endpoints.load())
      void agents.load()
      void trunks.load()
      void endpoints.load()
    },
    apply(message) {
      agents.apply(message)
      endpoints.apply(message)
      if (CHANGES_CALLS.has(message.type)) {
        calls.refreshSoon()
      }
      if (CHANGES_CALLS.has(message.type) || message.type === 'agent') {
        operators.refreshSoon()
      }
    },
    showConnection: () => undefined,
    setSite: () => undefined,
    draw() {
      status.showPbx(state.pbx())
      endpoints.showPbx(state.pbx())
      live.show(state.calls)
      agents.draw()
    },
    tick: agents.tick,
  }
}

/** A call is in the central call log some seconds after its end, so that the lists are requested at an interval, not with each call. */
export function createFleetMode({
  i18n,
  api,
  state,
  parts,
  now,
  onSite,
}: ModeDependencies & { readonly onSite: (site: string) => void }): Mode {
  const { status, live, calls, callers, operators } = parts
  const sites = createSites({ i18n, api, now, onSite })
  let isLost = false
  const draw = (): void => {
    const nodes = state.nodes()
    status.showNodes(nodes)
    sites.show(isLost ? null : nodes, state.calls.values())
    live.show(state.calls, sitesOff(nodes ?? [], !isLost))
  }
  return {
    sections: { beforeLive: [sites.section], afterLive: [], last: [] },
    start() {
      every(REFRESH_MS, () => {
        calls.refreshSoon()
        void callers.load()
        void sites.load()
      })
      every(FLEET_FIGURES_MS, () => void operators.load())
      void sites.load()
    },
    apply({ type }) {
      if (type === 'snapshot' || type === 'resumed') {
        calls.refreshSoon()
        operators.refreshSoon()
      }
    },
    showConnection(connection) {
      isLost = connection === 'lost'
      draw()
    },
    setSite(site) {
      sites.setSite(site)
      live.setSite(site)
      callers.setSite(site)
    },
    draw,
    tick: sites.tick,
  }
}

/** At an interval, while the page is visible. */
export function every(ms: number, act: () => void): void {
  setInterval(() => document.hidden || act(), ms)
}
