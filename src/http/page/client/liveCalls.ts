// The calls that live now, oldest first, each with a running clock.
//
// A row is kept as long as its call, so focus and reading position stay. Screen readers are told how many there are, now
// and then; the clocks are silent. On a very busy PBX the oldest are shown and the rest are counted.

import type { ActiveCall } from '../../../query/schema.ts'
import { arrange, el, row, table, write } from './dom.ts'
import { partnersOf } from './partners.ts'
import { NOTHING, type Words } from './words.ts'

export interface LiveCalls {
  readonly section: HTMLElement
  show(calls: ReadonlyMap<string, ActiveCall>): void
  /** Moves the clocks; `now` by the server's clock, epoch ms. */
  tick(now: number): void
}

const MOST_SHOWN = 100
const SPOKEN_EVERY_MS = 15_000

export function createLiveCalls(words: Words, open: (id: number) => void): LiveCalls {
  const { say } = words
  const columns = [
    { label: say('column.state') },
    { label: say('column.clock'), kind: 'number' },
    { label: say('column.caller') },
    { label: say('column.callee') },
    { label: say('column.who') },
    { label: say('column.direction') },
  ] as const
  const { element, body } = table(say('live.title'), columns)
  const none = el('p', { class: 'quiet' }, say('live.none'))
  const more = el('p', { class: 'quiet' })
  const count = el('span', { class: 'count' })
  const spoken = el('p', { class: 'unseen', role: 'status' })
  const rows = new Map<string, LiveRow>()
  let spokenAt = 0
  let shown: readonly ActiveCall[] = []

  const section = el(
    'section',
    { class: 'live', 'aria-labelledby': 'live' },
    el('h2', { id: 'live' }, say('live.title'), ' ', count),
    spoken,
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
      shown = all.slice(0, MOST_SHOWN)
      for (const id of rows.keys()) if (!calls.has(id)) rows.delete(id)
      const wanted = shown.map((call) => {
        const known = rows.get(call.channel_id) ?? liveRow({ words, columns, open })
        rows.set(call.channel_id, known)
        known.show(call)
        return known.element
      })
      arrange(body, wanted)
      element.hidden = all.length === 0
      none.hidden = all.length > 0
      more.hidden = all.length <= MOST_SHOWN
      write(more, say('live.more', { shown: words.number(MOST_SHOWN), count: words.number(all.length) }))
      write(count, words.number(all.length))
    },
    tick(now) {
      for (const call of shown) rows.get(call.channel_id)?.tick(now, call)
      if (now - spokenAt < SPOKEN_EVERY_MS) return
      spokenAt = now
      write(spoken, words.counted('live.count', rows.size))
    },
  }
}

interface LiveRow {
  readonly element: HTMLElement
  show(call: ActiveCall): void
  tick(now: number, call: ActiveCall): void
}

interface RowNeeds {
  readonly words: Words
  readonly columns: Parameters<typeof row>[0]
  readonly open: (id: number) => void
}

function liveRow({ words, columns, open }: RowNeeds): LiveRow {
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
    if (id !== null) open(id)
  })
  return {
    element,
    show(call) {
      id = call.id
      element.dataset['state'] = call.state
      write(state, words.value('state', call.state))
      const { caller: from, callee: to, start_time: at } = call
      state.setAttribute(
        'aria-label',
        `${words.value('state', call.state)}. ${words.say('calls.open', { caller: from, callee: to, time: words.time(at) })}`,
      )
      write(caller, call.caller || NOTHING)
      write(name, call.caller_name)
      write(callee, call.callee || NOTHING)
      write(who, partnersOf(call, words))
      write(direction, words.value('direction', call.direction))
    },
    tick(now, call) {
      write(clock, words.clock((now - Date.parse(call.answer_time ?? call.start_time)) / 1000))
    },
  }
}
