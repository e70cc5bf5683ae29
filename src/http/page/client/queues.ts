// The place "Queues": a card for each queue, with who waits, who works in it, and the figures of the period of the page.
//
// Screen readers announce only how many wait and how many are free, at an interval. If the button that has the focus goes away, because its
// call ended, the heading gets the focus.

import type { QueueNow } from '../../../query/queueSchema.ts'
import { type AgentQueue, countStates } from './agentList.ts'
import type { Agents, KnownAgents } from './agents.ts'
import { type Api, errorText } from './api.ts'
import { today } from './clock.ts'
import { el, field, keyedList, options, problemLine, write, writeOrHide } from './dom.ts'
import { dayStart } from './filters.ts'
import { DASH } from './i18n.ts'
import type { LiveState } from './liveState.ts'
import { createPeriodRequest, type PeriodRequest } from './periodRequest.ts'
import { createQueueCard, type QueueCard, type QueueCardDependencies } from './queueCard.ts'
import { chooseQueues, QUEUE_ORDERS, queuesOf, type ShownQueue } from './queueList.ts'

export interface Queues extends PeriodRequest {
  readonly section: HTMLElement
  /** `isKnown`: what happens now is known. */
  draw(isKnown: boolean): void
  /** Updates the clocks. */
  tick(): void
}

export interface QueuesDependencies extends QueueCardDependencies {
  readonly api: Api
  readonly agents: Agents
  readonly state: LiveState
  readonly onAnswer: () => void
}

const ANNOUNCE_INTERVAL_MS = 15_000
/** With more queues, the tables of agents are closed at first, and a queue can be searched. */
const FEW = 12

export function createQueues(deps: QueuesDependencies): Queues {
  const { i18n, api, agents, state, now, onAnswer } = deps
  const { compare } = new Intl.Collator(i18n.language, { numeric: true })
  const view = createView(deps, () => draw(isKnownNow))
  let figures: readonly QueueNow[] = []
  let within = 20
  let problem = ''
  let isKnownNow = false
  const request = createPeriodRequest({
    ask: api.queues,
    show(result) {
      problem = errorText(result, i18n)
      if (result.kind === 'ok') {
        figures = result.value.queues
        within = result.value.within_seconds
      }
      onAnswer()
    },
  })
  const draw = (isKnown: boolean): void => {
    isKnownNow = isKnown
    view.showProblem(agents.problem() || problem)
    const known = agents.known()
    if (known !== null) {
      const ofAgents = known.queues.map((queue) => (isKnown ? queue : withoutStates(queue)))
      const all = { agents: ofAgents, calls: state.calls.values(), figures, isKnown }
      view.show(queuesOf(all, compare), known, within)
    }
  }
  return {
    ...request,
    section: view.element,
    draw,
    tick: () => view.tick(now()),
  }
}

function withoutStates({ agents, ...queue }: AgentQueue): AgentQueue {
  return { ...queue, agents: agents.map((agent) => ({ ...agent, state: null, since: null, call: null })) }
}

function createView(deps: QueuesDependencies, onChoose: () => void) {
  const { i18n } = deps
  const { t } = i18n
  const list = el('div', { class: 'cards queues' })
  const made = new Map<string, QueueCard>()
  let shownWithin = 0
  let areFew = true
  const cards = keyedList(list, {
    keyOf: ({ queue }: ShownQueue) => queue,
    create({ queue }) {
      const card = made.get(queue) ?? createQueueCard(queue, areFew, deps)
      made.set(queue, card)
      return card
    },
    update: (card, queue) => card.show(queue, shownWithin),
  })
  const count = el('span', { class: 'count' })
  const heading = el('h2', { id: 'queues', tabindex: '-1' }, t('queues.title'), ' ', count)
  const find = el('input', { type: 'search', name: 'queues-find', autocomplete: 'off', spellcheck: 'false' })
  const order = el('select', { name: 'queues-order' })
  order.append(...options(QUEUE_ORDERS.map((each) => [each, t(`queues.order.${each}`)] as const)))
  const tools = el('div', { class: 'tools' }, field(t('queues.find'), find), field(t('queues.order'), order))
  find.addEventListener('input', onChoose)
  order.addEventListener('change', onChoose)
  const [problem, advice] = [problemLine(), el('p', { class: 'muted' })]
  const none = el('p', { class: 'muted' }, t('queues.notFound'))
  const [occupancy, level] = [el('p', { class: 'muted note' }), el('p', { class: 'muted note' })]
  for (const each of [advice, none, occupancy, level, tools]) {
    each.hidden = true
  }
  const announcement = el('p', { class: 'visually-hidden', role: 'status' })
  let announcedAt = Number.NEGATIVE_INFINITY
  let summary = ''
  const element = el(
    'section',
    { class: 'agents', 'aria-labelledby': 'queues', 'aria-busy': 'true' },
    el('div', { class: 'title' }, heading, tools),
    ...[announcement, problem, advice, list, none, level, occupancy],
  )
  return {
    element,
    showProblem(text: string): void {
      if (text !== '') {
        element.removeAttribute('aria-busy')
      }
      writeOrHide(problem, text)
    },
    show(queues: readonly ShownQueue[], { isAsked, occupancySince }: KnownAgents, within: number): void {
      element.removeAttribute('aria-busy')
      shownWithin = within
      areFew = queues.length <= FEW
      tools.hidden = areFew && find.value === ''
      const hadFocus = element.contains(document.activeElement)
      const chosenOrder = QUEUE_ORDERS.find((each) => each === order.value) ?? 'name'
      const chosen = chooseQueues(queues, { text: find.value, order: chosenOrder })
      cards.show(chosen)
      if (hadFocus && isFocusLost()) {
        heading.focus()
      }
      none.hidden = chosen.length > 0 || queues.length === 0
      advice.hidden = isAsked && queues.length > 0
      write(advice, t(isAsked ? 'agents.none' : 'agents.off'))
      const since = occupancySince === null || occupancySince <= dayStart(today()) ? null : occupancySince
      const time = since === null ? '' : i18n.minuteOfDay(since)
      write(occupancy, since === null ? t('agents.occupancy') : t('agents.occupancySince', { time }))
      occupancy.hidden = !isAsked || occupancySince === null
      write(level, t('queues.levelIs', { within: i18n.span(within) }))
      level.hidden = queues.length === 0
      summary = queues.length === 0 ? '' : summaryOf(queues)
      write(count, summary)
    },
    tick(now: number): void {
      for (const each of cards.all()) {
        each.tick(now)
      }
      if (now - announcedAt >= ANNOUNCE_INTERVAL_MS) {
        announcedAt = now
        write(announcement, summary === '' ? '' : `${t('queues.title')}: ${summary}`)
      }
    },
  }

  function summaryOf(queues: readonly ShownQueue[]): string {
    const isKnown = queues.every(({ waiting }) => waiting !== null)
    const waiting = queues.reduce((sum, queue) => sum + (queue.waiting?.length ?? 0), 0)
    const all = queues.flatMap((queue) => queue.agents)
    const states = queues.some((queue) => !queue.isKnown) ? null : countStates(all)
    const free = { free: i18n.number(states?.get('free') ?? 0), count: i18n.number(all.length) }
    const waits = t('queues.summary', { waiting: isKnown ? i18n.number(waiting) : DASH })
    return states === null || all.length === 0 ? waits : `${waits} · ${t('agents.free', free)}`
  }
}

function isFocusLost(): boolean {
  const focused = document.activeElement
  return focused === null || focused === document.body || focused.closest('[hidden]') !== null
}
