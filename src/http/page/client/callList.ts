// The last calls: searched, filtered, page by page, and kept up to date while calls come and go.
//
// The server decides what matches; the list asks it again, not more often than every two seconds, when something
// happened. Rows are kept by their call's id, so focus stays where it is.

import type { CallEntry } from '../../../query/schema.ts'
import { type Answer, type Api, csvAddress } from './api.ts'
import { NO_PAGES, withFresh, withOlder } from './callPages.ts'
import { ticks, today } from './clock.ts'
import { el, row, setChildren, table, write } from './dom.ts'
import { createFilterForm } from './filterForm.ts'
import { apiQueryOf, type Filters } from './filters.ts'
import { DASH, type I18n } from './i18n.ts'
import { partnersOf } from './partners.ts'

export interface CallList {
  readonly section: HTMLElement
  /** Looks for something else. */
  look(filters: Filters): void
  /** Something happened: asks again soon. */
  refreshSoon(): void
}

export interface CallListDependencies {
  readonly i18n: I18n
  readonly api: Api
  readonly open: (id: number) => void
  /** The reader changed the form. */
  readonly filtered: (filters: Filters) => void
}

const PAGE = 50
const MIN_REFRESH_MS = 2_000
/** Pages without a call that are passed over before the reader is asked whether to look further. */
const MAX_EMPTY_PAGES = 20
/** The log writes within 50 ms. */
const WRITE_DELAY_MS = 300

export function createCallList({ i18n, api, open, filtered }: CallListDependencies): CallList {
  const { t } = i18n
  const columns = columnsOf(i18n)
  const { element, body } = table(t('calls.title'), columns)
  const form = createFilterForm(i18n, filtered)
  const note = el('p', { class: 'quiet', role: 'status' })
  const more = el('button', { type: 'button', class: 'more' }, t('calls.more'))
  const csv = el('a', { class: 'csv', download: '' }, t('calls.csv'))
  const rows = new Map<number, { readonly element: HTMLTableRowElement; readonly text: string }>()
  let filters: Filters | null = null
  let pages = NO_PAGES
  let request = new AbortController()
  let requestedAt = 0
  let waiting: ReturnType<typeof setTimeout> | undefined

  const question = (cursor: string | null): URLSearchParams => {
    const query = filters === null ? new URLSearchParams() : apiQueryOf(filters, today())
    query.set('limit', String(PAGE))
    if (cursor !== null) {
      query.set('cursor', cursor)
    }
    return query
  }
  const ask = async (how: 'anew' | 'fresh' | 'older', emptyPagesLeft = MAX_EMPTY_PAGES): Promise<void> => {
    request.abort()
    request = new AbortController()
    clearTimeout(waiting)
    waiting = undefined
    requestedAt = ticks()
    const answer = await api.calls(question(how === 'older' ? pages.next : null), request.signal)
    if (answer.kind === 'cancelled') {
      return
    }
    section.removeAttribute('aria-busy')
    if (answer.kind !== 'answer') {
      return void write(note, errorText(answer, i18n))
    }
    const merge = how === 'older' ? withOlder : withFresh
    const before = how === 'anew' ? 0 : pages.calls.length
    pages = merge(how === 'anew' ? NO_PAGES : pages, answer.value)
    show(how !== 'fresh')
    // The log looks through a stretch at a time, and nothing may match in it.
    if (how !== 'fresh' && pages.calls.length === before && pages.next !== null && emptyPagesLeft > 1) {
      await ask('older', emptyPagesLeft - 1)
    }
  }
  const isNarrowed = (): boolean => filters !== null && apiQueryOf(filters, today()).size > 0
  const show = (aloud: boolean): void => {
    const { calls, next } = pages
    const ids = new Set(calls.map(({ id }) => id))
    for (const id of rows.keys()) {
      if (!ids.has(id)) {
        rows.delete(id)
      }
    }
    const wanted = calls.map((call) => {
      const text = JSON.stringify(call)
      const known = rows.get(call.id)
      if (known?.text === text) {
        return known.element
      }
      const made =
        known?.element ??
        row(
          columns,
          columns.map(() => []),
        )
      fill(made, call, { i18n, open })
      rows.set(call.id, { element: made, text })
      return made
    })
    setChildren(body, wanted)
    element.hidden = calls.length === 0
    more.hidden = next === null
    // What changes by itself is not said aloud each time.
    if (aloud || calls.length === 0 || note.dataset['error'] !== undefined) {
      write(
        note,
        calls.length > 0 ? i18n.counted('calls.count', calls.length) : t(isNarrowed() ? 'calls.none' : 'calls.empty'),
      )
    }
  }
  // A period ends now, whenever that is: the link is made anew before it is followed or copied.
  const renewCsv = (): void => {
    if (filters !== null) {
      csv.href = csvAddress(apiQueryOf(filters, today()))
    }
  }
  for (const event of ['pointerdown', 'focus', 'contextmenu', 'click']) {
    csv.addEventListener(event, renewCsv)
  }
  more.addEventListener('click', () => void ask('older'))
  const section = el(
    'section',
    { class: 'calls', 'aria-labelledby': 'calls', id: 'last' },
    el('div', { class: 'title' }, el('h2', { id: 'calls' }, t('calls.title')), csv),
    form.element,
    note,
    element,
    more,
  )
  return {
    section,
    look(wanted) {
      form.set(wanted)
      if (JSON.stringify(wanted) === JSON.stringify(filters)) {
        return
      }
      filters = wanted
      renewCsv()
      section.setAttribute('aria-busy', 'true')
      void ask('anew')
    },
    refreshSoon() {
      waiting ??= setTimeout(() => void ask('fresh'), Math.max(WRITE_DELAY_MS, requestedAt + MIN_REFRESH_MS - ticks()))
    },
  }
}

