// The places of the page: one is shown at a time, and a bar of links leads to the others.
//
// What only a place needs is requested when it is shown, and at an interval while it is shown.

import { type Address, PLACES, type PlaceName } from './address.ts'
import { ticks } from './clock.ts'
import { el } from './dom.ts'
import type { Filters } from './filters.ts'
import type { I18n } from './i18n.ts'
import { icon } from './icons.ts'
import type { Navigation } from './navigation.ts'

/** What a place consists of. */
export interface Place {
  readonly name: PlaceName
  readonly sections: readonly HTMLElement[]
  /** Whether what it shows depends on the period of the page. */
  readonly hasPeriod: boolean
  /** The place is shown with this address, or another address while it is shown. */
  show?(address: Address): void
}

export interface Places {
  readonly bar: HTMLElement
  /** Whether the shown place depends on the period of the page. */
  hasPeriod(): boolean
  readonly main: HTMLElement
  /** Shows the place of this address; the first one if there is no such place. */
  show(address: Address): void
  isShown(name: PlaceName): boolean
  refresh(names: readonly PlaceName[], refresh: Refresh): void
}

const TICK_MS = 1_000

/** What a place requests: when it is shown, unless that was within the interval, and at the interval while it is shown and the page is visible. */
export interface Refresh {
  readonly ms: number
  readonly act: () => void
  /** Takes over the filters of the page; true: what was requested is of others. */
  readonly follow?: (filters: Filters) => boolean
}

export function createPlaces({ t }: I18n, navigation: Navigation, places: readonly Place[]): Places {
  const containers = new Map(
    places.map(({ name, sections }) => [name, el('div', { class: `place ${name}-place` }, ...sections)] as const),
  )
  const links = new Map(
    PLACES.filter((name) => containers.has(name)).map((name) => [
      name,
      navigation.link({ place: name }, {}, icon(name), el('span', {}, t(`place.${name}`))),
    ]),
  )
  const refreshes: { readonly names: readonly PlaceName[]; readonly refresh: Refresh; at: number }[] = []
  let shown: PlaceName | null = null

  const ofShown = () => refreshes.filter(({ names }) => shown !== null && names.includes(shown))
  const refreshDue = (): void => {
    const due = document.hidden ? [] : ofShown().filter(({ refresh, at }) => ticks() - at >= refresh.ms)
    for (const each of due) {
      each.at = ticks()
      each.refresh.act()
    }
  }
  setInterval(refreshDue, TICK_MS)
  return {
    bar: el('nav', { class: 'places', 'aria-label': t('places') }, ...links.values()),
    main: el('main', { id: 'place', tabindex: '-1' }, ...containers.values()),
    show(address) {
      const place = places.find(({ name }) => name === address.place) ?? places[0]
      const isOther = shown !== null && shown !== place?.name
      shown = place?.name ?? null
      for (const [name, container] of containers) {
        container.hidden = name !== shown
      }
      for (const [name, link] of links) {
        link.setAttribute('aria-current', name === shown ? 'page' : 'false')
      }
      if (isOther) {
        scrollTo(0, 0)
      }
      place?.show?.(address)
      for (const each of ofShown()) {
        if (each.refresh.follow?.(address.filters) === true) {
          each.at = Number.NEGATIVE_INFINITY
        }
      }
      refreshDue()
    },
    hasPeriod: () => places.some(({ name, hasPeriod }) => name === shown && hasPeriod),
    isShown: (name) => name === shown,
    refresh(names, refresh) {
      refreshes.push({ names, refresh, at: Number.NEGATIVE_INFINITY })
    },
  }
}
