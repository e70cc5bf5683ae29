// The last calls: searched, filtered, page by page, and refreshed while calls start and end.
//
// The server decides which calls match. After a change the list requests the first page again, at most every two seconds.

import { type Api, errorText } from './api.ts'
import { NO_PAGES, withFresh, withOlder } from './callPages.ts'
import { createCallTable } from './callTable.ts'
import { today } from './clock.ts'
import { createCsvLink } from './csvLink.ts'
import { el, write } from './dom.ts'
import type { EntryId } from './entries.ts'
import { createFilterForm } from './filterForm.ts'
import { apiQueryOf, type Filters } from './filters.ts'
import type { I18n } from './i18n.ts'
import { createLatestRequest } from './latestRequest.ts'

export interface CallList {
  readonly section: HTMLElement
  setFilters(filters: Filters): void
  /** Moves the focus to the list. */
  focus(): void
  /** A call changed: loads the first page again soon. */
  refreshSoon(): void
}

export interface CallListDependencies {
  readonly i18n: I18n
  readonly api: Api
  readonly isFleet: boolean
  /** The user opened the call with this row id. */
  readonly onOpen: (id: EntryId) => void
  /** The user changed the form. */
  readonly onFilter: (filters: Filters) => void
}

const PAGE_SIZE = 50
/** Pages without a match that are loaded in a row before the user must press "Load more". */
const MAX_EMPTY_PAGES = 20
/** The end of a call is in the call log within 50 ms, and the request writes everything else. */
const WRITE_DELAY_MS = 300

export function createCallList({ i18n, api, isFleet, onOpen, onFilter }: CallListDependencies): CallList {
  const { t } = i18n
  const table = createCallTable(i18n, isFleet, onOpen)
  const form = createFilterForm(i18n, onFilter)
  const note = el('p', { class: 'muted', role: 'status' })
  const more = el('button', { type: 'button', class: 'more' }, t('calls.more'))
  let filters: Filters | null = null
  const csv = createCsvLink(i18n, {
    list: 'calls',
    label: t('calls.title'),
    query: () => filters && apiQueryOf(filters, today()),
  })
  let pages = NO_PAGES
  let hasError = false
  const request = createLatestRequest(() => load('fresh'))

  const load = async (what: 'new' | 'fresh' | 'older', emptyPagesLeft = MAX_EMPTY_PAGES): Promise<void> => {
    const signal = request.begin()
    const result = await api.calls(pageQuery(filters, what === 'older' ? pages.next : null), signal)
    if (result.kind === 'cancelled') {
      return
    }
    section.removeAttribute('aria-busy')
    if (result.kind !== 'ok') {
      hasError = true
      return void write(note, errorText(result, i18n))
    }
    const merge = what === 'older' ? withOlder : withFresh
    const before = what === 'new' ? 0 : pages.calls.length
    pages = merge(what === 'new' ? NO_PAGES : pages, result.value)
    show(what !== 'fresh')
    // A page covers a bounded part of the log and may contain no match.
    if (what !== 'fresh' && pages.calls.length === before && pages.next !== null && emptyPagesLeft > 1) {
      await load('older', emptyPagesLeft - 1)
    }
  }
  const show = (isRequested: boolean): void => {
    const { calls, next } = pages
    table.show(calls)
    more.hidden = next === null
    // Screen readers announce the note, but not what a refresh alone changes.
    note.setAttribute('aria-live', isRequested || calls.length === 0 || hasError ? 'polite' : 'off')
    hasError = false
    const isFiltered = filters !== null && apiQueryOf(filters, today()).size > 0
    const emptyText = t(isFiltered ? 'calls.none' : 'calls.empty')
    write(note, calls.length > 0 ? i18n.counted('calls.count', calls.length) : emptyText)
  }
  more.addEventListener('click', () => void load('older'))
  const heading = el('h2', { id: 'calls', tabindex: '-1' }, t('calls.title'))
  const section = el(
    'section',
    { class: 'calls', 'aria-labelledby': 'calls' },
    el('div', { class: 'title' }, heading, csv.element),
    form.element,
    note,
    table.element,
    more,
  )
  return {
    section,
    setFilters(next) {
      form.set(next)
      if (JSON.stringify(next) === JSON.stringify(filters)) {
        return
      }
      filters = next
      csv.update()
      section.setAttribute('aria-busy', 'true')
      void load('new')
    },
    focus: () => heading.focus(),
    refreshSoon: () => request.soon(WRITE_DELAY_MS),
  }
}

function pageQuery(filters: Filters | null, cursor: string | null): URLSearchParams {
  const query = filters === null ? new URLSearchParams() : apiQueryOf(filters, today())
  query.set('limit', String(PAGE_SIZE))
  if (cursor !== null) {
    query.set('cursor', cursor)
  }
  return query
}
