// The active calls, oldest first, each with a running clock.
//
// A row is reused as long as its call is active, so that focus and scroll position stay. Screen readers announce only the number
// of calls, at an interval. On a very busy PBX only the oldest calls are shown.

import type { ActiveCall } from '../../../query/schema.ts'
import { type Column, el, keyedList, row, table, write } from './dom.ts'
import { DASH, type I18n } from './i18n.ts'
import { partnersOf } from './partners.ts'

export interface LiveCalls {
  readonly section: HTMLElement
  show(calls: ReadonlyMap<string, ActiveCall>): void
  /** Updates the clocks; `now`: the server's time, epoch ms. */
  tick(now: number): void
}

const MAX_SHOWN = 100
const ANNOUNCE_INTERVAL_MS = 15_000

/** `onOpen` gets the row id of a call that the user opens. */
export function createLiveCalls(i18n: I18n, onOpen: (id: number) => void): LiveCalls {
  const { t } = i18n
  const columns = [
    { label: t('column.state') },
    { label: t('column.clock'), kind: 'number' },
    { label: t('column.caller') },
    { label: t('column.callee') },
    { label: t('column.partners') },
    { label: t('column.direction') },
  ] as const
  const { element, body } = table(t('live.title'), columns)
  const rows = keyedList(body, {
    keyOf: (call: ActiveCall) => call.channel_id,
    create: () => createRow({ i18n, columns, onOpen }),
    update: (known, call) => known.show(call),
  })
  const none = el('p', { class: 'muted' }, t('live.none'))
  const more = el('p', { class: 'muted' })
  const count = el('span', { class: 'count' })
  const announcement = el('p', { class: 'visually-hidden', role: 'status' })
  let announcedAt = 0
  let total = 0

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
    show(calls) {
      total = calls.size
      rows.show(oldestFirst(calls.values()).slice(0, MAX_SHOWN))
      element.hidden = total === 0
      none.hidden = total > 0
      more.hidden = total <= MAX_SHOWN
      write(more, t('live.more', { shown: i18n.number(MAX_SHOWN), count: i18n.number(total) }))
      write(count, i18n.number(total))
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
function oldestFirst(calls: Iterable<ActiveCall>): readonly ActiveCall[] {
  return [...calls].sort((one, other) =>
    one.start_time < other.start_time ? -1 : one.start_time > other.start_time ? 1 : 0,
  )
}

interface LiveRow {
  readonly element: HTMLElement
  show(call: ActiveCall): void
  tick(now: number): void
}

interface RowDependencies {
  readonly i18n: I18n
  readonly columns: readonly Column[]
  readonly onOpen: (id: number) => void
}

function createRow({ i18n, columns, onOpen }: RowDependencies): LiveRow {
  let shown: ActiveCall | null = null
  const state = el('button', { type: 'button', class: 'state' })
  const voice = el('span', { class: 'voice' })
  const clock = el('span', { class: 'clock' })
  const caller = el('span', { class: 'number' })
  const name = el('span', { class: 'name' })
  const callee = el('span', { class: 'number' })
  const partners = el('span', { class: 'partners' })
  const direction = el('span')
  const element = row(columns, [[state, ' ', voice], [clock], [caller, ' ', name], [callee], [partners], [direction]])
  state.addEventListener('click', () => {
    if (shown !== null && shown.id !== null) {
      onOpen(shown.id)
    }
  })
  return {
    element,
    show(call) {
      shown = call
      element.dataset['state'] = call.state
      const stateText = i18n.value('state', call.state)
      const time = i18n.time(call.start_time)
      const openText = i18n.t('calls.open', { caller: call.caller, callee: call.callee, time })
      write(state, stateText)
      state.setAttribute('aria-label', `${stateText}. ${openText}`)
      write(voice, call.voice === null ? '' : voiceText(call.voice, i18n))
      voice.hidden = call.voice === null
      write(caller, call.caller || DASH)
      write(name, call.caller_name)
      write(callee, call.callee || DASH)
      write(partners, partnersOf(call, i18n))
      write(direction, i18n.value('direction', call.direction))
    },
    tick(now) {
      if (shown !== null) {
        write(clock, i18n.clock((now - Date.parse(shown.answer_time ?? shown.start_time)) / 1000))
      }
    },
  }
}

/** What is wrong now with the voice of a call. */
function voiceText({ endpoint, problem, side }: NonNullable<ActiveCall['voice']>, { t }: I18n): string {
  return problem === 'one_way' ? t('voice.one_way', { endpoint }) : t(`voice.${problem}.${side}`, { endpoint })
}
