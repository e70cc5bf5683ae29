// The last calls: searched, filtered, page by page, and kept up to date while calls come and go.
//
// The server decides what matches; the list asks it again, not more often than every two seconds, when something
// happened. Rows are kept by their call's id, so focus stays where it is.

import type { CallEntry } from '../../../query/schema.ts'
import { type Answer, type Api, csvAddress } from './api.ts'
import { NO_PAGES, withFresh, withOlder } from './callPages.ts'
import { ticks, today } from './clock.ts'
import { arrange, el, row, table, write } from './dom.ts'
import { createFilterForm } from './filterForm.ts'
import { type Filters, questionOf } from './filters.ts'
import { partnersOf } from './partners.ts'
import { NOTHING, type Words } from './words.ts'

export interface CallList {
  readonly section: HTMLElement
  /** Looks for something else. */
  look(filters: Filters): void
  /** Something happened: asks again soon. */
  stale(): void
}

export interface CallListNeeds {
  readonly words: Words
  readonly api: Api
  readonly open: (id: number) => void
  /** The reader changed the form. */
  readonly filtered: (filters: Filters) => void
}

const PAGE = 50
const ASKED_EVERY_MS = 2_000
/** Pages without a call that are passed over before the reader is asked whether to look further. */
const MOST_STRETCHES = 20
/** The log writes within 50 ms. */
const SETTLE_MS = 300

export function createCallList({ words, api, open, filtered }: CallListNeeds): CallList {
  const { say } = words
  const columns = columnsOf(words)
  const { element, body } = table(say('calls.title'), columns)
  const form = createFilterForm(words, filtered)
  const note = el('p', { class: 'quiet', role: 'status' })
  const more = el('button', { type: 'button', class: 'more' }, say('calls.more'))
  const csv = el('a', { class: 'csv', download: '' }, say('calls.csv'))
  const rows = new Map<number, { readonly element: HTMLTableRowElement; readonly text: string }>()
  let filters: Filters | null = null
  let pages = NO_PAGES
  let asking = new AbortController()
  let askedAt = 0
  let waiting: ReturnType<typeof setTimeout> | undefined

  const question = (cursor: string | null): URLSearchParams => {
    const query = filters === null ? new URLSearchParams() : questionOf(filters, today())
    query.set('limit', String(PAGE))
    if (cursor !== null) query.set('cursor', cursor)
    return query
  }
  const ask = async (how: 'anew' | 'fresh' | 'older', stretches = MOST_STRETCHES): Promise<void> => {
    asking.abort()
    asking = new AbortController()
    clearTimeout(waiting)
    waiting = undefined
    askedAt = ticks()
    const answer = await api.calls(question(how === 'older' ? pages.next : null), asking.signal)
    if (answer.kind === 'cancelled') return
    section.removeAttribute('aria-busy')
    if (answer.kind !== 'answer') return void write(note, complaint(answer, words))
    const merge = how === 'older' ? withOlder : withFresh
    const before = how === 'anew' ? 0 : pages.calls.length
    pages = merge(how === 'anew' ? NO_PAGES : pages, answer.value)
    show(how !== 'fresh')
    // The log looks through a stretch at a time, and nothing may match in it.
    if (how !== 'fresh' && pages.calls.length === before && pages.next !== null && stretches > 1)
      await ask('older', stretches - 1)
  }
  const isNarrowed = (): boolean => filters !== null && questionOf(filters, today()).size > 0
  const show = (aloud: boolean): void => {
    const { calls, next } = pages
    const ids = new Set(calls.map(({ id }) => id))
    for (const id of rows.keys()) if (!ids.has(id)) rows.delete(id)
    const wanted = calls.map((call) => {
      const text = JSON.stringify(call)
      const known = rows.get(call.id)
      if (known?.text === text) return known.element
      const made =
        known?.element ??
        row(
          columns,
          columns.map(() => []),
        )
      fill(made, call, { words, open })
      rows.set(call.id, { element: made, text })
      return made
    })
    arrange(body, wanted)
    element.hidden = calls.length === 0
    more.hidden = next === null
    // What changes by itself is not said aloud each time.
    if (aloud || calls.length === 0 || note.dataset['error'] !== undefined)
      write(
        note,
        calls.length > 0
          ? words.counted('calls.count', calls.length)
          : say(isNarrowed() ? 'calls.none' : 'calls.empty'),
      )
  }
  // A period ends now, whenever that is: the link is made anew before it is followed or copied.
  const renewCsv = (): void => {
    if (filters !== null) csv.href = csvAddress(questionOf(filters, today()))
  }
  for (const event of ['pointerdown', 'focus', 'contextmenu', 'click']) csv.addEventListener(event, renewCsv)
  more.addEventListener('click', () => void ask('older'))
  const section = el(
    'section',
    { class: 'calls', 'aria-labelledby': 'calls', id: 'last' },
    el('div', { class: 'title' }, el('h2', { id: 'calls' }, say('calls.title')), csv),
    form.element,
    note,
    element,
    more,
  )
  return {
    section,
    look(wanted) {
      form.set(wanted)
      if (JSON.stringify(wanted) === JSON.stringify(filters)) return
      filters = wanted
      renewCsv()
      section.setAttribute('aria-busy', 'true')
      void ask('anew')
    },
    stale() {
      waiting ??= setTimeout(() => void ask('fresh'), Math.max(SETTLE_MS, askedAt + ASKED_EVERY_MS - ticks()))
    },
  }
}

