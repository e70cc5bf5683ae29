// What is around the places: the head, the wall, the line of the state, the foot, the icon of the tab.

import { type Address, PLACES } from './address.ts'
import { el } from './dom.ts'
import type { AnyMessage } from './entries.ts'
import { createFavicon } from './favicon.ts'
import { createFoot, createHead } from './head.ts'
import type { I18n } from './i18n.ts'
import type { LiveState } from './liveState.ts'
import type { MissedCallers } from './missedCallers.ts'
import type { Navigation } from './navigation.ts'
import type { PeriodControl } from './periodControl.ts'
import { createPlaces, type Place, type Places } from './places.ts'
import { createSiteChip } from './siteChip.ts'
import type { Status } from './status.ts'
import { createWall } from './wall.ts'

export interface Frame {
  readonly places: Places
  /** The elements of the document, in their order. */
  readonly elements: readonly HTMLElement[]
  show(address: Address): void
  /** A message of the feed, which the state has applied. */
  apply(message: AnyMessage): void
  /** Draws what changed since the last time. */
  draw(): void
  /** Updates the clocks. */
  tick(): void
}

export interface FrameDependencies {
  readonly i18n: I18n
  readonly navigation: Navigation
  /** Name and version of the program. */
  readonly name: string
  readonly version: string
  readonly places: readonly Place[]
  readonly period: PeriodControl
  readonly status: Status
  readonly callers: MissedCallers
  readonly state: LiveState
  /** The server's time, epoch ms. */
  readonly now: () => number
}

export function createFrame(dependencies: FrameDependencies): Frame {
  const { i18n, navigation, name, version, places: all, period, status, callers, state, now } = dependencies
  const places = createPlaces(i18n, navigation, all)
  const names = PLACES.filter((each) => all.some((place) => place.name === each))
  const wall = createWall({ i18n, navigation, places: names, main: places.main })
  const site = createSiteChip(i18n, () => navigation.replace({ filters: { site: '' } }))
  const foot = createFoot(version, i18n, navigation)
  const favicon = createFavicon(name)
  return {
    places,
    elements: [
      el('a', { class: 'skip', href: '#place' }, i18n.t('skip')),
      createHead({ name, bar: places.bar, site: site.element, period: period.element }, i18n, navigation),
      ...[wall.element, status.element, places.main, foot.element],
    ],
    show(address) {
      period.set(address.filters)
      site.show(address.filters.site)
      places.show(address)
      period.element.hidden = !places.hasPeriod()
      wall.show(address)
    },
    apply: wall.apply,
    draw() {
      foot.show(state.counters())
      favicon.show(callers.waiting()?.count ?? null, status.hasTrouble())
    },
    tick: () => wall.tick(state.calls.values(), now()),
  }
}
