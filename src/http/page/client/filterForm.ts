// The filter form above the list of calls.
//
// Every change is reported at once, typing after a short pause; there is no submit button.

import { el, field, options } from './dom.ts'
import { DESTINATION_NAMES, DIRECTION_NAMES, DISPOSITION_NAMES } from './filterChoices.ts'
import { type Filters, NO_FILTERS } from './filters.ts'
import type { I18n } from './i18n.ts'

export interface FilterForm {
  readonly element: HTMLElement
  /** Shows these filters without reporting them. */
  set(filters: Filters): void
}

const TYPING_PAUSE_MS = 300

export function createFilterForm(i18n: I18n, onFilter: (filters: Filters) => void): FilterForm {
  const { t, value } = i18n
  const any = ['', t('calls.any')] as const
  const text = el('input', {
    type: 'search',
    name: 'text',
    inputmode: 'search',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: '64',
  })
  const operator = el('input', { type: 'text', name: 'operator', autocomplete: 'off', size: '8', maxlength: '128' })
  const queue = el('input', { type: 'text', name: 'queue', autocomplete: 'off', size: '8', maxlength: '128' })
  const line = el('input', { type: 'text', name: 'line', autocomplete: 'off', size: '8', maxlength: '128' })
  // A country that is not typed in full yet would be refused.
  const country = el('input', { type: 'text', name: 'country', autocomplete: 'off', size: '2', maxlength: '2' })
  const destination = el('select', { name: 'destination' })
  destination.append(...options([any, ...DESTINATION_NAMES.map((each) => [each, value('destination', each)] as const)]))
  const direction = el('select', { name: 'direction' })
  direction.append(...options([any, ...DIRECTION_NAMES.map((each) => [each, value('direction', each)] as const)]))
  const disposition = el('select', { name: 'disposition' })
  disposition.append(...options([any, ...DISPOSITION_NAMES.map((each) => [each, value('result', each)] as const)]))
  const missed = el('input', { type: 'checkbox', name: 'missed' })
  const reset = el('button', { type: 'button', class: 'reset' }, t('calls.reset'))

  // The period and the site are chosen elsewhere, for the whole page.
  let ofPage: Filters = NO_FILTERS

  const read = (): Filters => ({
    ...ofPage,
    text: text.value,
    direction: direction.value,
    disposition: disposition.value,
    operator: operator.value,
    queue: queue.value,
    line: line.value,
    destination: destination.value,
    country: /^[a-z]{2}$/i.test(country.value) ? country.value.toUpperCase() : '',
    missed: missed.checked,
  })
  const write = (filters: Filters): void => {
    ofPage = filters
    text.value = filters.text
    direction.value = filters.direction
    disposition.value = filters.disposition
    operator.value = filters.operator
    queue.value = filters.queue
    line.value = filters.line
    destination.value = filters.destination
    country.value = filters.country
    missed.checked = filters.missed
  }
  const element = el(
    'form',
    { class: 'filters', role: 'search', 'aria-label': t('calls.filters') },
    field(t('calls.search'), text),
    field(t('calls.direction'), direction),
    field(t('calls.disposition'), disposition),
    field(t('column.operator'), operator),
    field(t('calls.queue'), queue),
    field(t('calls.line'), line),
    field(t('calls.destination'), destination),
    field(t('calls.country'), country),
    el('label', { class: 'check' }, missed, ' ', t('calls.missed')),
    reset,
  )
  onChange(element, () => {
    onFilter(read())
  })
  reset.addEventListener('click', () => {
    const { site, period, from, to } = ofPage
    write({ ...NO_FILTERS, site, period, from, to })
    onFilter(read())
    text.focus()
  })
  return { element, set: write }
}

function onChange(form: HTMLFormElement, report: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  form.addEventListener('input', (event) => {
    clearTimeout(timer)
    const isTyped = event.target instanceof HTMLInputElement && event.target.type !== 'checkbox'
    timer = setTimeout(report, isTyped ? TYPING_PAUSE_MS : 0)
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    clearTimeout(timer)
    report()
  })
}
