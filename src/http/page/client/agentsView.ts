// The section of agents: each queue with its agents, or what to do to see some.
//
// Screen readers announce only how many are free, at an interval. If the button that has the focus goes away, because its call ended, the
// heading gets the focus.

import { type AgentQueue, countStates } from './agentList.ts'
import { type AgentTableDependencies, createAgentTable } from './agentTable.ts'
import { el, keyedList, write } from './dom.ts'

export interface AgentsView {
  readonly element: HTMLElement
  show(agents: ShownAgents): void
  /** An empty text removes the message. */
  showError(text: string): void
  tick(now: number): void
}

export interface ShownAgents {
  readonly queues: readonly AgentQueue[]
  /** Since when occupancy is known (ISO 8601); null while it is not. */
  readonly occupancySince: string | null
  /** The start of the day (ISO 8601). */
  readonly today: string
  /** False: Asterisk is not asked, and nothing can be known. */
  readonly isAsked: boolean
}

const ANNOUNCE_INTERVAL_MS = 15_000

export function createAgentsView(dependencies: AgentTableDependencies): AgentsView {
  const { i18n, now } = dependencies
  const { t } = i18n
  const list = el('div', { class: 'queues' })
  const tables = keyedList(list, {
    keyOf: ({ queue }: AgentQueue) => queue,
    create: ({ queue }) => createAgentTable(queue, dependencies),
    update: (known, queue) => known.show(queue),
  })
  const count = el('span', { class: 'count' })
  const heading = el('h2', { id: 'agents', tabindex: '-1' }, t('agents.title'), ' ', count)
  const error = el('p', { class: 'problem', role: 'alert' })
  const advice = el('p', { class: 'muted' })
  const occupancy = el('p', { class: 'muted occupancy' })
  for (const each of [error, advice, occupancy]) {
    each.hidden = true
  }
  const announcement = el('p', { class: 'visually-hidden', role: 'status' })
  let announcedAt = Number.NEGATIVE_INFINITY
  let freeText = ''

  const element = el(
    'section',
    { class: 'agents', 'aria-labelledby': 'agents', 'aria-busy': 'true' },
    ...[heading, announcement, error, advice, list, occupancy],
  )
  const isFocusLost = (): boolean => {
    const focused = document.activeElement
    return focused === null || focused === document.body || focused.closest('[hidden]') !== null
  }
  return {
    element,
    show({ queues, occupancySince, today, isAsked }) {
      element.removeAttribute('aria-busy')
      const hadFocus = element.contains(document.activeElement)
      tables.show(isAsked ? queues : [])
      if (hadFocus && isFocusLost()) {
        heading.focus()
      }
      advice.hidden = isAsked && queues.length > 0
      write(advice, t(isAsked ? 'agents.none' : 'agents.off'))
      const since = occupancySince === null || occupancySince <= today ? null : i18n.minuteOfDay(occupancySince)
      write(occupancy, since === null ? t('agents.occupancy') : t('agents.occupancySince', { time: since }))
      occupancy.hidden = !isAsked || occupancySince === null
      const all = queues.flatMap(({ agents }) => agents)
      const states = queues.some(({ isKnown }) => !isKnown) ? null : countStates(all)
      const numbers = { free: i18n.number(states?.get('free') ?? 0), count: i18n.number(all.length) }
      freeText = !isAsked || all.length === 0 ? '' : t(states === null ? 'agents.unknown' : 'agents.free', numbers)
      write(count, freeText)
    },
    showError(text) {
      element.removeAttribute('aria-busy')
      write(error, text)
      error.hidden = text === ''
    },
    tick(at) {
      for (const each of tables.all()) {
        each.tick(at)
      }
      if (now() - announcedAt >= ANNOUNCE_INTERVAL_MS) {
        announcedAt = now()
        write(announcement, freeText === '' ? '' : `${t('agents.title')}: ${freeText}`)
      }
    },
  }
}
