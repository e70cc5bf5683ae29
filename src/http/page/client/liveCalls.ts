// The active calls, oldest first, each with a running clock.
//
// A row is reused as long as its call is active, so that focus and scroll position stay. Screen readers announce only the number
// of calls, at an interval. On a very busy PBX only the oldest calls are shown. In a fleet they cannot be opened: the central call log has the
// calls that ended.

import { siteElement } from './callTable.ts'
import { type Column, el, keyedList, row, table, write } from './dom.ts'
import { type EntryId, type LiveCall, liveKeyOf } from './entries.ts'
import { DASH, type I18n } from './i18n.ts'
import { partnersOf } from './partners.ts'
import type { SitesOff } from './siteList.ts'

export interface LiveCalls {
  readonly section: HTMLElement
  /** By their keys (entries.ts); `off`: of a fleet. */
  show(calls: ReadonlyMap<string, LiveCall>, off?: SitesOff): void
  /** Shows those of this site only; an empty text: all. */
  setSite(site: string): void
  /** Updates the clocks; `now`: the server's time, epoch ms. */
  tick(now: number): void
}

const NONE_OFF: SitesOff = { names: new Set(), isPartial: false }
const MAX_SHOWN = 100
const ANNOUNCE_INTERVAL_MS = 15_000

export interface LiveCallsDependencies {
  readonly i18n: I18n
  readonly isFleet: boolean
  /** The user opened the call with this row id. */
  readonly onOpen: (id: EntryId) => void
  /** The user wants to end this call; null: nobody may. */
  readonly onHangUp: ((call: LiveCall) => void) | null
}

export function createLiveCalls(dependencies: LiveCallsDependencies): LiveCalls {
  const { i18n, isFleet, onHangUp } = dependencies
  const { t } = i18n
  const columns: readonly Column[] = [
    { label: t('column.state') },
    { label: t('column.clock'), kind: 'number' },
    ...(isFleet ? [{ label: t('column.site') }] : []),
    { label: t('column.caller') },
    { label: t('column.callee') },
    { label: t('column.partners') },
    { label: t('column.direction') },
    ...(onHangUp === null ? [] : [{ label: t('column.control') }]),
  ]
  const { element, body } = table(t('live.title'), columns)
  const rows = keyedList(body, {
    keyOf: liveKeyOf,
    create: (call: LiveCall) => createRow(call, { ...dependencies, columns }),
    update: (known, call) => known.show(call, call.site === undefined || !off.names.has(call.site)),
  })
  const none = el('p', { class: 'muted' })
  const more = el('p', { class: 'muted' })
  const count = el('span', { class: 'count' })
  const announcement = el('p', { class: 'visually-hidden', role: 'status' })
  let announcedAt = 0
  let total = 0
  let site = ''
  let all: ReadonlyMap<string, LiveCall> = new Map()
  let off = NONE_OFF

  const draw = (): void => {
    const shown = site === '' ? [...all.values()] : [...all.values()].filter((call) => call.site === site)
    total = shown.length
    rows.show(oldestFirst(shown).slice(0, MAX_SHOWN))
    element.hidden = total === 0
    none.hidden = total > 0
    const isOff = off.names.has(site)
    write(none, t(isOff ? 'fleet.siteOff' : off.isPartial && site === '' ? 'fleet.noCall' : 'live.none'))
    more.hidden = total <= MAX_SHOWN
    write(more, t('live.more', { shown: i18n.number(MAX_SHOWN), count: i18n.number(total) }))
    write(count, isOff ? DASH : i18n.number(total))
  }

  const section = el(
    'section',
    { class: 'live', 'aria-labelledby': 'live' },
    el('h2', { id: 'live' }, t('live.title'), ' ', count),
    announcement,
    none,
    element,
    more,
  )
  return {
    section,
    show(calls, sitesOff = NONE_OFF) {
      all = calls
      off = sitesOff
      draw()
    },
    setSite(next) {
      if (next !== site) {
        site = next
        draw()
      }
    },
    tick(now) {
      for (const each of rows.all()) {
        each.tick(now)
      }
      if (now - announcedAt < ANNOUNCE_INTERVAL_MS) {
        return
      }
      announcedAt = now
      write(announcement, i18n.counted('live.count', total))
    },
  }
}

// Compared as text, because there may be 20,000: the order of ISO instants is the order of time.
function oldestFirst(calls: readonly LiveCall[]): readonly LiveCall[] {
  return calls.toSorted((one, other) =>
    one.start_time < other.start_time ? -1 : one.start_time > other.start_time ? 1 : 0,
  )
}

interface LiveRow {
  readonly element: HTMLElement
  /** `isObserved`: false if its state is not known now. */
  show(call: LiveCall, isObserved: boolean): void
  tick(now: number): void
}

interface RowDependencies extends LiveCallsDependencies {
  readonly columns: readonly Column[]
}

function createRow(call: LiveCall, { i18n, isFleet, columns, onOpen, onHangUp }: RowDependencies): LiveRow {
  let shown = call
  const state = isFleet ? el('span', { class: 'state' }) : el('button', { type: 'button', class: 'state' })
  const voice = el('span', { class: 'voice' })
  const clock = el('span', { class: 'clock' })
  const caller = el('span', { class: 'number' })
  const name = el('span', { class: 'name' })
  const callee = el('span', { class: 'number' })
  const partners = el('span', { class: 'partners' })
  const direction = el('span')
  const site = isFleet ? [[siteElement(call.site ?? '')]] : []
  const hangUp = el('button', { type: 'button' }, i18n.t('control.hangUp'))
  const others = [[caller, ' ', name], [callee], [partners], [direction], ...(onHangUp === null ? [] : [[hangUp]])]
  const element = row(columns, [[state, ' ', voice], [clock], ...site, ...others])
  state.addEventListener('click', () => {
    if (!isFleet && shown.id !== null) {
      onOpen(shown.id)
    }
  })
  hangUp.addEventListener('click', () => onHangUp?.(shown))
  return {
    element,
    show(call, isObserved) {
      shown = call
      hangUp.setAttribute(
        'aria-label',
        i18n.t('control.hangUpOf', { caller: call.caller || DASH, callee: call.callee || DASH }),
      )
      element.dataset['state'] = isObserved ? call.state : 'unknown'
      const stateText = isObserved ? i18n.value('state', call.state) : i18n.t('sites.unknown')
      write(state, stateText)
      if (!isFleet) {
        const time = i18n.time(call.start_time)
        const openText = i18n.t('calls.open', { caller: call.caller, callee: call.callee, time })
        state.setAttribute('aria-label', `${stateText}. ${openText}`)
      }
      write(voice, call.voice === null ? '' : voiceText(call.voice, i18n))
      voice.hidden = call.voice === null
      write(caller, call.caller || DASH)
      write(name, call.caller_name)
      write(callee, call.callee || DASH)
      write(partners, partnersOf(call, i18n))
      write(direction, i18n.value('direction', call.direction))
    },
    tick(now) {
      write(clock, i18n.clock((now - Date.parse(shown.answer_time ?? shown.start_time)) / 1000))
    },
  }
}

/** What is wrong now with the voice of a call. */
function voiceText({ endpoint, problem, side }: NonNullable<LiveCall['voice']>, { t }: I18n): string {
  return problem === 'one_way' ? t('voice.one_way', { endpoint }) : t(`voice.${problem}.${side}`, { endpoint })
}
