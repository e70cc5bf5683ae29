// The two tables of missed callers: who waits, each with a running clock, and who was closed, how and by whom.
//
// A row is reused as long as its caller is in the table, so that focus and scroll position stay.

import { siteElement } from './callTable.ts'
import { type Column, el, row, write } from './dom.ts'
import type { Caller } from './entries.ts'
import { DASH, type I18n } from './i18n.ts'
import { telUrl } from './phoneNumber.ts'
import { createShortTable, type ShortTable, type TableRow } from './shortTable.ts'

/** What the user can open from a row. */
export interface CallerActions {
  /** The calls from and to the number. */
  readonly onCalls: (number: string) => void
  /** The user wants to call this number back; null: nobody may. */
  readonly onCallBack: ((number: string) => void) | null
  /** One call: its row, or the id of its channel. */
  readonly onOpen: (call: string) => void
}

export interface WaitingRow extends TableRow<Caller> {
  /** Updates the clock; `now`: the server's time, epoch ms. */
  tick(now: number): void
}

const WAITING_LENGTH = 10
const CLOSED_LENGTH = 5
/** Whoever has waited longer without a call is shown as a warning, and then as a problem, as the alert AsteriskCallbackLate sees it. */
const FAIR_WAIT_MS = 900_000
const LONG_WAIT_MS = 3_600_000
/** A row for a caller who was closed so recently appears marked. */
const JUST_NOW_MS = 10_000

/** Who waits to be called back. */
export function createWaitingTable({
  i18n,
  isFleet,
  onCalls,
  onCallBack,
  now,
}: TableDependencies<'onCalls' | 'onCallBack'>): ShortTable<Caller, WaitingRow> {
  const { t } = i18n
  const columns: readonly Column[] = [
    { label: t('column.waits'), kind: 'number' },
    ...(isFleet ? [{ label: t('column.site') }] : []),
    { label: t('column.caller') },
    { label: t('column.called') },
    { label: t('column.attempts'), kind: 'number' },
    { label: t('column.tries'), kind: 'number' },
    { label: t('column.control'), kind: 'action' },
  ]
  return createShortTable({
    ...{ i18n, columns, name: 'waiting', label: t('callers.title'), length: WAITING_LENGTH },
    keyOf: ({ id }: Caller) => id,
    create: (caller) => createWaitingRow(caller, { i18n, isFleet, columns, onCalls, onCallBack, now }),
  })
}

/** Who was closed. */
export function createClosedTable({
  i18n,
  isFleet,
  onOpen,
  now,
}: TableDependencies<'onOpen'>): ShortTable<Caller, TableRow<Caller>> {
  const { t } = i18n
  const columns: readonly Column[] = [
    { label: t('column.closed') },
    ...(isFleet ? [{ label: t('column.site') }] : []),
    { label: t('column.caller') },
    { label: t('column.outcome') },
    { label: t('column.closedBy') },
    { label: t('column.after'), kind: 'number' },
    { label: t('column.attempts'), kind: 'number' },
  ]
  return createShortTable({
    ...{ i18n, columns, name: 'closed', label: t('callers.closed'), length: CLOSED_LENGTH },
    keyOf: ({ id }: Caller) => id,
    create: (caller) => createClosedRow(caller, { i18n, isFleet, columns, onOpen, now }),
  })
}

type TableDependencies<Action extends keyof CallerActions> = Pick<CallerActions, Action> & {
  readonly i18n: I18n
  readonly isFleet: boolean
  /** The server's time, epoch ms. */
  readonly now: () => number
}

type RowDependencies<Action extends keyof CallerActions> = TableDependencies<Action> & {
  readonly columns: readonly Column[]
}

