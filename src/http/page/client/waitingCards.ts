// Beside the live calls: the missed callers who have waited longest, and the queues in which somebody waits.

import { el, keyedList, write } from './dom.ts'
import type { Caller } from './entries.ts'
import type { I18n } from './i18n.ts'
import type { WaitingQueue } from './liveOrder.ts'
import type { Navigation } from './navigation.ts'
import { telUrl } from './phoneNumber.ts'
import { createMeter } from './sparkline.ts'
import { LATE_S, levelOfWait } from './tiles.ts'

export interface WaitingCards {
  readonly element: HTMLElement
  /** Of each, null: not known. Of the callers, those who have waited longest. */
  show(
    callers: { readonly count: number; readonly first: readonly Caller[] } | null,
    queues: readonly WaitingQueue[] | null,
  ): void
  /** Updates the clocks; `now`: the server's time, epoch ms. */
  tick(now: number): void
}

/** So many callers are shown. */
const MOST_CALLERS = 5

export function createWaitingCards(i18n: I18n, isFleet: boolean, navigation: Navigation): WaitingCards {
  const { t } = i18n
  const callerList = el('ul', { class: 'waits' })
  const queueList = el('ul', { class: 'waits' })
  const callers = keyedList(callerList, {
    keyOf: ({ id }: Caller) => id,
    create: (caller) => createCaller(caller, i18n, isFleet),
    update: (row, caller) => row.show(caller),
  })
  const queues = keyedList(queueList, {
    keyOf: ({ queue }: WaitingQueue) => queue,
    create: ({ queue }) => createQueue(queue, i18n),
    update: (row, queue) => row.show(queue),
  })
  const noCaller = el('p', { class: 'muted' })
  const noQueue = el('p', { class: 'muted' })
  const all = navigation.link({ place: 'missed' }, { class: 'all' }, t('waiting.all'))
  const card = (name: string, title: string, ...parts: readonly Node[]): HTMLElement =>
    el(
      'section',
      { class: `now-card ${name}`, 'aria-labelledby': `waiting-${name}` },
      el('h2', { id: `waiting-${name}` }, title),
      ...parts,
    )
  return {
    element: el(
      'div',
      { class: 'waiting-cards' },
      card('in-queues', t('waiting.queues'), noQueue, queueList),
      card('to-call-back', t('waiting.callers'), noCaller, callerList, all),
    ),
    show(known, waiting) {
      callers.show((known?.first ?? []).slice(0, MOST_CALLERS))
      noCaller.hidden = known !== null && known.count > 0
      write(noCaller, t(known === null ? 'agents.unknown' : 'callers.nobody'))
      all.hidden = (known?.count ?? 0) <= MOST_CALLERS
      queues.show(waiting ?? [])
      noQueue.hidden = waiting !== null && waiting.length > 0
      write(noQueue, t(waiting === null ? 'agents.unknown' : 'waiting.noQueue'))
    },
    tick(now) {
      for (const each of [...callers.all(), ...queues.all()]) {
        each.tick(now)
      }
    },
  }
}

function createCaller(caller: Caller, i18n: I18n, isFleet: boolean) {
  let shown = caller
  const clock = el('span', { class: 'clock' })
  const number = el('a', { class: 'tel' })
  const name = el('span', { class: 'name' })
  const site = el('span', { class: 'site muted' })
  return {
    element: el('li', {}, number, name, ...(isFleet ? [site] : []), clock),
    show(next: Caller): void {
      shown = next
      write(number, next.number)
      const address = telUrl(next.number)
      if (address === undefined) {
        number.removeAttribute('href')
      } else {
        number.href = address
        number.setAttribute('aria-label', i18n.t('callers.dial', { caller: next.number }))
      }
      write(name, next.name)
      name.title = next.name
      write(site, next.site ?? '')
    },
    tick(now: number): void {
      write(clock, i18n.clock((now - Date.parse(shown.first_miss_time)) / 1000))
    },
  }
}

function createQueue(queue: string, i18n: I18n) {
  let since = 0
  const clock = el('span', { class: 'clock' })
  const count = el('span', { class: 'count' })
  const meter = createMeter()
  const element = el('li', { class: 'queue-wait' }, el('span', { class: 'title' }, queue), count, clock, meter.element)
  return {
    element,
    show(next: WaitingQueue): void {
      since = next.since
      write(count, i18n.t('tile.waiting', { count: i18n.number(next.waiting) }))
    },
    tick(now: number): void {
      const wait = Math.max(0, (now - since) / 1000)
      write(clock, i18n.clock(wait))
      element.dataset['level'] = levelOfWait(wait)
      meter.show([['wait', wait]], LATE_S * 2)
    },
  }
}
