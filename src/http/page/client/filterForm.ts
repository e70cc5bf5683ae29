// The form of the filters of the list of calls, other than the text, the period and the site.
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

/** `onFilter` gets the filters of the form. */
export function createFilterForm(i18n: I18n, onFilter: (filters: Partial<Filters>) => void): FilterForm {
  const { t, value } = i18n
  const any = ['', t('calls.any')] as const
  const text = (name: string): HTMLInputElement =>
    el('input', { type: 'text', name, autocomplete: 'off', size: '8', maxlength: '128' })
  const seconds = (name: string): HTMLInputElement =>
    el('input', { type: 'number', name, min: '0', max: '999999', inputmode: 'numeric' })
  const choice = (name: string, choices: readonly (readonly [string, string])[]): HTMLSelectElement => {
    const select = el('select', { name })
    select.append(...options([any, ...choices]))
    return select
  }
  const controls = {
    direction: choice(
      'direction',
      DIRECTION_NAMES.map((each) => [each, value('direction', each)]),
    ),
    disposition: choice(
      'disposition',
      DISPOSITION_NAMES.map((each) => [each, value('result', each)]),
    ),
    operator: text('operator'),
    answered_by: text('answered_by'),
    queue: text('queue'),
    trunk: text('trunk'),
    line: text('line'),
    destination: choice(
      'destination',
      DESTINATION_NAMES.map((each) => [each, value('destination', each)]),
    ),
    country: el('input', { type: 'text', name: 'country', autocomplete: 'off', size: '2', maxlength: '2' }),
    min_duration: seconds('min_duration'),
    max_duration: seconds('max_duration'),
  }
  const missed = el('input', { type: 'checkbox', name: 'missed' })
  const names = Object.keys(controls).filter((name): name is keyof typeof controls => Object.hasOwn(controls, name))

  const read = (): Partial<Filters> => ({
    ...Object.fromEntries(names.map((name) => [name, controls[name].value.trim()])),
    // A country that is not typed in full yet would be refused.
    country: /^[a-z]{2}$/i.test(controls.country.value) ? controls.country.value.toUpperCase() : NO_FILTERS.country,
    missed: missed.checked,
  })
  const element = el(
    'form',
    { class: 'filters', id: 'filters', 'aria-label': t('calls.filters') },
    field(t('calls.direction'), controls.direction),
    field(t('calls.disposition'), controls.disposition),
    field(t('column.operator'), controls.operator),
    field(t('filters.answeredBy'), controls.answered_by),
    field(t('calls.queue'), controls.queue),
    field(t('call.trunk'), controls.trunk),
    field(t('calls.line'), controls.line),
    field(t('calls.destination'), controls.destination),
    field(t('calls.country'), controls.country),
    field(t('filters.least'), controls.min_duration),
    field(t('filters.most'), controls.max_duration),
    el('label', { class: 'check' }, missed, ' ', t('calls.missed')),
  )
  const isPending = onChange(element, () => onFilter(read()))
  return {
    element,
    set(filters) {
      // What is being typed is reported a moment later.
      if (isPending()) {
        return
      }
      for (const name of names) {
        const control = controls[name]
        if (control.value.trim() !== filters[name] && !isUnfinished(control, filters[name])) {
          control.value = filters[name]
        }
      }
      missed.checked = filters.missed
    },
  }
}

// A country of which one letter is typed, or of small letters, stays as it is while the user is in the field.
function isUnfinished(control: HTMLInputElement | HTMLSelectElement, wanted: string): boolean {
  const isTyped = control === document.activeElement && control.name === 'country'
  return isTyped && (wanted === '' ? control.value.length === 1 : control.value.toUpperCase() === wanted)
}

/** Returns whether a change waits to be reported. */
function onChange(form: HTMLFormElement, report: () => void): () => boolean {
  let timer: ReturnType<typeof setTimeout> | undefined
  const reportNow = (): void => {
    timer = undefined
    report()
  }
  form.addEventListener('input', (event) => {
    clearTimeout(timer)
    const isTyped = event.target instanceof HTMLInputElement && event.target.type !== 'checkbox'
    timer = setTimeout(reportNow, isTyped ? TYPING_PAUSE_MS : 0)
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    clearTimeout(timer)
    reportNow()
  })
  return () => timer !== undefined
}
