// The place "Now": the tiles, the live calls, and beside them who waits.

import type { AgentQueue } from './agentList.ts'
import type { Api } from './api.ts'
import { el } from './dom.ts'
import type { AnyMessage, LiveCall } from './entries.ts'
import { staffOf } from './freePeople.ts'
import type { I18n } from './i18n.ts'
import type { LiveCalls } from './liveCalls.ts'
import { waitingQueues } from './liveOrder.ts'
import type { LiveState } from './liveState.ts'
import type { MissedCallers } from './missedCallers.ts'
import type { Navigation } from './navigation.ts'
import type { Places } from './places.ts'
import { createTiles } from './tiles.ts'
import { createWaitingCards } from './waitingCards.ts'

export interface NowPlace {
  readonly sections: readonly HTMLElement[]
  start(places: Places): void
  /** A message of the feed, which the state has applied. */
  apply(message: AnyMessage, places: Places): void
  /** The page shows this site; an empty text: all. */
  setSite(site: string): void
  /** `isObserved`: what the state says is so now. `queues`: with their agents; null: not known. */
  draw(isObserved: boolean, queues: readonly AgentQueue[] | null): void
  /** Updates the clocks. */
  tick(): void
}

export interface NowPlaceDependencies {
  readonly i18n: I18n
  readonly api: Api
  readonly isFleet: boolean
  readonly navigation: Navigation
  readonly state: LiveState
  readonly live: LiveCalls
  readonly callers: MissedCallers
  /** The server's time, epoch ms. */
  readonly now: () => number
}

const TODAY_MS = 30_000
/** All sites are more work for the database. */
const FLEET_TODAY_MS = 60_000

export function createNowPlace(dependencies: NowPlaceDependencies): NowPlace {
  const { i18n, api, isFleet, navigation, state, live, callers, now } = dependencies
  const tiles = createTiles({ i18n, api, isFleet, navigation })
  const cards = createWaitingCards(i18n, isFleet, navigation)
  let site = ''
  /** Calls ended since the figures of today were requested. */
  let isStale = false
  const isOfSite = (call: LiveCall): boolean => site === '' || call.site === site
  let isObserved = false
  let queues: readonly AgentQueue[] | null = null
  const draw = (): void => {
    const waiting = callers.waiting()
    const longest = waiting?.first[0]
    const queued = isObserved ? waitingQueues([...state.calls.values()].filter(isOfSite)) : null
    const isKnown = queues?.every((queue) => queue.isKnown) === true
    tiles.show({
      callers: waiting && {
        count: waiting.count,
        since: longest === undefined ? null : Date.parse(longest.first_miss_time),
      },
      queued: queued && {
        count: queued.reduce((sum, each) => sum + each.waiting, 0),
        since: queued[0]?.since ?? null,
      },
      people: isObserved && queues !== null && isKnown ? staffOf(queues.flatMap(({ agents }) => agents)) : null,
    })
    cards.show(waiting, queued)
    live.tick(now())
    cards.tick(now())
    tiles.tick(now())
  }
  return {
    sections: [tiles.element, el('div', { class: 'beside' }, live.section, cards.element)],
    start(places) {
      const ms = isFleet ? FLEET_TODAY_MS : TODAY_MS
      places.refresh(['now'], {
        ms,
        act() {
          isStale = false
          void tiles.load()
        },
        follow: (filters) => tiles.setFilters(filters) || isStale,
      })
    },
    apply({ type }, places) {
      if (type !== 'ended' || isFleet) {
        return
      }
      if (places.isShown('now')) {
        tiles.refreshSoon()
      } else {
        isStale = true
      }
    },
    setSite(next) {
      site = next
    },
    draw(nextObserved, nextQueues) {
      isObserved = nextObserved
      queues = nextQueues
      draw()
    },
    tick: draw,
  }
}
