// What the line of the state says: whether the page has its server, and the server its Asterisk or the nodes of its fleet.
//
// No I/O. Without its server the page knows nothing of any of them, so that this comes first.

import type { NodeEntry } from '../../live/fleetMessage.ts'
import type { PbxStatus } from '../../live/message.ts'
import type { I18n } from './i18n.ts'
import { summaryOf } from './siteList.ts'

/** The connection of the page to its server. */
export type ConnectionState = 'connecting' | 'open' | 'lost'

/**
 * How much of what happens now the page knows. `part`: not of all sites; `pbx_lost`: nothing, because no Asterisk is connected;
 * `server_lost`: nothing, because the server of the page does not answer; `unknown`: nothing yet.
 */
export type Observed = 'all' | 'part' | 'pbx_lost' | 'server_lost' | 'unknown'

export interface StateLine {
  readonly observed: Observed
  readonly title: string
  /** Since when, and why. */
  readonly details: string
}

export interface KnownState {
  readonly connection: ConnectionState
  /** When the page lost its server (ISO 8601); null: it did not. */
  readonly lostSince: string | null
  /** Null: not known yet. */
  readonly pbx: PbxStatus | null
  /** In a fleet instead of that; null: not known yet, or no fleet. */
  readonly nodes: readonly NodeEntry[] | null
  readonly isFleet: boolean
  /** The start of the day (ISO 8601). */
  readonly today: string
}

export function stateLineOf(known: KnownState, i18n: I18n): StateLine {
  const { connection, lostSince, pbx, nodes, today } = known
  const { t } = i18n
  if (connection === 'lost') {
    const details = lostSince === null ? '' : t('state.since', { time: momentText(lostSince, today, i18n) })
    return { observed: 'server_lost', title: t('connection.lost'), details }
  }
  if (nodes !== null) {
    return stateOfNodes(nodes, i18n)
  }
  if (pbx === null) {
    return { observed: 'unknown', title: t('connection.connecting'), details: '' }
  }
  const since = pbx.since === null ? [] : [t('state.since', { time: momentText(pbx.since, today, i18n) })]
  if (pbx.in_sync) {
    const title = pbx.asterisk === null ? t('pbx.connected') : t('pbx.connectedTo', { version: pbx.asterisk.version })
    return { observed: 'all', title, details: since.join('') }
  }
  const problem = pbx.problem === null ? [] : [pbx.problem]
  return { observed: 'pbx_lost', title: t('pbx.disconnected'), details: [...since, ...problem].join(' · ') }
}

function stateOfNodes(nodes: readonly NodeEntry[], i18n: I18n): StateLine {
  const { state, title, problem, missing } = summaryOf(nodes, i18n)
  const isNone = missing === nodes.length
  const ofMissing = state === 'unknown' ? 'unknown' : isNone ? 'pbx_lost' : 'part'
  return { observed: missing === 0 && nodes.length > 0 ? 'all' : ofMissing, title, details: problem }
}

/** The time of the day; of an earlier day, with the date. */
export function momentText(iso: string, today: string, i18n: I18n): string {
  return iso >= today ? i18n.timeOfDay(iso) : i18n.time(iso)
}