function createWaitingRow(
  caller: Caller,
  { i18n, isFleet, columns, onCalls, onCallBack, now }: RowDependencies<'onCalls' | 'onCallBack'>,
): WaitingRow {
  let shown = caller
  const clock = el('span', { class: 'clock' })
  // Without control, the link that dials is the action of the row.
  const number = createNumber(i18n, { isLink: onCallBack !== null })
  const [called, attempts, tries] = [el('span', { class: 'partners' }), el('span'), el('span')]
  const calls = el('button', { type: 'button', class: 'history' }, i18n.t('callers.calls'))
  const callBack = el('button', { type: 'button', class: 'call-back' }, i18n.t('control.callBack'))
  callBack.addEventListener('click', () => onCallBack?.(shown.number))
  calls.addEventListener('click', () => onCalls(shown.number))
  const site = siteCells(caller, isFleet)
  const dial = el('a', { class: 'call-back' }, i18n.t('control.call'))
  const actions = [onCallBack === null ? dial : callBack, ' ', calls]
  const cells = [[clock], ...site, [number.link, ' ', number.name], [called], [attempts], [tries], actions]
  const element = row(columns, cells)
  number.link.closest('td')?.classList.add('who')
  called.closest('td')?.classList.add('called')
  const tick = (at: number): void => {
    write(clock, i18n.clock((at - Date.parse(shown.first_miss_time)) / 1000))
    const untriedSince = shown.untried_since === null ? at : Date.parse(shown.untried_since)
    const untriedMs = at - untriedSince
    element.dataset['wait'] = untriedMs > LONG_WAIT_MS ? 'long' : untriedMs > FAIR_WAIT_MS ? 'fair' : 'short'
  }
  return {
    element,
    tick,
    show(next) {
      shown = next
      tick(now())
      number.show(next)
      write(called, calledOf(next))
      write(attempts, i18n.number(next.attempts))
      write(tries, i18n.number(next.tries))
      element.dataset['tried'] = String(next.tries > 0)
      const address = telUrl(next.number)
      callBack.hidden = address === undefined
      dial.hidden = address === undefined
      setLink(dial, address, i18n.t('callers.dial', { caller: next.number }))
      callBack.setAttribute('aria-label', i18n.t('control.callBackTo', { caller: next.number }))
      calls.setAttribute('aria-label', i18n.t('callers.callsOf', { caller: next.number }))
    },
  }
}

function createClosedRow(
  caller: Caller,
  { i18n, isFleet, columns, onOpen, now }: RowDependencies<'onOpen'>,
): TableRow<Caller> {
  let shown = caller
  const { t } = i18n
  const time = el('button', { type: 'button' })
  const number = createNumber(i18n, { isLink: true })
  const [outcome, by, after, attempts] = [el('span', { class: 'result' }), el('span'), el('span'), el('span')]
  time.addEventListener('click', () => {
    const call = callOf(shown)
    if (call !== null) {
      onOpen(call)
    }
  })
  const site = siteCells(caller, isFleet)
  const cells = [[time], ...site, [number.link, ' ', number.name], [outcome], [by], [after], [attempts]]
  const element = row(columns, cells)
  element.classList.toggle('new', now() - Date.parse(caller.closed_time ?? '') < JUST_NOW_MS)
  return {
    element,
    show(next) {
      shown = next
      const closedAt = next.closed_time === null ? DASH : i18n.timeOfDay(next.closed_time)
      element.dataset['outcome'] = next.state
      number.show(next)
      write(time, closedAt)
      // No call closed a caller whose time was over.
      time.disabled = callOf(next) === null
      time.setAttribute('aria-label', t('callers.open', { caller: next.number, time: closedAt }))
      write(outcome, i18n.value('outcome', next.state))
      write(by, next.closed_by_phone ?? DASH)
      write(after, i18n.span(next.waited))
      write(attempts, i18n.number(next.attempts))
    },
  }
}

// The site of a caller never changes.
function siteCells({ site }: Caller, isFleet: boolean): readonly (readonly Element[])[] {
  return isFleet ? [[siteElement(site ?? '')]] : []
}

// A number that can be dialed may be a link by which a phone or a softphone dials it.
function createNumber({ t }: I18n, { isLink }: { readonly isLink: boolean }) {
  const link = el('a', { class: 'tel' })
  const number = el('span', { class: 'number' })
  const name = el('span', { class: 'name' })
  link.append(number)
  return {
    link,
    name,
    show(caller: Caller): void {
      const address = isLink ? telUrl(caller.number) : undefined
      write(number, caller.number)
      write(name, caller.name)
      setLink(link, address, t('callers.dial', { caller: caller.number }))
    },
  }
}

function setLink(link: HTMLAnchorElement, address: string | undefined, label: string): void {
  if (address === undefined) {
    link.removeAttribute('href')
    link.removeAttribute('aria-label')
  } else if (link.getAttribute('href') !== address) {
    link.setAttribute('href', address)
    link.setAttribute('aria-label', label)
  }
}

// Whom the last missed call was for: the queue, and the number.
function calledOf({ queue, called }: Caller): string {
  const parts = [queue ?? '', called].filter((part) => part !== '')
  return parts.length === 0 ? DASH : parts.join(' · ')
}

function callOf({ closed_by_call: id, closed_by: channelId }: Caller): string | null {
  return id === null ? channelId : String(id)
}
