// The state of the page: one line below the head, the title of the document, and what the style makes of it.
//
// The document has the state as `data-observed`, so that in no place anything is green while nothing is observed. Screen readers announce the
// line when it changes.

import type { NodeEntry } from '../../live/fleetMessage.ts'
import type { PbxStatus } from '../../live/message.ts'
import { now, today } from './clock.ts'
import { el, write } from './dom.ts'
import { dayStart } from './filters.ts'
import type { I18n } from './i18n.ts'
import { type ConnectionState, type Observed, stateLineOf } from './stateLine.ts'

export interface Status {
  readonly element: HTMLElement
  /** Whether what the page shows of now is so. */
  isObserved(): boolean
  /** Whether something that the page should show is not observed. */
  hasTrouble(): boolean
  /** The connection of the page to its server. */
  showConnection(state: ConnectionState): void
  /** The connection of the exporter to Asterisk; null: not known yet. */
  showPbx(pbx: PbxStatus | null): void
  /** In a fleet instead of that: its nodes; null: not known yet. */
  showNodes(nodes: readonly NodeEntry[] | null): void
}

export interface StatusOptions {
  readonly isFleet: boolean
  /** The state is another one. */
  readonly onChange: (observed: Observed) => void
}

export function createStatus({ isFleet, onChange }: StatusOptions, i18n: I18n): Status {
  const title = el('strong')
  const details = el('span', { class: 'details' })
  const line = el('p', { role: 'status' }, title, ' ', details)
  const element = el('section', { class: 'state-line', 'aria-label': i18n.t('state') }, line)
  let connection: ConnectionState = 'connecting'
  let lostSince: string | null = null
  let pbx: PbxStatus | null = null
  let nodes: readonly NodeEntry[] | null = null
  let observed: Observed = 'unknown'
  const update = (): void => {
    const known = { connection, lostSince, pbx, nodes, isFleet, today: dayStart(today()) }
    const shown = stateLineOf(known, i18n)
    write(title, shown.title)
    write(details, shown.details)
    if (shown.observed !== document.documentElement.dataset['observed']) {
      observed = shown.observed
      document.documentElement.dataset['observed'] = observed
      onChange(observed)
    }
  }
  return {
    element,
    isObserved: () => observed === 'all' || observed === 'part',
    hasTrouble: () => observed !== 'all' && observed !== 'unknown',
    showConnection(next) {
      connection = next
      lostSince = next === 'lost' ? (lostSince ?? new Date(now()).toISOString()) : null
      update()
    },
    showPbx(next) {
      pbx = next
      update()
    },
    showNodes(next) {
      nodes = next
      update()
    },
  }
}