/** What to say when there is no answer. */
export function complaint(answer: Exclude<Answer<unknown>, { kind: 'answer' | 'cancelled' }>, { say }: Words): string {
  return answer.kind === 'refused' ? say('error.refused', { why: answer.why }) : say('error.network')
}

function columnsOf({ say }: Words) {
  return [
    { label: say('column.time') },
    { label: say('column.direction') },
    { label: say('column.caller') },
    { label: say('column.callee') },
    { label: say('column.who') },
    { label: say('column.result') },
    { label: say('column.duration'), kind: 'number' },
  ] as const
}

interface Filling {
  readonly words: Words
  readonly open: (id: number) => void
}

function fill(made: HTMLTableRowElement, call: CallEntry, { words, open }: Filling): void {
  const time = words.time(call.start_time)
  const label = words.say('calls.open', { caller: call.caller, callee: call.callee, time })
  const known = made.querySelector('button')
  const button = known ?? el('button', { type: 'button', class: 'open' })
  // Once: a button that is moved loses its focus.
  if (known === null) {
    made.cells[0]?.append(button)
    button.addEventListener('click', () => open(call.id))
    made.addEventListener('click', ({ target }) => {
      // A convenience for the mouse; text that is being marked is left alone.
      if (target !== button && getSelection()?.isCollapsed !== false) open(call.id)
    })
  }
  button.setAttribute('aria-label', label)
  write(button, time)
  made.dataset['status'] = call.status
  made.dataset['missed'] = String(call.missed)
  const cells: readonly (readonly (Node | string)[])[] = [
    [words.value('direction', call.direction)],
    [numberOf(call.caller), ' ', el('span', { class: 'name' }, call.caller_name)],
    [numberOf(call.callee)],
    [el('span', { class: 'who' }, partnersOf(call, words))],
    [el('span', { class: 'result' }, resultOf(call, words))],
    [call.answer_time === null || call.end_time === null ? NOTHING : words.clock(call.duration)],
  ]
  cells.forEach((children, index) => {
    made.cells[index + 1]?.replaceChildren(...children)
  })
}

// Shortened by the style when it is too long for a number; then the whole is shown at rest of the mouse, and in the story.
function numberOf(number: string): HTMLElement {
  return el('span', { class: 'number', title: number.length > 18 ? number : undefined }, number || NOTHING)
}

/** How it ended, or what it does. */
export function resultOf({ disposition, status }: Pick<CallEntry, 'disposition' | 'status'>, words: Words): string {
  if (disposition !== null) return words.value('result', disposition)
  return words.value('state', status === 'answered' ? 'talking' : status)
}
