// The agents of one queue: a table, each with a running clock.
//
// A row is reused as long as its agent is a member, so that focus and scroll position stay.

import type { AgentEntry } from '../../../query/agentSchema.ts'
import { nameOf } from './agentList.ts'
import { type Column, el, row, write } from './dom.ts'
import { DASH, type I18n } from './i18n.ts'
import { createShortTable, type TableRow } from './shortTable.ts'

export interface AgentTable {
  readonly element: HTMLElement
  show(agents: readonly AgentEntry[]): void
  /** Updates the clocks; `now`: the server's time, epoch ms. */
  tick(now: number): void
}

export interface AgentTableDependencies {
  readonly i18n: I18n
  /** The server's time, epoch ms. */
  readonly now: () => number
  /** The id of the channel of a call that the user opens. */
  readonly onOpen: (call: string) => void
}

const LENGTH = 10

export function createAgentTable(queue: string, dependencies: AgentTableDependencies): AgentTable {
  const { i18n } = dependencies
  const { t } = i18n
  const columns: readonly Column[] = [
    { label: t('column.agent') },
    { label: t('column.state') },
    { label: t('column.clock'), kind: 'number' },
    { label: t('column.about') },
    { label: t('column.occupancy'), kind: 'number' },
  ]
  const agents = createShortTable({
    ...{ i18n, columns, name: 'members', label: t('agents.of', { queue }), length: LENGTH },
    keyOf: ({ member }: AgentEntry) => member,
    create: () => createRow({ ...dependencies, columns }),
  })
  return {
    element: agents.element,
    show: agents.show,
    tick(now) {
      for (const each of agents.rows()) {
        each.tick(now)
      }
    },
  }
}

interface AgentRow extends TableRow<AgentEntry> {
  tick(now: number): void
}

function createRow({
  i18n,
  now,
  onOpen,
  columns,
}: AgentTableDependencies & { readonly columns: readonly Column[] }): AgentRow {
  const { t } = i18n
  let shown: AgentEntry | null = null
  const [agent, name] = [el('span', { class: 'agent' }), el('span', { class: 'name' })]
  const [state, clock, occupancy] = [el('span', { class: 'state' }), el('span', { class: 'clock' }), el('span')]
  const call = el('button', { type: 'button' })
  const about = el('span', { class: 'name' })
  call.addEventListener('click', () => {
    if (shown?.call != null) {
      onOpen(shown.call.call_id)
    }
  })
  const element = row(columns, [[agent, ' ', name], [state], [clock], [call, ' ', about], [occupancy]])
  const tick = (at: number): void => {
    const since = shown?.since ?? null
    write(clock, since === null ? DASH : i18n.clock((at - Date.parse(since)) / 1000))
  }
  return {
    element,
    tick,
    show(next) {
      shown = next
      element.dataset['state'] = next.state ?? 'unknown'
      write(agent, nameOf(next))
      write(name, next.name ?? '')
      write(state, next.state === null ? t('agents.unknown') : i18n.value('state', next.state))
      tick(now())
      call.hidden = next.call === null
      write(call, next.call === null ? '' : next.call.number || t('agents.call'))
      call.setAttribute('aria-label', t('agents.open', { agent: nameOf(next), other: next.call?.number ?? '' }))
      write(about, next.call === null ? (next.pause_reason ?? DASH) : next.call.name)
      write(occupancy, i18n.share(next.occupancy?.share ?? null))
    },
  }
}
