// The address of the page contains the filters and the open call, and nothing else stores them.
//
// An opened or closed call is a new entry of the browser's history; changed filters replace the current entry.

import type { EntryId } from './entries.ts'
import { addressOf, callOf, type Filters, filtersOf, NO_FILTERS } from './filters.ts'

export interface Navigation {
  /** Shows what the address names, now and after each step through the history. */
  start(): void
  /** `call`: its row, or the id of its channel. */
  openCall(call: EntryId): void
  /** The user closed the dialog of the call. */
  closeCall(): void
  setFilters(filters: Filters): void
  /** Shows the calls of all times with this text; the chosen site stays. */
  search(text: string): void
  /** The user chose a period in a chart; the other filters stay. */
  setPeriod(period: Pick<Filters, 'period' | 'from' | 'to'>): void
  /** The user chose a site; an empty text: all. The other filters stay. */
  setSite(site: string): void
}

/** `show` gets the filters and the open call (its row, or the id of its channel) whenever the address changes. */
export function createNavigation(isFleet: boolean, show: (filters: Filters, call: string | null) => void): Navigation {
  // One Asterisk has no sites: its API would refuse the filter.
  const currentFilters = (): Filters => {
    const filters = filtersOf(location.search)
    return isFleet ? filters : { ...filters, site: '' }
  }
  const apply = (): void => {
    // Links from other programs name the call in the fragment.
    const linked = callOf(location.hash)
    if (linked !== null) {
      history.replaceState(null, '', addressOf(currentFilters(), linked))
    }
    show(currentFilters(), callOf(location.search))
  }
  const setFilters = (filters: Filters): void => {
    history.replaceState(null, '', addressOf(filters, null))
    apply()
  }
  return {
    start() {
      addEventListener('popstate', apply)
      apply()
    },
    openCall(call) {
      history.pushState(null, '', addressOf(currentFilters(), String(call)))
      apply()
    },
    closeCall() {
      if (callOf(location.search) !== null) {
        history.pushState(null, '', addressOf(currentFilters(), null))
      }
    },
    setFilters,
    search: (text) => setFilters({ ...NO_FILTERS, site: currentFilters().site, text }),
    setPeriod: (period) => setFilters({ ...currentFilters(), ...period }),
    setSite: (site) => setFilters({ ...currentFilters(), site }),
  }
}
