// The last calls of the same number before a call, as links: one request for each call that is opened.

import type { Api } from './api.ts'
import { resultOf } from './callTable.ts'
import { el, write } from './dom.ts'
import type { ListedCall, Story } from './entries.ts'
import type { I18n } from './i18n.ts'
import { icon } from './icons.ts'
import { earlierCallsQuery, otherNumberOf } from './otherParty.ts'

export interface EarlierCalls {
  readonly element: HTMLElement
  /** Requests them, unless they are those of this call already. */
  show(call: Story): Promise<void>
}

const MOST = 5

export function createEarlierCalls(i18n: I18n, api: Api): EarlierCalls {
  const heading = el('h3')
  const list = el('ul', { class: 'earlier' })
  const element = el('div', {}, heading, list)
  element.hidden = true
  let shown: Story['id'] | null = null
  return {
    element,
    async show(call) {
      if (shown === call.id) {
        return
      }
      shown = call.id
      element.hidden = true
      const number = otherNumberOf(call)
      const query = earlierCallsQuery(number, call.start_time, MOST)
      const result = query && (await api.calls(query))
      if (shown !== call.id || result?.kind !== 'ok') {
        return
      }
      const { calls } = result.value
      write(heading, i18n.t(calls.length === 0 ? 'call.noEarlier' : 'call.earlier', { number }))
      list.replaceChildren(...calls.map((each) => item(each, i18n)))
      element.hidden = false
    },
  }
}

function item(call: ListedCall, i18n: I18n): HTMLElement {
  const direction = i18n.value('direction', call.direction)
  const result = resultOf(call, i18n)
  const other = call.answered_by.join(', ') || call.callee
  return el(
    'li',
    { 'data-missed': String(call.missed) },
    el('span', { class: 'direction', title: direction }, icon(call.direction)),
    el('a', { href: `#call=${call.id}` }, i18n.time(call.start_time)),
    ` · ${direction} · ${other} · `,
    el('span', { class: 'result' }, result),
  )
}
