// The head of the page: name and version, the connections of the page and of the exporter, and the counters.
//
// Screen readers announce only the state of the two connections, when it changes.

import type { FleetCounters, NodeEntry } from '../../live/fleetMessage.ts'
import type { Counters, PbxStatus } from '../../live/message.ts'
import { el, figure, write } from './dom.ts'
import type { I18n } from './i18n.ts'
import type { ConnectionState } from './liveConnection.ts'
import { summaryOf } from './siteList.ts'
import { themeButton } from './theme.ts'

export interface Status {
  readonly head: HTMLElement
  readonly section: HTMLElement
  /** The connection of the page to the exporter. */
  showConnection(state: ConnectionState): void
  /** The connection of the exporter to Asterisk; null: not known yet. */
  showPbx(pbx: PbxStatus | null): void
  /** In a fleet instead of that: its nodes; null: not known yet. */
  showNodes(nodes: readonly NodeEntry[] | null): void
  /** `live`: the number of active calls. */
  showCounters(counters: Counters | FleetCounters | null, live: number): void
}

export interface StatusOptions {
  /** Of the program. */
  readonly name: string
  readonly version: string
  readonly isFleet: boolean
}

/** What the card says. */
interface Card {
  readonly state: 'good' | 'bad' | 'unknown'
  readonly title: string
  readonly problem: string
  readonly details: string
  /** How many sites of a fleet are missing. */
  readonly missing: number
}

export function createStatus({ name, version, isFleet }: StatusOptions, i18n: I18n): Status {
  const { t } = i18n
  const upFor = el('span')
  const connection = el('p', { class: 'connection', role: 'status' })
  const title = el('h2', { id: 'pbx' })
  const details = el('p', { class: 'muted' })
  const problem = el('p', { class: 'problem' })
  const card = el('div', { class: 'pbx unknown' }, el('div', { role: 'status' }, title, problem), details)
  const figures = createFigures(i18n)
  const names = el('div', {}, el('h1', {}, name), el('p', { class: 'muted' }, `${t('version', { version })}`, upFor))
  let latest: Card = unknownCard(i18n)
  let isLost = false
  let connectionState: ConnectionState = 'connecting'
  const update = (): void => {
    const shown = isLost ? { ...unknownCard(i18n), title: t(isFleet ? 'fleet.stale' : 'pbx.stale') } : latest
    card.className = `pbx ${shown.state}`
    write(title, shown.title)
    write(problem, shown.problem)
    problem.hidden = shown.problem === ''
    write(details, shown.details)
    document.title = `${isLost || shown.state === 'bad' ? '(!) ' : ''}${name}`
    // Without some of its sites, what a fleet shows is not all.
    const isPartial = connectionState === 'open' && shown.missing > 0
    connection.dataset['state'] = isPartial ? 'partial' : connectionState
    const count = i18n.number(shown.missing)
    write(connection, isPartial ? t('fleet.partial', { count }) : t(`connection.${connectionState}`))
  }
  update()
  return {
    head: el('header', {}, names, connection, themeButton(i18n)),
    section: el('section', { class: 'status', 'aria-labelledby': 'pbx' }, card, ...(isFleet ? [] : [figures.element])),
    showConnection(state) {
      connectionState = state
      isLost = state === 'lost'
      update()
    },
    showPbx(pbx) {
      latest = pbx === null ? unknownCard(i18n) : cardOf(pbx, i18n)
      update()
    },
    showNodes(nodes) {
      latest = nodes === null ? unknownCard(i18n) : { ...summaryOf(nodes, i18n), details: '' }
      update()
    },
    showCounters(counters, live) {
      figures.show(counters, live)
      if (counters === null) {
        return
      }
      const upSeconds = (Date.parse(counters.now) - Date.parse(counters.start_time)) / 1000
      write(upFor, `, ${t('up', { span: i18n.span(Math.floor(upSeconds / 60) * 60 || Math.floor(upSeconds)) })}`)
    },
  }
}

// The counters of one exporter.
function createFigures(i18n: I18n) {
  const { t } = i18n
  const active = figure(t('figure.active'))
  const log = {
    ended: figure(t('figure.ended')),
    missed: figure(t('figure.missed')),
    rows: figure(t('figure.rows')),
    pending: figure(t('figure.pending')),
  }
  const all = [active, ...Object.values(log)]
  return {
    element: el('dl', { class: 'figures', 'aria-label': t('figures') }, ...all.map(({ element }) => element)),
    show(counters: Counters | FleetCounters | null, live: number): void {
      active.set(i18n.number(live))
      if (counters === null || 'nodes' in counters) {
        return
      }
      log.ended.set(i18n.number(counters.calls_ended))
      log.missed.set(i18n.number(counters.calls_missed))
      log.rows.set(i18n.number(counters.log_rows))
      log.pending.set(i18n.number(counters.log_pending))
    },
  }
}

function unknownCard({ t }: I18n): Card {
  return { state: 'unknown', title: t('pbx.unknown'), problem: '', details: '', missing: 0 }
}

function cardOf(pbx: PbxStatus, i18n: I18n): Card {
  return {
    state: pbx.in_sync ? 'good' : 'bad',
    title: i18n.t(pbx.in_sync ? 'pbx.connected' : 'pbx.disconnected'),
    problem: pbx.problem ?? '',
    details: detailsOf(pbx, i18n),
    missing: 0,
  }
}

function detailsOf({ since, asterisk }: PbxStatus, { t, time }: I18n): string {
  const parts: string[] = []
  if (since !== null) {
    parts.push(t('pbx.since', { time: time(since) }))
  }
  if (asterisk !== null) {
    parts.push(
      t('pbx.asterisk', {
        version: asterisk.version,
        entity: asterisk.entity_id,
        time: time(asterisk.start_time),
      }),
    )
  }
  return parts.join(' · ')
}
