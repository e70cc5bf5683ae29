// One queue: who waits, each with a clock and a bar that grows towards the service level, who works in it, and the figures of the period.
//
// The table of agents is made when it is opened: with hundreds of queues it would be most of the page.

import { countStates, STATES } from './agentList.ts'
import { type AgentTable, type AgentTableDependencies, createAgentTable } from './agentTable.ts'
import { createBar } from './bar.ts'
import { el, figure, keyedList, write } from './dom.ts'
import { DASH, type I18n } from './i18n.ts'
import { type Navigation, withoutSearch } from './navigation.ts'
import { levelOf, type ShownQueue, type WaitingCaller } from './queueList.ts'

export interface QueueCardDependencies extends AgentTableDependencies {
  readonly navigation: Navigation
}

export interface QueueCard {
  readonly element: HTMLElement
  /** `within`: seconds in which an answer counts for the service level. */
  show(queue: ShownQueue, within: number): void
  /** Updates the clocks and bars; `now`: the server's time, epoch ms. */
  tick(now: number): void
}

const MOST_WAITING = 5
const MOST_DOTS = 40

export function createQueueCard(queue: string, areAgentsOpen: boolean, deps: QueueCardDependencies): QueueCard {
  const { i18n, navigation } = deps
  const { t } = i18n
  const [count, longest] = [el('strong', { class: 'waiting-count' }), el('span', { class: 'clock' })]
  const first = el('span', { class: 'muted' }, t('queues.longest'), ' ', longest)
  const nobody = el('p', { class: 'muted' })
  const some = el('p', { class: 'waiting-title' }, count, ' ', t('queues.waiting'), ' ', first)
  const list = el('ul', { class: 'waiting-callers' })
  const callers = keyedList(list, {
    keyOf: ({ key }: WaitingCaller) => key,
    create: () => createWaiting(deps, () => within),
    update: (row, caller) => row.show(caller),
  })
  const more = el('p', { class: 'muted' })
  const staff = createStaff(queue, areAgentsOpen, deps)
  const figures = createFigures(i18n)
  const calls = navigation.link(
    { place: 'calls', filters: withoutSearch({ queue }) },
    { class: 'to-calls', 'aria-label': t('queues.callsOf', { queue }) },
    t('queues.calls'),
  )
  const element = el(
    'article',
    { class: 'queue card', 'aria-label': queue },
    el('div', { class: 'card-title' }, el('h3', {}, queue), calls),
    ...[some, nobody, list, more, figures.element, staff.element],
  )
  let shown: ShownQueue | null = null
  let within = 0
  let last = 0

  const tick = (now: number): void => {
    last = now
    const since = shown?.waiting?.[0]?.since
    if (since !== undefined) {
      const waited = (now - since) / 1000
      write(longest, i18n.clock(waited))
      element.dataset['level'] = levelOf(waited, within)
    }
    for (const each of callers.all()) {
      each.tick(now)
    }
    staff.tick(now)
  }
  return {
    element,
    show(next, seconds) {
      shown = next
      within = seconds
      const { waiting } = next
      const isSomebody = waiting !== null && waiting.length > 0
      some.hidden = !isSomebody
      nobody.hidden = isSomebody
      write(nobody, t(waiting === null ? 'queues.unknown' : 'queues.nobody'))
      write(count, i18n.number(waiting?.length ?? 0))
      callers.show((waiting ?? []).slice(0, MOST_WAITING))
      list.hidden = !isSomebody
      const others = (waiting?.length ?? 0) - MOST_WAITING
      more.hidden = others <= 0
      write(more, t('queues.more', { count: i18n.number(others) }))
      element.dataset['level'] = waiting === null ? 'unknown' : 'none'
      staff.show(next)
      figures.show(next)
      tick(last || deps.now())
    },
    tick,
  }
}

