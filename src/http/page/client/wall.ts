// The page on a screen on the wall: large, without controls, one place after the other, awake; Escape leads back to the desk.
//
// It flashes, and with `sound` in the address it beeps, when a caller was missed or has waited too long in a queue.

import type { Address, PlaceName, Wall } from './address.ts'
import { createAlarm } from './alarm.ts'
import { today } from './clock.ts'
import { el, write } from './dom.ts'
import type { AnyMessage, LiveCall } from './entries.ts'
import type { I18n } from './i18n.ts'
import type { Navigation } from './navigation.ts'
import { createSound } from './sound.ts'
import { LATE_S } from './tiles.ts'
import { createWakeLock } from './wakeLock.ts'
import { type Block, nextPart, nextPlace, pagesOf, type ShownPart } from './wallPages.ts'

export interface WallPart {
  /** Title, clock, and the button that allows sound; hidden unless the page is on the wall. */
  readonly element: HTMLElement
  show(address: Address): void
  /** A message of the feed. */
  apply(message: AnyMessage): void
  /** Updates the clock and looks for late callers; `now`: the server's time, epoch ms. */
  tick(calls: Iterable<LiveCall>, now: number): void
}

export interface WallDependencies {
  readonly i18n: I18n
  readonly navigation: Navigation
  /** Those that it pages through, of those that the page has. */
  readonly places: readonly PlaceName[]
  /** What contains the places; on the wall it is as tall as the screen allows. */
  readonly main: HTMLElement
}

const FLASH_MS = 3_000

export function createWall({ i18n, navigation, places, main }: WallDependencies): WallPart {
  const { t } = i18n
  const pages = pagesOf(places)
  const title = el('h1')
  const site = el('span', { class: 'count' })
  const dots = pages.map(() => el('span', { class: 'dot' }))
  const time = el('span', { class: 'time' })
  const allow = el('button', { type: 'button', class: 'allow-sound' }, t('wall.allowSound'))
  const element = el(
    'section',
    { class: 'wall-head', 'aria-label': t('wall') },
    title,
    site,
    el('span', { class: 'dots', 'aria-hidden': 'true' }, ...dots),
    allow,
    time,
  )
  element.hidden = true
  const sound = createSound()
  const wake = createWakeLock()
  const alarm = createAlarm(LATE_S)
  let wall: Wall | null = null
  let turning: ReturnType<typeof setTimeout> | undefined
  let flashing: ReturnType<typeof setTimeout> | undefined

  const turn = (place: PlaceName, seconds: number): void => {
    turning = setTimeout(() => {
      const top = nextPart(blocksOf(main), shownPartOf(main))
      if (top === null) {
        navigation.replace({ place: nextPlace(pages, place) })
      } else {
        main.scrollTop = top
        turn(place, seconds)
      }
    }, seconds * 1000)
  }
  const showAllow = (): void => {
    allow.hidden = wall?.hasSound !== true || sound.isAllowed()
  }
  const allowSound = async (): Promise<void> => {
    if (wall?.hasSound === true) {
      await sound.allow()
      showAllow()
    }
  }
  const call = (): void => {
    if (wall === null) {
      return
    }
    sound.play()
    document.documentElement.dataset['alarm'] = 'on'
    clearTimeout(flashing)
    flashing = setTimeout(() => delete document.documentElement.dataset['alarm'], FLASH_MS)
  }
  addEventListener('pointerdown', () => void allowSound())
  addEventListener('keydown', ({ key }) => {
    if (key === 'Escape' && wall !== null) {
      navigation.go({ wall: null })
    } else {
      void allowSound()
    }
  })
  return {
    element,
    show(address) {
      const { place } = address
      wall = address.wall
      clearTimeout(turning)
      element.hidden = wall === null
      showAllow()
      if (wall === null) {
        delete document.documentElement.dataset['wall']
        return wake.release()
      }
      document.documentElement.dataset['wall'] = 'on'
      wake.hold()
      write(title, t(`place.${place}`))
      write(site, address.filters.site)
      site.hidden = address.filters.site === ''
      for (const [index, dot] of dots.entries()) {
        dot.classList.toggle('here', pages[index] === place)
      }
      main.scrollTop = 0
      turn(place, wall.seconds)
    },
    apply(message) {
      if (alarm.apply(message)) {
        call()
      }
    },
    tick(calls, now) {
      if (wall !== null) {
        write(time, i18n.minuteOfDay(today().toISOString()))
      }
      if (alarm.look(calls, now)) {
        call()
      }
    },
  }
}

function blocksOf(main: HTMLElement): readonly Block[] {
  const zero = main.getBoundingClientRect().top - main.scrollTop
  return [...main.querySelectorAll('.place:not([hidden]) :is(tr, .card, .now-card)')].map((element) => {
    const { top, bottom } = element.getBoundingClientRect()
    return { top: top - zero, bottom: bottom - zero }
  })
}

function shownPartOf(main: HTMLElement): ShownPart {
  const heading = main.querySelector('.place:not(.now-place, [hidden]) > section > .title:first-child')
  return {
    ...{ top: main.scrollTop, height: main.clientHeight, total: main.scrollHeight },
    covered: heading?.getBoundingClientRect().height ?? 0,
  }
}
