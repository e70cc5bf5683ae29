// The head of the page: name and version, the connections of the page and of the exporter, and the counters.
//
// Screen readers announce only the state of the two connections, when it changes.

import type { Counters, PbxStatus } from '../../live/message.ts'
import { el, figure, write } from './dom.ts'
import type { I18n } from './i18n.ts'
import type { ConnectionState } from './liveConnection.ts'
import { themeButton } from './theme.ts'

export interface Status {
  readonly head: HTMLElement
  readonly section: HTMLElement
  /** The connection of the page to the exporter. */
  showConnection(state: ConnectionState): void
  /** The connection of the exporter to Asterisk; null: not known yet. */
  showPbx(pbx: PbxStatus | null): void
  /** `live`: the number of active calls. */
  showCounters(counters: Counters | null, live: number): void
}

/** `name` and `version` of the program. */
export function createStatus({ name, version }: { name: string; version: string }, i18n: I18n): Status {
  const { t } = i18n
  const upFor = el('span')
  const connection = el('p', { class: 'connection', role: 'status' })
  const title = el('h2', { id: 'pbx' })
  const details = el('p', { class: 'muted' })
  const problem = el('p', { class: 'problem' })
  const card = el('div', { class: 'pbx unknown' }, el('div', { role: 'status' }, title, problem), details)
  const figures = {
    active: figure(t('figure.active')),
    ended: figure(t('figure.ended')),
    missed: figure(t('figure.missed')),
    rows: figure(t('figure.rows')),
    pending: figure(t('figure.pending')),
  }
  const list = el('dl', { class: 'figures', 'aria-label': t('figures') })
  for (const { element } of Object.values(figures)) {
    list.append(element)
  }
  const names = el('div', {}, el('h1', {}, name), el('p', { class: 'muted' }, `${t('version', { version })}`, upFor))
  let latest: PbxStatus | null = null
  let isLost = false
  const update = (): void => {
    const known = isLost ? null : latest
    card.className = `pbx ${known === null ? 'unknown' : known.in_sync ? 'good' : 'bad'}`
    write(
      title,
      t(isLost ? 'pbx.stale' : known === null ? 'pbx.unknown' : known.in_sync ? 'pbx.connected' : 'pbx.disconnected'),
    )
    write(problem, known?.problem ?? '')
    problem.hidden = !known?.problem
    write(details, known === null ? '' : detailsOf(known, i18n))
    document.title = `${isLost || known?.in_sync === false ? '(!) ' : ''}${name}`
  }
  const status: Status = {
    head: el('header', {}, names, connection, themeButton(i18n)),
    section: el('section', { class: 'status', 'aria-labelledby': 'pbx' }, card, list),
    showConnection(state) {
      connection.dataset['state'] = state
      write(connection, t(`connection.${state}`))
      isLost = state === 'lost'
      update()
    },
    showPbx(pbx) {
      latest = pbx
      update()
    },
    showCounters(counters, live) {
      figures.active.set(i18n.number(live))
      if (counters === null) {
        return
      }
      const upSeconds = (Date.parse(counters.now) - Date.parse(counters.start_time)) / 1000
      write(upFor, `, ${t('up', { span: i18n.span(Math.floor(upSeconds / 60) * 60 || Math.floor(upSeconds)) })}`)
      figures.ended.set(i18n.number(counters.calls_ended))
      figures.missed.set(i18n.number(counters.calls_missed))
      figures.rows.set(i18n.number(counters.log_rows))
      figures.pending.set(i18n.number(counters.log_pending))
    },
  }
  status.showPbx(null)
  return status
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
