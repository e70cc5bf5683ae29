// The last calls: searched, filtered, page by page, and refreshed while calls start and end.
//
// The server decides which calls match. After a change the list requests the first page again, at most every two seconds.

import type { Total } from '../../../query/schema.ts'
import { type Api, errorText } from './api.ts'
import { NO_PAGES, withFresh, withOlder } from './callPages.ts'
import { createCallTable } from './callTable.ts'
import { createCallTools } from './callTools.ts'
import { totalText } from './callTotal.ts'
import { today } from './clock.ts'
import { createCsvLink } from './csvLink.ts'
import { el, write } from './dom.ts'
import type { EntryId, LiveCall } from './entries.ts'
import { apiQueryOf, type Filters, NO_FILTERS, PERIODS } from './filters.ts'
import type { I18n } from './i18n.ts'
import { createKnownNames } from './knownNames.ts'
import { createLatestRequest } from './latestRequest.ts'
import { suggestionsOf } from './searchSuggestions.ts'

export interface CallList {
  readonly section: HTMLElement
  setFilters(filters: Filters): void
  /** Moves the focus to the list. */
  focus(): void
  /** Moves it to the search box. */
  focusSearch(): void
  /** A call changed: loads the first page again soon. */
  refreshSoon(): void
  /** The calls of the list before and after the one with this id, or this id of its channel; null where there is none. */
  neighbours(id: string): Neighbours
}

export interface Neighbours {
  readonly newer: EntryId | null
  readonly older: EntryId | null
}

export interface CallListDependencies {
  readonly i18n: I18n
  readonly api: Api
  readonly isFleet: boolean
  /** The calls in progress. */
  readonly live: () => Iterable<LiveCall>
  /** The user opened the call with this row id. */
  readonly onOpen: (id: EntryId) => void
  /** The user changed the filters. */
  readonly onFilter: (filters: Partial<Filters>) => void
}

const PAGE_SIZE = 50
/** Pages without a match that are loaded in a row before the user must press "Load more". */
const MAX_EMPTY_PAGES = 20
/** The end of a call is in the call log within 50 ms, and the request writes everything else. */
const WRITE_DELAY_MS = 300

export function createCallList({ i18n, api, isFleet, live, onOpen, onFilter }: CallListDependencies): CallList {
  const { t } = i18n
  const table = createCallTable({ i18n, isFleet, onOpen, onOrder: (order) => onFilter({ order }) })
  const names = createKnownNames(api, isFleet)
  const note = el('p', { class: 'muted', role: 'status' })
  const more = el('button', { type: 'button', class: 'more' }, t('calls.more'))
  const longer = el('div', { class: 'tools longer', role: 'group', 'aria-label': t('calls.longer') })
  let filters: Filters | null = null
  const csv = createCsvLink(i18n, {
    list: 'calls',
    label: t('calls.title'),
    query: () => filters && apiQueryOf(filters, today()),
  })
  const tools = createCallTools({
    i18n,
    suggest(text, onNames) {
      void names.load().then((isNew) => isNew && onNames())
      return suggestionsOf(text, names.known(live()), i18n)
    },
    onChange: onFilter,
    beside: [csv.element],
  })
  let pages = NO_PAGES
  let total: Total | null = null
  let hasError = false
  // Fresh calls come first only if the newest do; of another order, the first page is loaded again while there is no other.
  const refresh = async (): Promise<void> => {
    if (filters?.order === 'newest') {
      await load('fresh')
    } else if (pages.calls.length <= PAGE_SIZE) {
      await load('new', 1)
    }
  }
  const request = createLatestRequest(refresh)

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
    names.add(result.value.calls)
    const merge = what === 'older' ? withOlder : withFresh
    const before = what === 'new' ? 0 : pages.calls.length
    pages = merge(what === 'new' ? NO_PAGES : pages, result.value)
    total = result.value.total ?? total
    show(what !== 'fresh')
    // A page covers a bounded part of the log and may contain no match.
    if (what !== 'fresh' && pages.calls.length === before && pages.next !== null && emptyPagesLeft > 1) {
      await load('older', emptyPagesLeft - 1)
    }
  }
  const show = (isRequested: boolean): void => {
    const { calls, next } = pages
    table.show(calls, filters?.order ?? NO_FILTERS.order)
    more.hidden = next === null
    // Screen readers announce the note, but not what a refresh alone changes.
    note.setAttribute('aria-live', isRequested || calls.length === 0 || hasError ? 'polite' : 'off')
    hasError = false
    write(note, calls.length > 0 ? totalText(calls.length, total, i18n) : emptyText(filters, i18n))
    longer.hidden = calls.length > 0 || next !== null
    longer.replaceChildren(...(longer.hidden ? [] : longerButtons(filters, i18n, onFilter)))
  }
  more.addEventListener('click', () => void load('older'))
  const heading = el('h2', { id: 'calls', tabindex: '-1' }, t('calls.title'))
  const section = el(
    'section',
    { class: 'calls', 'aria-labelledby': 'calls' },
    tools.element,
    el('div', { class: 'title' }, heading, note),
    longer,
    table.element,
    more,
  )
  return {
    section,
    setFilters(next) {
      tools.set(next)
      if (JSON.stringify(next) === JSON.stringify(filters)) {
        return
      }
      filters = next
      csv.update()
      section.setAttribute('aria-busy', 'true')
      void load('new')
    },
    focus: () => heading.focus(),
    focusSearch: tools.focusSearch,
    refreshSoon: () => request.soon(WRITE_DELAY_MS),
    neighbours(id) {
      const { calls } = pages
      const index = calls.findIndex((call) => String(call.id) === id || call.channel_id === id)
      return {
        newer: (index < 0 ? undefined : calls[index - 1]?.id) ?? null,
        older: (index < 0 ? undefined : calls[index + 1]?.id) ?? null,
      }
    },
  }
}

function pageQuery(filters: Filters | null, cursor: string | null): URLSearchParams {
  const query = filters === null ? new URLSearchParams() : apiQueryOf(filters, today())
  query.set('limit', String(PAGE_SIZE))
  if (cursor === null) {
    query.set('total', 'true')
  } else {
    query.set('cursor', cursor)
  }
  return query
}

function emptyText(filters: Filters | null, { t }: I18n): string {
  if (filters === null || apiQueryOf(filters, today()).size === 0) {
    return t('calls.empty')
  }
  const isSearched = apiQueryOf({ ...filters, period: 'all' }, today()).size > 0
  const text = t(isSearched ? 'calls.none' : 'calls.noneThen')
  return filters.period === 'all' ? text : t('calls.inPeriod', { text, period: t(`period.${filters.period}`) })
}

// Longer periods than that of the page, in which there may be calls.
function longerButtons(
  filters: Filters | null,
  { t }: I18n,
  onFilter: (filters: Partial<Filters>) => void,
): readonly HTMLElement[] {
  const shown = filters?.period ?? 'all'
  const isLonger = (period: 'week' | 'all'): boolean =>
    shown !== 'all' && (shown === 'custom' || PERIODS.indexOf(period) > PERIODS.indexOf(shown))
  return (['week', 'all'] as const).filter(isLonger).map((period) => {
    const button = el('button', { type: 'button' }, t(`period.${period}`))
    button.addEventListener('click', () => onFilter({ period, from: '', to: '' }))
    return button
  })
}
