// The calls that live now, oldest first, each with a running clock.
//
// A row is kept as long as its call, so focus and reading position stay. Screen readers are told how many there are, now
// and then; the clocks are silent. On a very busy PBX the oldest are shown and the rest are counted.

import type { ActiveCall } from '../../../query/schema.ts'
import { el, row, setChildren, table, write } from './dom.ts'
import { DASH, type I18n } from './i18n.ts'
import { partnersOf } from './partners.ts'

export interface LiveCalls {
  readonly section: HTMLElement
  show(calls: ReadonlyMap<string, ActiveCall>): void
  /** Moves the clocks; `now` by the server's clock, epoch ms. */
  tick(now: number): void
}

const MAX_SHOWN = 100
const ANNOUNCE_INTERVAL_MS = 15_000

export function createLiveCalls(i18n: I18n, open: (id: number) => void): LiveCalls {
  const { t } = i18n
  const columns = [
    { label: t('column.state') },
    { label: t('column.clock'), kind: 'number' },
    { label: t('column.caller') },
    { label: t('column.callee') },
    { label: t('column.who') },
    { label: t('column.direction') },
  ] as const
  const { element, body } = table(t('live.title'), columns)
  const none = el('p', { class: 'quiet' }, t('live.none'))
  const more = el('p', { class: 'quiet' })
  const count = el('span', { class: 'count' })
  const announcement = el('p', { class: 'visually-hidden', role: 'status' })
  const rows = new Map<string, LiveRow>()
  let announcedAt = 0
  let shown: readonly ActiveCall[] = []

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
      // There may be twenty thousand, nearly in order: compared as text, ISO instants are in order of time.
      const all = [...calls.values()].sort((one, other) =>
        one.start_time < other.start_time ? -1 : one.start_time > other.start_time ? 1 : 0,
      )
      shown = all.slice(0, MAX_SHOWN)
      for (const id of rows.keys()) {
        if (!calls.has(id)) {
          rows.delete(id)
        }
      }
      const wanted = shown.map((call) => {
        const known = rows.get(call.channel_id) ?? liveRow({ i18n, columns, open })
        rows.set(call.channel_id, known)
        known.show(call)
        return known.element
      })
      setChildren(body, wanted)
      element.hidden = all.length === 0
      none.hidden = all.length > 0
      more.hidden = all.length <= MAX_SHOWN
      write(more, t('live.more', { shown: i18n.number(MAX_SHOWN), count: i18n.number(all.length) }))
      write(count, i18n.number(all.length))
    },
    tick(now) {
      for (const call of shown) {
        rows.get(call.channel_id)?.tick(now, call)
      }
      if (now - announcedAt < ANNOUNCE_INTERVAL_MS) {
        return
      }
      announcedAt = now
      write(announcement, i18n.counted('live.count', rows.size))
    },
  }
}

interface LiveRow {
  readonly element: HTMLElement
  show(call: ActiveCall): void
  tick(now: number, call: ActiveCall): void
}

interface RowDependencies {
  readonly i18n: I18n
  readonly columns: Parameters<typeof row>[0]
  readonly open: (id: number) => void
}

function liveRow({ i18n, columns, open }: RowDependencies): LiveRow {
  let id: number | null = null
  const state = el('button', { type: 'button', class: 'state' })
  const clock = el('span', { class: 'clock' })
  const [caller, name, callee] = [
    el('span', { class: 'number' }),
    el('span', { class: 'name' }),
    el('span', { class: 'number' }),
  ]
  const [who, direction] = [el('span', { class: 'who' }), el('span')]
  const element = row(columns, [[state], [clock], [caller, ' ', name], [callee], [who], [direction]])
  state.addEventListener('click', () => {
    if (id !== null) {
      open(id)
    }
  })
  return {
    element,
    show(call) {
      id = call.id
      element.dataset['state'] = call.state
      write(state, i18n.value('state', call.state))
      const { caller: from, callee: to, start_time: at } = call
      state.setAttribute(
        'aria-label',
        `${i18n.value('state', call.state)}. ${i18n.t('calls.open', { caller: from, callee: to, time: i18n.time(at) })}`,
      )
      write(caller, call.caller || DASH)
      write(name, call.caller_name)
      write(callee, call.callee || DASH)
      write(who, partnersOf(call, i18n))
      write(direction, i18n.value('direction', call.direction))
    },
    tick(now, call) {
      write(clock, i18n.clock((now - Date.parse(call.answer_time ?? call.start_time)) / 1000))
    },
  }
}
