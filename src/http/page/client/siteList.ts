// The sites of a fleet: what is known of each node, in the order of the table, and what the head of the page says of all.
//
// No I/O. While the page has no connection to its server, nothing is known of any node.

import type { NodeEntry } from '../../live/fleetMessage.ts'
import type { LiveCall, LoggedSite } from './entries.ts'
import type { I18n } from './i18n.ts'

/** `pbx_down`: the exporter answers, but is not connected to its Asterisk. */
export type SiteState = 'connected' | 'pbx_down' | 'unreachable' | 'connecting'

/** Further ones are only counted; the table lists them all. */
const MAX_NAMES = 6
/** Of a row of the table; what needs somebody comes first. */
export const SITE_STATES = ['unreachable', 'pbx_down', 'connecting', 'logged', 'connected', 'unknown'] as const

/** A row of the table: a node, or a site that has calls in the log and no node. */
export interface SiteRow {
  readonly key: string
  readonly name: string
  /** Null: not known, so that it cannot be chosen. */
  readonly site: string | null
  /** `logged`: no node has this site. `unknown`: the page has no connection to its server. */
  readonly state: (typeof SITE_STATES)[number]
  readonly problem: string
  readonly since: string | null
  readonly live: number | null
  readonly lastCall: string | null
  readonly asterisk: string | null
}

export type Compare = (one: string, other: string) => number

export function siteStateOf({ state, in_sync }: Pick<NodeEntry, 'state' | 'in_sync'>): SiteState {
  if (state !== 'live') {
    return state
  }
  return in_sync === true ? 'connected' : 'pbx_down'
}

/** The name of its site, or its address while that is not known. */
function nameOf({ site, url }: Pick<NodeEntry, 'site' | 'url'>): string {
  return site ?? url.replace(/^\w+:\/\//, '').replace(/\/$/, '')
}

export interface SiteSources {
  readonly nodes: readonly NodeEntry[]
  /** False: what the nodes say is of an earlier time. */
  readonly isKnown: boolean
  readonly logged: readonly LoggedSite[]
  readonly calls: Iterable<LiveCall>
}

/** The rows of the table: those with a problem first, each kind by name. */
export function siteRows({ nodes, isKnown, logged, calls }: SiteSources, compare: Compare): readonly SiteRow[] {
  const live = new Map<string, number>()
  for (const { site = '' } of calls) {
    live.set(site, (live.get(site) ?? 0) + 1)
  }
  const lastCalls = new Map(logged.map(({ site, last_call_time }) => [site, last_call_time]))
  const rows = nodes.map((node): SiteRow => {
    const state = isKnown ? siteStateOf(node) : 'unknown'
    return {
      ...{ key: node.url, name: nameOf(node), site: node.site, state },
      problem: isKnown ? (node.problem ?? '') : '',
      since: isKnown ? node.since : null,
      live: state === 'connected' ? (live.get(node.site ?? '') ?? 0) : null,
      lastCall: lastCalls.get(node.site ?? '') ?? null,
      asterisk: node.asterisk?.version ?? null,
    }
  })
  const named = new Set(nodes.map(({ site }) => site))
  const others = logged
    .filter(({ site }) => !named.has(site))
    .map(({ site, last_call_time }): SiteRow => {
      const nothing = { problem: '', since: null, live: null, asterisk: null }
      return { ...nothing, key: ` ${site}`, name: site, site, state: 'logged', lastCall: last_call_time }
    })
  return [...rows, ...others].sort(
    (one, other) =>
      SITE_STATES.indexOf(one.state) - SITE_STATES.indexOf(other.state) ||
      compare(one.name, other.name) ||
      compare(one.key, other.key),
  )
}

/** The sites of which nothing is observed now. `isPartial`: there are some, named or not. */
export interface SitesOff {
  readonly names: ReadonlySet<string>
  readonly isPartial: boolean
}

/** `isKnown`: false if what the nodes say is of an earlier time. */
export function sitesOff(nodes: readonly NodeEntry[], isKnown: boolean): SitesOff {
  const connected = nodes.filter((node) => isKnown && siteStateOf(node) === 'connected')
  const on = new Set(connected.map(({ site }) => site))
  const names = new Set(nodes.flatMap(({ site }) => (site === null || on.has(site) ? [] : [site])))
  return { names, isPartial: connected.length < nodes.length }
}

/** The names that can be chosen. */
export function siteNames(rows: readonly SiteRow[], chosen: string, compare: Compare): readonly string[] {
  const names = [...rows.map(({ site }) => site ?? ''), chosen].filter((name) => name !== '')
  return [...new Set(names)].sort(compare)
}

/** What the head of the page says of all nodes. */
export interface FleetSummary {
  readonly state: 'good' | 'bad' | 'unknown'
  readonly title: string
  /** Which sites are not connected; empty if all are. */
  readonly problem: string
  /** How many are not connected. */
  readonly missing: number
}

export function summaryOf(nodes: readonly NodeEntry[], i18n: I18n): FleetSummary {
  const { t, number } = i18n
  if (nodes.length === 0) {
    return { state: 'unknown', title: t('fleet.none'), problem: '', missing: 0 }
  }
  const compare = new Intl.Collator(i18n.language, { numeric: true }).compare
  const namesOf = (state: SiteState): string => {
    const names = nodes
      .filter((node) => siteStateOf(node) === state)
      .map(nameOf)
      .sort(compare)
    const more = names.length - MAX_NAMES
    return [...names.slice(0, MAX_NAMES), ...(more > 0 ? [t('fleet.more', { count: number(more) })] : [])].join(', ')
  }
  const texts = (['unreachable', 'pbx_down', 'connecting'] as const).flatMap((state) => {
    const sites = namesOf(state)
    return sites === '' ? [] : [t(`fleet.${state}`, { sites })]
  })
  const connected = nodes.filter((node) => siteStateOf(node) === 'connected').length
  const isWaiting = nodes.every((node) => ['connected', 'connecting'].includes(siteStateOf(node)))
  return {
    state: connected === nodes.length ? 'good' : isWaiting ? 'unknown' : 'bad',
    title: t('fleet.connected', { connected: number(connected), count: number(nodes.length) }),
    problem: texts.join(' '),
    missing: nodes.length - connected,
  }
}
