// A card: one trunk, whether it is up, how much of its capacity is in use, what became of the attempts of today, and its last fault.

import type { TrunkEntry } from '../../../query/trunkSchema.ts'
import { createBar } from './bar.ts'
import type { Causes } from './causes.ts'
import { el, figure, write } from './dom.ts'
import { DASH, type I18n } from './i18n.ts'
import { type Navigation, withoutSearch } from './navigation.ts'

export interface TrunkCard {
  readonly element: HTMLElement
  /** `isKnown`: what happens now is known. `causes`: needed for a fault. */
  show(trunk: TrunkEntry, isKnown: boolean, causes: Causes | null): void
}

/** From this share of its channels on, a trunk is nearly full. */
const NEARLY_FULL = 0.8

export function createTrunkCard(name: string, i18n: I18n, navigation: Navigation): TrunkCard {
  const { t } = i18n
  const state = el('span', { class: 'badge state' })
  const calls = navigation.link(
    { place: 'calls', filters: withoutSearch({ text: name }) },
    { class: 'to-calls', 'aria-label': t('trunks.callsOf', { trunk: name }) },
    t('queues.calls'),
  )
  const [used, bar] = [el('span', { class: 'used' }), createBar()]
  const fault = el('p', { class: 'fault' })
  const hour = el('p', { class: 'muted note hour' })
  const figures = {
    attempts: figure(t('trunks.attempts')),
    answered: figure(t('trunks.answered')),
    share: figure(t('trunks.share')),
  }
  const element = el(
    'article',
    { class: 'card trunk', 'aria-label': name },
    el('div', { class: 'card-title' }, el('h3', {}, name), state, calls),
    el('p', { class: 'use' }, used, bar.element),
    el('dl', { class: 'card-figures' }, ...Object.values(figures).map(({ element: each }) => each)),
    ...[fault, hour],
  )
  return {
    element,
    show(trunk, isKnown, causes) {
      const { today } = trunk
      const endpointState = isKnown ? trunk.endpoint_state : null
      element.dataset['state'] = endpointState ?? 'unknown'
      write(state, endpointState === null ? t('agents.unknown') : i18n.value('trunk', endpointState))
      showUse(trunk, isKnown)
      figures.attempts.set(i18n.number(today.attempts))
      figures.answered.set(i18n.number(today.answered))
      figures.share.set(i18n.share(today.answered_share))
      write(fault, today.last_fault === null ? t('trunks.noFault') : faultText(today.last_fault, i18n, causes))
      fault.dataset['some'] = String(today.last_fault !== null)
      write(hour, hourText(trunk, i18n))
      hour.dataset['lines'] = hasFewLines(trunk) ? 'few' : 'enough'
    },
  }

  function showUse({ channels, calls_now: now }: TrunkEntry, isKnown: boolean): void {
    const inUse = isKnown ? now : null
    const count = inUse === null ? DASH : i18n.number(inUse)
    write(
      used,
      channels === null ? t('trunks.used', { count }) : t('trunks.usedOf', { count, channels: i18n.number(channels) }),
    )
    bar.element.toggleAttribute('hidden', channels === null)
    const share = inUse === null || channels === null || channels === 0 ? 0 : inUse / channels
    bar.set(share, share >= 1 ? 'late' : share >= NEARLY_FULL ? 'soon' : 'calm')
  }
}

function faultText(fault: NonNullable<TrunkEntry['today']['last_fault']>, i18n: I18n, causes: Causes | null): string {
  const cause = causes?.text(fault.cause, null) ?? null
  const result = i18n.value('result', fault.result)
  const what = cause === null ? result : `${result} – ${cause} (${fault.cause})`
  return i18n.t('trunks.fault', { time: i18n.timeOfDay(fault.time), what })
}

function hourText({ busiest_hour: hour }: TrunkEntry, i18n: I18n): string {
  return hour === null
    ? i18n.t('trunks.noHour')
    : i18n.t('trunks.hourIs', {
        time: i18n.entry(hour.start, true),
        calls: i18n.number(hour.seizures),
        erlangs: i18n.number(hour.erlangs, 2),
        lines: i18n.number(hour.lines_needed),
      })
}

function hasFewLines({ busiest_hour: hour, channels }: TrunkEntry): boolean {
  return hour !== null && channels !== null && hour.lines_needed > channels
}
