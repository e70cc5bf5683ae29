// The choice of the period of the whole page: one of a list, or from one minute to another.

import { chartPeriodOf, customPeriod } from './chartPeriod.ts'
import { today } from './clock.ts'
import { el, field, options } from './dom.ts'
import { type ChosenPeriod, PERIODS } from './filters.ts'
import type { I18n } from './i18n.ts'

export interface PeriodControl {
  readonly element: HTMLElement
  /** Shows this period without reporting it. */
  set(period: ChosenPeriod): void
}

/** `onPeriod`: the user chose it. */
export function createPeriodControl({ t }: I18n, onPeriod: (period: ChosenPeriod) => void): PeriodControl {
  const select = el('select', { name: 'period' })
  select.append(...options(PERIODS.map((each) => [each, t(`period.${each}`)] as const)))
  const from = el('input', { type: 'datetime-local', name: 'from' })
  const to = el('input', { type: 'datetime-local', name: 'to' })
  const custom = el('div', { class: 'custom' }, field(t('calls.from'), from), field(t('calls.to'), to))
  let shown: ChosenPeriod = { period: 'today', from: '', to: '' }

  const set = (period: ChosenPeriod): void => {
    shown = period
    select.value = period.period
    from.value = period.from
    to.value = period.to
    custom.hidden = period.period !== 'custom'
  }
  select.addEventListener('change', () => {
    const period = PERIODS.find((each) => each === select.value) ?? 'today'
    // The ends begin with those of the period that was shown, so that they only have to be moved.
    onPeriod(period === 'custom' ? endsOf(shown) : { period, from: '', to: '' })
    if (period === 'custom') {
      from.focus()
    }
  })
  custom.addEventListener('change', () => onPeriod({ period: 'custom', from: from.value, to: to.value }))
  set(shown)
  return {
    element: el(
      'div',
      { class: 'period', role: 'group', 'aria-label': t('period') },
      field(t('calls.period'), select),
      custom,
    ),
    set,
  }
}

function endsOf(period: ChosenPeriod): ChosenPeriod {
  const { from, to } = chartPeriodOf(period, today())
  return customPeriod(from, to)
}
