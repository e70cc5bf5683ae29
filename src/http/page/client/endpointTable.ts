// The table of endpoints: role, whether it is doubtful, why, whether the endpoint is online, and a button that says that the role is wrong.
//
// Some rows at first, more on request: a PBX may have ten thousand endpoints.

import type { EndpointEntry } from '../../../query/endpointSchema.ts'
import { type Column, el, keyedList, row, table, write } from './dom.ts'
import { isDoubtful, SPEAKS_FOR } from './endpointList.ts'
import type { I18n } from './i18n.ts'

export interface EndpointTable {
  readonly elements: readonly HTMLElement[]
  show(endpoints: readonly EndpointEntry[]): void
  /** Shows only the first rows again. */
  shorten(): void
}

export interface EndpointTableDependencies {
  readonly i18n: I18n
  readonly isWrong: (endpoint: EndpointEntry) => boolean
  /** The user pressed the button of this endpoint. */
  readonly onWrong: (endpoint: EndpointEntry) => void
}

const FIRST = 10
const MORE = 100

export function createEndpointTable(dependencies: EndpointTableDependencies): EndpointTable {
  const { i18n } = dependencies
  const { t } = i18n
  const columns: readonly Column[] = [
    { label: t('endpoints.name') },
    { label: t('endpoints.role') },
    { label: t('column.state') },
    { label: t('endpoints.why') },
    { label: t('endpoints.wrong') },
  ]
  const { element, body } = table(t('endpoints.title'), columns)
  const rows = keyedList(body, {
    keyOf: ({ technology, endpoint }: EndpointEntry) => `${technology}/${endpoint}`,
    create: (endpoint) => createRow(endpoint, columns, dependencies),
    update: (known, endpoint) => known.show(endpoint),
  })
  const none = el('p', { class: 'muted' }, t('endpoints.none'))
  const shown = el('p', { class: 'muted' })
  const more = el('button', { type: 'button', class: 'more' })
  let all: readonly EndpointEntry[] = []
  let length = FIRST

  const draw = (): void => {
    rows.show(all.slice(0, length))
    const isAll = all.length <= length
    element.hidden = all.length === 0
    none.hidden = all.length > 0
    more.hidden = all.length <= FIRST
    shown.hidden = more.hidden
    write(
      shown,
      t('endpoints.shown', { shown: i18n.number(Math.min(length, all.length)), count: i18n.number(all.length) }),
    )
    const next = i18n.number(Math.min(MORE, all.length - length))
    write(more, isAll ? t('callers.fewer') : t('endpoints.more', { count: next }))
  }
  more.addEventListener('click', () => {
    length = all.length <= length ? FIRST : length + MORE
    draw()
  })
  return {
    elements: [element, none, shown, more],
    show(endpoints) {
      all = endpoints
      draw()
    },
    shorten() {
      length = FIRST
    },
  }
}

interface Row {
  readonly element: HTMLTableRowElement
  show(endpoint: EndpointEntry): void
}

function createRow(
  first: EndpointEntry,
  columns: readonly Column[],
  { i18n, isWrong, onWrong }: EndpointTableDependencies,
): Row {
  const { t } = i18n
  const [role, doubtful] = [el('span'), el('span', { class: 'doubtful' })]
  const [state, why, technology] = [el('span', { class: 'state' }), el('span'), el('span', { class: 'muted' })]
  const button = el('button', { type: 'button' })
  let shown = first
  button.addEventListener('click', () => onWrong(shown))
  const element = row(columns, [[first.endpoint, technology], [role, ' ', doubtful], [state], [why], [button]])
  return {
    element,
    show(endpoint) {
      shown = endpoint
      const isTrunk = endpoint.role === 'trunk'
      element.dataset['certainty'] = endpoint.certainty
      element.dataset['state'] = endpoint.state ?? 'unknown'
      write(technology, endpoint.technology === 'PJSIP' ? '' : ` ${endpoint.technology}`)
      write(role, i18n.value('role', endpoint.role))
      write(doubtful, isDoubtful(endpoint) ? t('endpoints.doubtful') : '')
      doubtful.hidden = !isDoubtful(endpoint)
      write(state, i18n.value('state', endpoint.state))
      write(why, whyText(endpoint, i18n))
      const correction = t(isTrunk ? 'endpoints.isPhone' : 'endpoints.isTrunk')
      write(button, correction)
      button.setAttribute('aria-label', `${correction}: ${endpoint.endpoint}`)
      button.setAttribute('aria-pressed', String(isWrong(endpoint)))
      button.hidden = endpoint.decided_by === 'setting'
    },
  }
}

/** The reasons in words; those for the other role apart. */
function whyText({ role, decided_by, reasons }: EndpointEntry, i18n: I18n): string {
  const { t } = i18n
  if (decided_by === 'setting') {
    return t('endpoints.bySetting')
  }
  if (reasons.length === 0) {
    return t('endpoints.byName')
  }
  const [trunk, phone] = (['trunk', 'phone'] as const).map((each) =>
    reasons.flatMap((reason) => (SPEAKS_FOR[reason] === each ? [i18n.value('reason', reason)] : [])).join('; '),
  )
  const isOneSided = reasons.every((reason) => SPEAKS_FOR[reason] === role)
  const text = isOneSided
    ? reasons.map((reason) => i18n.value('reason', reason)).join('; ')
    : t('endpoints.both', { trunk: trunk || '–', phone: phone || '–' })
  return decided_by === 'name' ? t('endpoints.nameDecides', { reasons: text }) : text
}
