// The key figures of a period and the phones: what was offered to each, what became of it, what it does now.
//
// Asked for again every few seconds while the page is seen, and soon after something happened.

import type { OperatorEntry, Stats } from '../../../query/schema.ts'
import type { Api } from './api.ts'
import { complaint } from './callList.ts'
import { today } from './clock.ts'
import { arrange, el, field, figure, options, row, table, write } from './dom.ts'
import { boundsOf } from './filters.ts'
import { NOTHING, type Words } from './words.ts'

export interface Operators {
  readonly section: HTMLElement
  load(): Promise<void>
  stale(): void
}

const CHOICES = ['hour', 'today', 'yesterday', 'week', 'month'] as const
const SOON_MS = 2_000

export function createOperators(words: Words, api: Api): Operators {
  const { say } = words
  const columns = [
    { label: say('column.operator') },
    { label: say('column.state') },
    { label: say('column.offered'), kind: 'number' },
    { label: say('column.answered'), kind: 'number' },
    { label: say('column.missed'), kind: 'number' },
    { label: say('column.talk'), kind: 'number' },
    { label: say('column.average'), kind: 'number' },
  ] as const
  const { element, body } = table(say('operators.title'), columns)
  const period = el('select', { name: 'operators-period' })
  period.append(...options(CHOICES.map((each) => [each, say(`period.${each}`)] as const)))
  period.value = 'today'
  const none = el('p', { class: 'quiet' }, say('operators.none'))
  const error = el('p', { class: 'problem', role: 'alert' })
  error.hidden = true
  const figures = createStats(words)
  const rows = new Map<string, HTMLTableRowElement>()
  let waiting: ReturnType<typeof setTimeout> | undefined

  const showOperators = (told: readonly OperatorEntry[]): void => {
    // By name, so that nobody jumps about while figures change.
    const operators = told.toSorted((one, other) =>
      one.operator.localeCompare(other.operator, words.language, { numeric: true }),
    )
    const names = new Set(operators.map(({ operator }) => operator))
    for (const name of rows.keys()) if (!names.has(name)) rows.delete(name)
    arrange(
      body,
      operators.map((operator) => {
        const made =
          rows.get(operator.operator) ??
          row(
            columns,
            columns.map(() => []),
          )
        rows.set(operator.operator, made)
        fill(made, operator, words)
        return made
      }),
    )
    element.hidden = operators.length === 0
    none.hidden = operators.length > 0
  }
  const load = async (): Promise<void> => {
    clearTimeout(waiting)
    waiting = undefined
    const asked = CHOICES.find((each) => each === period.value) ?? 'today'
    const query = new URLSearchParams(boundsOf({ period: asked, from: '', to: '' }, today()))
    const [operators, stats] = await Promise.all([api.operators(query), api.stats(query)])
    if (asked !== period.value) return
    error.hidden = operators.kind === 'answer' || operators.kind === 'cancelled'
    if (operators.kind === 'answer') showOperators(operators.value.operators)
    else if (operators.kind !== 'cancelled') write(error, complaint(operators, words))
    if (stats.kind === 'answer') figures.show(stats.value)
  }
  period.addEventListener('change', () => void load())
  const head = el(
    'div',
    { class: 'title' },
    el('h2', { id: 'operators' }, say('operators.title')),
    field(say('calls.period'), period),
  )
  return {
    section: el(
      'section',
      { class: 'operators', 'aria-labelledby': 'operators' },
      head,
      figures.element,
      error,
      none,
      element,
    ),
    load,
    stale() {
      waiting ??= setTimeout(() => void load(), SOON_MS)
    },
  }
}

function createStats(words: Words): { readonly element: HTMLElement; show(stats: Stats): void } {
  const { say } = words
  const calls = figure(say('stats.calls'))
  const answered = figure(say('stats.answered'))
  const missed = figure(say('stats.missed'))
  const average = figure(say('stats.average'))
  const delay = figure(say('stats.delay'))
  const all = [calls, answered, missed, average, delay]
  return {
    element: el(
      'dl',
      { class: 'figures small', 'aria-label': say('stats.title') },
      ...all.map(({ element }) => element),
    ),
    show(stats) {
      calls.set(words.number(stats.calls))
      answered.set(words.share(stats.answered_share))
      missed.set(words.number(stats.missed))
      average.set(stats.average_duration === null ? NOTHING : words.clock(stats.average_duration))
      delay.set(words.span(stats.average_answer_delay))
    },
  }
}

function fill(made: HTMLTableRowElement, operator: OperatorEntry, words: Words): void {
  made.dataset['state'] = operator.state ?? 'none'
  const texts = [
    operator.operator,
    words.value('state', operator.state),
    words.number(operator.offered),
    words.number(operator.answered),
    words.number(operator.missed),
    words.clock(operator.talk_seconds),
    operator.average_talk_seconds === null ? NOTHING : words.clock(operator.average_talk_seconds),
  ]
  texts.forEach((text, index) => {
    const cell = made.cells[index]
    if (cell !== undefined) write(cell, text)
  })
}
