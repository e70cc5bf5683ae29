// The trunks: how many calls each can carry, its busiest hour of the last month, and how many lines that needs.
//
// The figures of a month change slowly: loaded at an interval. A name that TRUNK_CHANNELS has and the PBX has not is said above the table.

import type { TrunkEntry } from '../../../query/trunkSchema.ts'
import { type Api, errorText } from './api.ts'
import { el, keyedList, row, table, write } from './dom.ts'
import { DASH, type I18n } from './i18n.ts'

export interface Trunks {
  readonly section: HTMLElement
  load(): Promise<void>
}

export function createTrunks(i18n: I18n, api: Api): Trunks {
  const { t } = i18n
  const columns = [
    { label: t('trunks.trunk') },
    { label: t('trunks.channels'), kind: 'number' },
    { label: t('trunks.hour') },
    { label: t('trunks.seizures'), kind: 'number' },
    { label: t('trunks.erlangs'), kind: 'number' },
    { label: t('trunks.lines'), kind: 'number' },
  ] as const
  const { element, body } = table(t('trunks.title'), columns)
  const rows = keyedList(body, {
    keyOf: ({ trunk }: TrunkEntry) => trunk,
    create: () => ({ element: row(columns) }),
    update: (known, trunk) => fill(known.element, trunk, i18n),
  })
  const [error, wrong] = [el('p', { class: 'problem', role: 'alert' }), el('p', { class: 'problem' })]
  const [formula, since] = [el('p', { class: 'muted' }), el('p', { class: 'muted' })]
  const section = el(
    'section',
    { class: 'trunks', 'aria-labelledby': 'trunks' },
    el('div', { class: 'title' }, el('h2', { id: 'trunks' }, t('trunks.title'))),
    ...[error, wrong, element, formula, since],
  )
  section.hidden = true
  error.hidden = true

  return {
    section,
    async load() {
      const result = await api.trunks()
      if (result.kind === 'cancelled') {
        return
      }
      error.hidden = result.kind === 'ok'
      if (result.kind !== 'ok') {
        write(error, errorText(result, i18n))
        return
      }
      const { from, blocked, trunks } = result.value
      rows.show(trunks)
      section.hidden = trunks.length === 0
      write(wrong, trunks.flatMap((trunk) => problemOf(trunk, i18n)).join(' '))
      wrong.hidden = wrong.textContent === ''
      write(formula, t('trunks.formula', { share: i18n.share(blocked) }))
      write(since, t('trunks.since', { time: i18n.time(from) }))
    },
  }
}

function problemOf({ trunk, state }: TrunkEntry, { t }: I18n): readonly string[] {
  switch (state) {
    case 'known': {
      return []
    }
    case 'not_seen': {
      return [t('trunks.notSeen', { trunk })]
    }
    case 'phone': {
      return [t('trunks.phone', { trunk })]
    }
  }
}

function fill(element: HTMLTableRowElement, trunk: TrunkEntry, i18n: I18n): void {
  const { channels, busiest_hour: hour } = trunk
  element.dataset['lines'] = hour !== null && channels !== null && hour.lines_needed > channels ? 'few' : 'enough'
  const texts = [
    trunk.trunk,
    channels === null ? DASH : i18n.number(channels),
    i18n.time(hour?.start ?? null),
    hour === null ? DASH : i18n.number(hour.seizures),
    hour === null ? DASH : i18n.number(hour.erlangs, 2),
    hour === null ? DASH : i18n.number(hour.lines_needed),
  ]
  texts.forEach((text, index) => {
    const cell = element.cells[index]
    if (cell !== undefined) {
      write(cell, text)
    }
  })
}
