// The active filters of the list of calls in words, and what removes each. No I/O.

import { type Filters, NO_FILTERS, TEXT_FILTERS } from './filters.ts'
import type { I18n } from './i18n.ts'
import { meaningText } from './searchSuggestions.ts'

/** A filter in words, and what removes it. */
export interface Chip {
  readonly text: string
  readonly change: Partial<Filters>
}

/** The active filters in words, in the order of the form. */
export function chipsOf(filters: Filters, i18n: Pick<I18n, 't' | 'value' | 'span'>): readonly Chip[] {
  const texts = TEXT_FILTERS.filter((name) => filters[name].trim() !== '').map((name) => ({
    text: textOf(name, filters[name].trim(), i18n),
    change: { [name]: NO_FILTERS[name] },
  }))
  return filters.missed ? [...texts, { text: i18n.t('filter.missed'), change: { missed: false } }] : texts
}

function textOf(name: (typeof TEXT_FILTERS)[number], value: string, i18n: Pick<I18n, 't' | 'value' | 'span'>): string {
  switch (name) {
    case 'text': {
      return meaningText(value, i18n)
    }
    case 'direction':
    case 'destination': {
      return i18n.t(`filter.${name}`, { value: valuesText(name, value, i18n) })
    }
    case 'disposition': {
      return i18n.t('filter.disposition', { value: valuesText('result', value, i18n) })
    }
    case 'min_duration':
    case 'max_duration': {
      return i18n.t(`filter.${name}`, { value: /^\d+(\.\d+)?$/.test(value) ? i18n.span(Number(value)) : value })
    }
    default: {
      return i18n.t(`filter.${name}`, { value })
    }
  }
}

// The address may have several, with commas between.
function valuesText(
  field: 'direction' | 'destination' | 'result',
  values: string,
  { value }: Pick<I18n, 'value'>,
): string {
  return values
    .split(',')
    .map((each) => value(field, each))
    .join(', ')
}
