// The choice of a queue whose missed callers are listed. It follows neither the calls nor the address: nobody must be overlooked by accident.

import { el, field, options } from './dom.ts'
import type { Caller } from './entries.ts'
import type { I18n } from './i18n.ts'

export interface QueueChoice {
  readonly element: HTMLElement
  /** Offers the queues of these callers; hidden unless they are several. */
  offer(callers: readonly Caller[]): void
  /** Whether a queue is chosen. */
  isSet(): boolean
  matches(caller: Caller): boolean
  /** Adds the chosen queue to a query. */
  narrow(query: URLSearchParams): URLSearchParams
}

export function createQueueChoice({ t, language }: I18n, onChange: () => void): QueueChoice {
  const select = el('select', { name: 'callers-queue' })
  const element = field(t('callers.queue'), select)
  const { compare } = new Intl.Collator(language, { numeric: true })
  element.hidden = true
  select.addEventListener('change', onChange)
  return {
    element,
    offer(callers) {
      const chosen = select.value
      // The chosen one stays, though nobody of it is left.
      const known = new Set([chosen, ...callers.map(({ queue }) => queue ?? '')])
      known.delete('')
      const names = ['', ...[...known].sort(compare)]
      element.hidden = known.size < 2 && chosen === ''
      if (names.join('\n') !== [...select.options].map(({ value }) => value).join('\n')) {
        select.replaceChildren(...options(names.map((name) => [name, name || t('callers.allQueues')] as const)))
        select.value = chosen
      }
    },
    isSet: () => select.value !== '',
    matches: ({ queue }) => select.value === '' || queue === select.value,
    narrow(query) {
      if (select.value !== '') {
        query.set('queue', select.value)
      }
      return query
    },
  }
}
