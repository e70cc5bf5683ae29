// The address of the page contains the filters and the open call, and nothing else stores them.
//
// An opened or closed call is a new entry of the browser's history; changed filters replace the current entry.

import { addressOf, callOf, type Filters, filtersOf } from './filters.ts'

export interface Navigation {
  /** Shows what the address names, now and after each step through the history. */
  start(): void
  /** `call`: its row, or the id of its channel. */
  openCall(call: number | string): void
  /** The user closed the dialog of the call. */
  closeCall(): void
  setFilters(filters: Filters): void
}

/** `show` gets the filters and the open call (its row, or the id of its channel) whenever the address changes. */
export function createNavigation(show: (filters: Filters, call: string | null) => void): Navigation {
  const currentFilters = (): Filters => filtersOf(location.search)
  const apply = (): void => {
    // Links from other programs name the call in the fragment.
    const linked = callOf(location.hash)
    if (linked !== null) {
      history.replaceState(null, '', addressOf(currentFilters(), linked))
    }
    show(currentFilters(), callOf(location.search))
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
    setFilters(filters) {
      history.replaceState(null, '', addressOf(filters, null))
      apply()
    },
  }
}
