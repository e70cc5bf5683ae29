// Moves through the page: the address says which place is shown, with which filters, and which call is open.
//
// A step to another place, or to a call, is a new entry of the browser's history; changed filters replace the current entry.

import { type Address, addressOf, callOf, textOf } from './address.ts'
import { type Child, el } from './dom.ts'
import { type Filters, NO_FILTERS } from './filters.ts'

/** What differs from the current address; an open call is closed unless it is named. */
export interface Change {
  readonly place?: Address['place']
  readonly wall?: Address['wall']
  readonly filters?: Partial<Filters>
  readonly call?: string | null
}

export interface Navigation {
  /** Shows what the address names, now and after each step through the history. */
  start(): void
  current(): Address
  /** A new entry of the history. */
  go(change: Change): void
  /** Replaces the entry of the history: the user narrows what is shown. */
  replace(change: Change): void
  /** A link to a change of the address, which follows the period and the site of the page; it can be opened in a new tab. */
  link(
    change: Change,
    attributes?: Readonly<Record<string, string | undefined>>,
    ...children: readonly Child[]
  ): HTMLAnchorElement
}

/** `show` gets the address whenever it changes. */
export function createNavigation(isFleet: boolean, show: (address: Address) => void): Navigation {
  let links: { readonly element: HTMLAnchorElement; readonly change: Change }[] = []
  // One Asterisk has no sites: its API would refuse the filter.
  const current = (): Address => {
    const address = addressOf(location.search)
    return isFleet ? address : { ...address, filters: { ...address.filters, site: '' } }
  }
  const changed = (change: Change): Address => {
    const { place, wall, filters } = current()
    return {
      place: change.place ?? place,
      wall: change.wall === undefined ? wall : change.wall,
      filters: { ...filters, ...change.filters },
      call: change.call ?? null,
    }
  }
  const apply = (): void => {
    // Links from other programs name the call in the fragment.
    const linked = callOf(location.hash)
    if (linked !== null) {
      history.replaceState(null, '', textOf({ ...current(), call: linked }))
    }
    // A link whose row is gone is forgotten.
    links = links.filter(({ element }) => element.isConnected)
    for (const { element, change } of links) {
      element.href = textOf(changed(change))
    }
    show(current())
  }
  const go = (change: Change): void => {
    history.pushState(null, '', textOf(changed(change)))
    apply()
  }
  return {
    start() {
      addEventListener('popstate', apply)
      apply()
    },
    current,
    go,
    replace(change) {
      history.replaceState(null, '', textOf(changed(change)))
      apply()
    },
    link(change, attributes = {}, ...children) {
      const element = el('a', { ...attributes, href: textOf(changed(change)) }, ...children)
      element.addEventListener('click', (event) => {
        const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey
        if (isPlain) {
          event.preventDefault()
          go(change)
        }
      })
      links.push({ element, change })
      return element
    },
  }
}

/** What the list of calls is searched for when the user asks for something else: everything but the site and the period. */
export function withoutSearch(filters: Partial<Filters>): Partial<Filters> {
  const { site: _site, period: _period, from: _from, to: _to, ...search } = NO_FILTERS
  return { ...search, ...filters }
}
