// The place "People" of one Asterisk: a tile for each phone, with what its agent does now and the figures of the period of the page.
//
// Screen readers announce only how many are free, at an interval. The order changes with the states; the tile that has the focus keeps it.

import type { Agents } from './agents.ts'
import { type Api, errorText } from './api.ts'
import { el, field, keyedList, options, problemLine, write, writeOrHide } from './dom.ts'
import type { Operator } from './entries.ts'
import type { LiveState } from './liveState.ts'
import type { Operators } from './operators.ts'
import { choosePeople, countPeople, PEOPLE_ORDERS, type Person, peopleOf } from './peopleList.ts'
import { createPeriodRequest } from './periodRequest.ts'
import { createPersonTile, type PersonTile, type PersonTileDependencies } from './personTile.ts'

export interface People extends Operators {
  /** `isKnown`: what happens now is known. */
  draw(isKnown: boolean): void
  /** Updates the clocks. */
  tick(): void
}

export interface PeopleDependencies extends PersonTileDependencies {
  readonly api: Api
  readonly agents: Agents
  readonly state: LiveState
  readonly onAnswer: () => void
}

const ANNOUNCE_INTERVAL_MS = 15_000
/** Tiles that are shown at first. */
const LENGTH = 240

export function createPeople(deps: PeopleDependencies): People {
  const { i18n, api, agents, state, now, onAnswer } = deps
  const view = createView(deps)
  let operators: readonly Operator[] | null = null
  let problem = ''
  const request = createPeriodRequest({
    ask: api.operators,
    show(result) {
      problem = errorText(result, i18n)
      if (result.kind === 'ok') {
        operators = result.value.operators
      }
      onAnswer()
    },
  })
  return {
    ...request,
    section: view.element,
    draw(isKnown) {
      view.showProblem(problem)
      if (operators !== null) {
        const all = agents.known()?.queues.flatMap((queue) => queue.agents) ?? []
        view.show(peopleOf({ agents: all, operators, calls: state.calls.values(), isKnown }))
      }
    },
    tick: () => view.tick(now()),
  }
}

function createView(deps: PeopleDependencies) {
  const { i18n } = deps
  const { t } = i18n
  const { compare } = new Intl.Collator(i18n.language, { numeric: true })
  const list = el('ul', { class: 'cards tiles' })
  const made = new Map<string, PersonTile>()
  const tiles = keyedList(list, {
    keyOf: ({ phone }: Person) => phone,
    create({ phone }) {
      const tile = made.get(phone) ?? createPersonTile(phone, deps)
      made.set(phone, tile)
      return tile
    },
    update: (tile, person) => tile.show(person),
  })
  const count = el('span', { class: 'count' })
  const heading = el('h2', { id: 'people' }, t('people.title'), ' ', count)
  const find = el('input', { type: 'search', name: 'people-find', autocomplete: 'off', spellcheck: 'false' })
  const order = el('select', { name: 'people-order' })
  order.append(...options(PEOPLE_ORDERS.map((each) => [each, t(`people.order.${each}`)] as const)))
  const problem = problemLine()
  const none = el('p', { class: 'muted' })
  const more = el('button', { type: 'button', class: 'more', 'aria-expanded': 'false' })
  const announcement = el('p', { class: 'visually-hidden', role: 'status' })
  for (const each of [none, more]) {
    each.hidden = true
  }
  const tools = el('div', { class: 'tools' }, field(t('people.find'), find), field(t('people.order'), order))
  const element = el(
    'section',
    { class: 'people', 'aria-labelledby': 'people', 'aria-busy': 'true' },
    el('div', { class: 'title' }, heading, tools),
    ...[announcement, problem, none, list, more],
  )
  let all: readonly Person[] = []
  let isExpanded = false
  let announcedAt = Number.NEGATIVE_INFINITY

  const draw = (): void => {
    const chosen = choosePeople(all, {
      text: find.value,
      order: PEOPLE_ORDERS.find((each) => each === order.value) ?? 'state',
      compare,
    })
    const focused = element.contains(document.activeElement) ? document.activeElement : null
    tiles.show(isExpanded ? chosen : chosen.slice(0, LENGTH))
    // A tile that was moved has lost it.
    if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement) {
      focused.focus({ preventScroll: true })
    }
    none.hidden = chosen.length > 0
    write(none, t(all.length === 0 ? 'people.none' : 'people.notFound'))
    more.hidden = chosen.length <= LENGTH
    more.setAttribute('aria-expanded', String(isExpanded))
    write(more, t(isExpanded ? 'callers.fewer' : 'callers.all', { count: i18n.number(chosen.length) }))
  }
  find.addEventListener('input', draw)
  order.addEventListener('change', draw)
  more.addEventListener('click', () => {
    isExpanded = !isExpanded
    draw()
  })
  return {
    element,
    showProblem(text: string): void {
      if (text !== '') {
        element.removeAttribute('aria-busy')
      }
      writeOrHide(problem, text)
    },
    show(people: readonly Person[]): void {
      element.removeAttribute('aria-busy')
      all = people
      const counts = [...countPeople(people)].map(([state, number]) =>
        [i18n.number(number), state === null ? t('agents.unknown') : i18n.value('count', state)].join(' '),
      )
      write(count, counts.join(' · '))
      draw()
    },
    tick(now: number): void {
      for (const each of tiles.all()) {
        each.tick(now)
      }
      if (now - announcedAt >= ANNOUNCE_INTERVAL_MS) {
        announcedAt = now
        const free = countPeople(all).get('free') ?? 0
        const numbers = { free: i18n.number(free), count: i18n.number(all.length) }
        write(announcement, all.length === 0 ? '' : t('agents.free', numbers))
      }
    },
  }
}