/** A caller who waits; a click opens the call. */
function createWaiting({ i18n, onOpen }: QueueCardDependencies, within: () => number) {
  const clock = el('span', { class: 'clock' })
  const bar = createBar()
  const number = el('button', { type: 'button', class: 'number' })
  const name = el('span', { class: 'name' })
  let shown: WaitingCaller | null = null
  number.addEventListener('click', () => {
    if (shown !== null) {
      onOpen(shown.call.channel_id)
    }
  })
  return {
    element: el('li', {}, clock, bar.element, el('span', { class: 'who' }, number, ' ', name)),
    show(next: WaitingCaller): void {
      shown = next
      const { caller, caller_name, callee, start_time } = next.call
      write(number, caller || DASH)
      number.setAttribute('aria-label', i18n.t('calls.open', { caller, callee, time: i18n.time(start_time) }))
      write(name, caller_name)
    },
    tick(now: number): void {
      const waited = shown === null ? 0 : (now - shown.since) / 1000
      write(clock, i18n.clock(waited))
      bar.set(waited / Math.max(1, within()), levelOf(waited, within()))
    },
  }
}

/** Who works in the queue: a dot for each, how many are in each state, and the table. */
function createStaff(queue: string, isOpen: boolean, deps: QueueCardDependencies) {
  const { i18n } = deps
  const { t } = i18n
  const dots = el('span', { class: 'agent-dots', 'aria-hidden': 'true' })
  const summary = el('span', { class: 'staffing' })
  const warning = el('p', { class: 'problem unstaffed' }, t('queues.unstaffed'))
  const nobody = el('p', { class: 'muted' })
  const opener = el('summary', {}, dots, summary)
  const details = el('details', { class: 'staff' }, opener)
  let table: AgentTable | null = null
  let shown: ShownQueue | null = null
  let drawn = ''

  const draw = (): void => {
    if (details.open && shown !== null) {
      if (table === null) {
        table = createAgentTable(queue, deps)
        details.append(table.element)
      }
      table.show(shown.agents)
    }
  }
  details.open = isOpen
  details.addEventListener('toggle', draw)
  return {
    element: el('div', {}, warning, nobody, details),
    show(next: ShownQueue): void {
      shown = next
      const { agents, isKnown } = next
      const counts = countStates(agents)
      const text = agents.map(({ state }) => state ?? 'unknown').join(' ')
      if (text !== drawn) {
        drawn = text
        dots.replaceChildren(...dotsOf(next).map((state) => el('span', { class: 'agent-dot', 'data-state': state })))
      }
      const states = [...(counts ?? [])].map(
        ([state, number]) => `${i18n.number(number)} ${i18n.value('count', state)}`,
      )
      write(summary, counts === null ? t('agents.unknown') : states.join(' · '))
      details.hidden = agents.length === 0
      nobody.hidden = agents.length > 0
      write(nobody, t(isKnown ? 'agents.nobody' : 'agents.unknownMembers'))
      const isStaffed = counts === null || [...counts.keys()].some((state) => state !== 'paused' && state !== 'offline')
      warning.hidden = !isKnown || isStaffed || next.waiting === null || next.waiting.length === 0
      draw()
    },
    tick(now: number): void {
      if (details.open) {
        table?.tick(now)
      }
    },
  }
}

// In the order of the states, so that equal ones are beside each other.
function dotsOf({ agents }: ShownQueue): readonly string[] {
  const states = agents.map(({ state }) => state ?? 'unknown')
  return [...STATES, 'unknown'].flatMap((state) => states.filter((each) => each === state)).slice(0, MOST_DOTS)
}

function createFigures(i18n: I18n) {
  const { t } = i18n
  const all = {
    offered: figure(t('queues.offered')),
    answered: figure(t('queues.answered')),
    left: figure(t('queues.left')),
    exited: figure(t('queues.exited')),
    average: figure(t('queues.average')),
    level: figure(t('queues.level')),
  }
  let shown: ShownQueue['figures'] | undefined
  return {
    element: el('dl', { class: 'card-figures' }, ...Object.values(all).map(({ element }) => element)),
    show({ figures }: ShownQueue): void {
      if (figures === shown) {
        return
      }
      shown = figures
      const number = (value: number | undefined): string => (value === undefined ? DASH : i18n.number(value))
      all.offered.set(number(figures?.offered))
      all.answered.set(number(figures?.answered))
      all.left.set(number(figures?.abandoned))
      all.exited.set(number(figures?.exited))
      const average = figures?.average_wait_seconds ?? null
      all.average.set(i18n.span(average))
      all.level.set(i18n.share(figures?.service_level ?? null))
    },
  }
}
