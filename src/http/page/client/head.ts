// The head of the page: name, places, chosen site, period and colours in one line; and its foot: version, counters and links.

import type { FleetCounters } from '../../live/fleetMessage.ts'
import type { Counters } from '../../live/message.ts'
import { WALL } from './address.ts'
import { el, write } from './dom.ts'
import type { I18n } from './i18n.ts'
import type { Navigation } from './navigation.ts'
import { themeButton } from './theme.ts'

export interface HeadParts {
  /** Of the program. */
  readonly name: string
  readonly bar: HTMLElement
  /** The chosen site of a fleet. */
  readonly site: HTMLElement
  readonly period: HTMLElement
}

export function createHead({ name, bar, site, period }: HeadParts, i18n: I18n, navigation: Navigation): HTMLElement {
  const title = el('h1', {}, navigation.link({ place: 'now' }, {}, name))
  return el('header', {}, el('div', { class: 'head' }, title, bar, site, period, themeButton(i18n)))
}

export interface Foot {
  readonly element: HTMLElement
  show(counters: Counters | FleetCounters | null): void
}

export function createFoot(version: string, i18n: I18n, navigation: Navigation): Foot {
  const { t } = i18n
  const about = el('p', { class: 'muted' }, t('version', { version }))
  const counted = el('p', { class: 'muted' })
  const link = (href: string, text: string): HTMLElement => el('a', { href }, text)
  const links = el(
    'nav',
    { 'aria-label': t('links') },
    navigation.link({ wall: WALL, place: 'now' }, { class: 'to-wall', title: t('wall.hint') }, t('wall')),
    link('metrics', t('link.metrics')),
    link('-/healthy', t('link.health')),
    link('-/ready', t('link.ready')),
    link('api/openapi.json', t('link.openapi')),
  )
  return {
    element: el('footer', {}, links, about, counted),
    show(counters) {
      if (counters === null) {
        return
      }
      const upSeconds = (Date.parse(counters.now) - Date.parse(counters.start_time)) / 1000
      const span = i18n.span(Math.floor(upSeconds / 60) * 60 || Math.floor(upSeconds))
      write(about, `${t('version', { version })}, ${t('up', { span })}`)
      if ('calls_ended' in counters) {
        const { calls_ended: ended, calls_missed: missed, log_rows: rows, log_pending: pending } = counters
        const parts = Object.entries({ ended, missed, rows, pending }).map(([key, value]) => [key, i18n.number(value)])
        write(counted, t('counters', Object.fromEntries(parts)))
      }
    },
  }
}