/** What to say when there is no answer. */
export function errorText(answer: Exclude<Answer<unknown>, { kind: 'answer' | 'cancelled' }>, { t }: I18n): string {
  return answer.kind === 'refused' ? t('error.refused', { why: answer.why }) : t('error.network')
}

function columnsOf({ t }: I18n) {
  return [
    { label: t('column.time') },
    { label: t('column.direction') },
    { label: t('column.caller') },
    { label: t('column.callee') },
    { label: t('column.who') },
    { label: t('column.result') },
    { label: t('column.duration'), kind: 'number' },
  ] as const
}

interface Filling {
  readonly i18n: I18n
  readonly open: (id: number) => void
}

function fill(made: HTMLTableRowElement, call: CallEntry, { i18n, open }: Filling): void {
  const time = i18n.time(call.start_time)
  const label = i18n.t('calls.open', { caller: call.caller, callee: call.callee, time })
  const known = made.querySelector('button')
  const button = known ?? el('button', { type: 'button', class: 'open' })
  // Once: a button that is moved loses its focus.
  if (known === null) {
    made.cells[0]?.append(button)
    button.addEventListener('click', () => open(call.id))
    made.addEventListener('click', ({ target }) => {
      // A convenience for the mouse; text that is being marked is left alone.
      if (target !== button && getSelection()?.isCollapsed !== false) {
        open(call.id)
      }
    })
  }
  button.setAttribute('aria-label', label)
  write(button, time)
  made.dataset['status'] = call.status
  made.dataset['missed'] = String(call.missed)
  const cells: readonly (readonly (Node | string)[])[] = [
    [i18n.value('direction', call.direction)],
    [numberOf(call.caller), ' ', el('span', { class: 'name' }, call.caller_name)],
    [numberOf(call.callee)],
    [el('span', { class: 'who' }, partnersOf(call, i18n))],
    [el('span', { class: 'result' }, resultOf(call, i18n))],
    [call.answer_time === null || call.end_time === null ? DASH : i18n.clock(call.duration)],
  ]
  cells.forEach((children, index) => {
    made.cells[index + 1]?.replaceChildren(...children)
  })
}

// Shortened by the style when it is too long for a number; then the whole is shown at rest of the mouse, and in the story.
function numberOf(number: string): HTMLElement {
  return el('span', { class: 'number', title: number.length > 18 ? number : undefined }, number || DASH)
}

/** How it ended, or what it does. */
export function resultOf({ disposition, status }: Pick<CallEntry, 'disposition' | 'status'>, i18n: I18n): string {
  if (disposition !== null) {
    return i18n.value('result', disposition)
  }
  return i18n.value('state', status === 'answered' ? 'talking' : status)
}
