// The section of missed callers: how many wait and who, in the order that the user chooses, and who was closed today.
//
// Screen readers announce only how many wait, at an interval. If the row that has the focus goes away, the heading gets the focus: the
// next row is another caller, whom the user does not mean.

import { createCsvLink } from './csvLink.ts'
import { el, field, options, problemLine, write, writeOrHide } from './dom.ts'
import type { Caller } from './entries.ts'
import type { I18n } from './i18n.ts'
import { ORDERS, type Order } from './missedCallerList.ts'
import { type CallerActions, createClosedTable, createWaitingTable } from './missedCallerTables.ts'
import { createQueueChoice } from './queueChoice.ts'

export interface MissedCallersView {
  readonly element: HTMLElement
  /** The queries are others. */
  updateQueries(): void
  /** The chosen order. */
  order(): Order
  show(callers: ShownCallers): void
  /** An empty text removes the message. */
  showError(text: string): void
  tick(now: number): void
}

export interface ShownCallers {
  readonly waiting: readonly Caller[]
  /** So many wait besides those in `waiting`. */
  readonly unknownWaiting: number
  readonly closed: readonly Caller[]
  /** False: more were closed than are in `closed`. */
  readonly isClosedComplete: boolean
}

export interface MissedCallersViewDependencies extends CallerActions {
  readonly i18n: I18n
  readonly isFleet: boolean
  /** The server's time, epoch ms. */
  readonly now: () => number
  /** The user chose another order. */
  readonly onOrder: () => void
  /** The queries of the two lists, for their downloads. */
  readonly waitingQuery: (order: Order) => URLSearchParams
  readonly closedQuery: () => URLSearchParams
}

const ANNOUNCE_INTERVAL_MS = 15_000

export function createMissedCallersView(dependencies: MissedCallersViewDependencies): MissedCallersView {
  const { i18n, now, onOrder, waitingQuery, closedQuery } = dependencies
  const { t } = i18n
  const waitingTable = createWaitingTable(dependencies)
  const closedTable = createClosedTable(dependencies)
  const order = el('select', { name: 'callers-order' })
  order.append(...options(ORDERS.map((each) => [each, t(`callers.order.${each}`)] as const)))
  order.addEventListener('change', onOrder)
  const updateQueries = (): void => {
    waitingCsv.update()
    closedCsv.update()
  }
  const queue = createQueueChoice(i18n, () => {
    updateQueries()
    onOrder()
  })
  const [waitingCount, closedCount] = [el('span', { class: 'count' }), el('span', { class: 'count' })]
  const heading = el('h2', { id: 'callers', tabindex: '-1' }, t('callers.title'), ' ', waitingCount)
  const oldest = el('span', { class: 'clock' })
  const oldestTitle = el('p', { class: 'oldest' }, t('callers.oldest'), ' ', oldest)
  const error = problemLine()
  const [nobody, none] = [el('p', { class: 'muted' }), el('p', { class: 'muted' }, t('callers.noneClosed'))]
  write(nobody, t('callers.nobody'))
  const more = el('p', { class: 'muted' })
  const list = 'missed-callers'
  const currentOrder = (): Order => ORDERS.find((each) => each === order.value) ?? 'longest'
  const waitingCsv = createCsvLink(i18n, {
    ...{ list, label: t('callers.title') },
    query: () => queue.narrow(waitingQuery(currentOrder())),
  })
  const closedCsv = createCsvLink(i18n, { list, label: t('callers.closed'), query: () => queue.narrow(closedQuery()) })
  const tools = el('div', { class: 'tools' }, queue.element, field(t('callers.order'), order), waitingCsv.element)
  const closedTitle = el(
    'div',
    { class: 'title closed-title' },
    el('h3', {}, t('callers.closed'), ' ', closedCount),
    closedCsv.element,
  )
  for (const each of [nobody, none, more, closedTitle, oldestTitle]) {
    each.hidden = true
  }
  const announcement = el('p', { class: 'visually-hidden', role: 'status' })
  let announcedAt = Number.NEGATIVE_INFINITY
  let waitingText = ''
  let oldestSince: number | null = null

  const showOldest = (at: number): void => {
    oldestTitle.hidden = oldestSince === null
    write(oldest, oldestSince === null ? '' : i18n.clock((at - oldestSince) / 1000))
  }
  const element = el(
    'section',
    { class: 'callers', 'aria-labelledby': 'callers', 'aria-busy': 'true' },
    el('div', { class: 'title' }, el('div', { class: 'waiting-title' }, heading, oldestTitle), tools),
    ...[announcement, error, nobody, waitingTable.element, more],
    ...[closedTitle, none, closedTable.element],
  )
  return {
    element,
    updateQueries,
    order: currentOrder,
    show({ waiting: allWaiting, unknownWaiting: allUnknown, closed: allClosed, isClosedComplete }) {
      queue.offer([...allWaiting, ...allClosed])
      const [waiting, closed] = [allWaiting.filter(queue.matches), allClosed.filter(queue.matches)]
      const unknownWaiting = queue.isSet() ? 0 : allUnknown
      element.removeAttribute('aria-busy')
      const hadFocus = waitingTable.element.contains(document.activeElement)
      waitingTable.show(waiting)
      if (hadFocus && !waitingTable.element.contains(document.activeElement)) {
        heading.focus()
      }
      closedTable.show(closed)
      closedTitle.hidden = false
      nobody.hidden = waiting.length > 0
      none.hidden = closed.length > 0
      const total = waiting.length + unknownWaiting
      write(waitingCount, i18n.number(total))
      waitingCount.dataset['some'] = String(total > 0)
      oldestSince = oldestOf(waiting)
      showOldest(now())
      write(more, i18n.counted('callers.more', unknownWaiting))
      more.hidden = unknownWaiting === 0
      write(closedCount, `${i18n.number(closed.length)}${isClosedComplete ? '' : '+'}`)
      waitingText = i18n.counted('callers.count', total)
    },
    showError(text) {
      element.removeAttribute('aria-busy')
      writeOrHide(error, text)
    },
    tick(at) {
      showOldest(at)
      for (const each of waitingTable.rows()) {
        each.tick(at)
      }
      if (at - announcedAt >= ANNOUNCE_INTERVAL_MS) {
        announcedAt = at
        write(announcement, waitingText)
      }
    },
  }
}

function oldestOf(waiting: readonly Caller[]): number | null {
  return waiting.length === 0 ? null : Math.min(...waiting.map((caller) => Date.parse(caller.first_miss_time)))
}
