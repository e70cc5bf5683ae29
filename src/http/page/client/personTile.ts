// A tile: one person at a phone, what they do and with whom, and their figures of the period. A click anywhere opens their calls.

import { createBar } from './bar.ts'
import { el, figure, write } from './dom.ts'
import { DASH, type I18n } from './i18n.ts'
import { type Navigation, withoutSearch } from './navigation.ts'
import type { Person } from './peopleList.ts'

export interface PersonTile {
  readonly element: HTMLElement
  show(person: Person): void
  /** Updates the clock; `now`: the server's time, epoch ms. */
  tick(now: number): void
}

export interface PersonTileDependencies {
  readonly i18n: I18n
  readonly navigation: Navigation
  /** The server's time, epoch ms. */
  readonly now: () => number
  /** The id of the channel of a call that the user opens. */
  readonly onOpen: (call: string) => void
}

export function createPersonTile(phone: string, { i18n, navigation, now, onOpen }: PersonTileDependencies): PersonTile {
  const { t } = i18n
  const link = navigation.link(
    { place: 'calls', filters: withoutSearch({ operator: phone }) },
    { class: 'person', 'aria-label': t('people.callsOf', { phone }) },
    phone,
  )
  const [name, state, clock] = [
    el('span', { class: 'name' }),
    el('span', { class: 'state' }),
    el('span', { class: 'clock' }),
  ]
  const call = el('button', { type: 'button' })
  const partner = el('p', { class: 'with' })
  const [about, queues] = [el('span', { class: 'about' }), el('p', { class: 'muted of-queues' })]
  const occupancy = createOccupancy(i18n)
  const figures = createFigures(i18n)
  let shown: Person | null = null
  partner.append(call, ' ', about)
  call.addEventListener('click', () => {
    if (shown?.call != null) {
      onOpen(shown.call.call_id)
    }
  })
  const tick = (at: number): void => {
    const since = shown?.since ?? null
    write(clock, since === null ? '' : i18n.clock((at - Date.parse(since)) / 1000))
  }
  const element = el(
    'li',
    { class: 'card tile' },
    el('p', { class: 'tile-name' }, link, ' ', name),
    el('p', { class: 'doing' }, state, ' ', clock),
    ...[partner, queues, occupancy.element, figures.element],
  )
  return {
    element,
    tick,
    show(next) {
      shown = next
      element.dataset['state'] = next.state ?? 'unknown'
      write(name, next.name)
      write(state, next.state === null ? t('agents.unknown') : i18n.value('state', next.state))
      tick(now())
      call.hidden = next.call === null
      write(call, next.call === null ? '' : next.call.number || t('agents.call'))
      call.setAttribute('aria-label', t('agents.open', { agent: phone, other: next.call?.number ?? '' }))
      write(about, next.call?.name ?? next.pauseReason ?? '')
      partner.hidden = call.hidden && about.textContent === ''
      write(queues, next.queues.join(', '))
      occupancy.show(next.occupancy)
      figures.show(next.figures)
    },
  }
}

function createOccupancy(i18n: I18n) {
  const bar = createBar()
  const share = el('span', { class: 'share' })
  const element = el('p', { class: 'occupancy-bar' }, bar.element, share)
  let shown: number | null | undefined
  return {
    element,
    show(occupancy: number | null): void {
      if (occupancy !== shown) {
        shown = occupancy
        element.hidden = occupancy === null
        bar.set(occupancy ?? 0, (occupancy ?? 0) > FULL ? 'soon' : 'calm')
        write(share, i18n.t('people.occupancy', { share: i18n.share(occupancy) }))
      }
    },
  }
}

/** Whoever is busy longer than this has hardly a break between calls. */
const FULL = 0.85

function createFigures(i18n: I18n) {
  const { t } = i18n
  const offered = figure(t('column.offered'))
  const answered = figure(t('column.answered'))
  const missed = figure(t('column.missed'))
  const talk = figure(t('column.duration'))
  let shown: Person['figures'] | undefined
  return {
    element: el('dl', { class: 'card-figures' }, ...[offered, answered, missed, talk].map(({ element }) => element)),
    show(figures: Person['figures']): void {
      if (figures === shown) {
        return
      }
      shown = figures
      offered.set(figures === null ? DASH : i18n.number(figures.offered))
      answered.set(figures === null ? DASH : i18n.number(figures.answered))
      missed.set(figures === null ? DASH : i18n.number(figures.missed))
      missed.element.dataset['some'] = String((figures?.missed ?? 0) > 0)
      talk.set(figures === null ? DASH : i18n.clock(figures.talk_seconds))
    },
  }
}
