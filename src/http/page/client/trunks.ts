// The trunks: whether each is up, its use and capacity, the attempts of today, its last fault, and how many lines its busiest hour needs.
//
// Trunks that are offline come first. A name that TRUNK_CHANNELS has and the PBX has not is said above the cards.

import type { TrunkEntry } from '../../../query/trunkSchema.ts'
import { type Api, errorText } from './api.ts'
import { type Causes, loadCauses } from './causes.ts'
import { el, keyedList, problemLine, write, writeOrHide } from './dom.ts'
import type { I18n } from './i18n.ts'
import { createLatestRequest } from './latestRequest.ts'
import type { Navigation } from './navigation.ts'
import { createTrunkCard, type TrunkCard } from './trunkCard.ts'

export interface Trunks {
  readonly section: HTMLElement
  load(): Promise<void>
  /** A call changed, or Asterisk came or went: loads again soon. */
  refreshSoon(): void
  /** `isKnown`: what happens now is known. */
  draw(isKnown: boolean): void
}

/** The answer has figures of a month, so that it is not requested with each call. */
const SOON_MS = 30_000

export function createTrunks(i18n: I18n, api: Api, navigation: Navigation): Trunks {
  const { t } = i18n
  const list = el('div', { class: 'cards' })
  const made = new Map<string, TrunkCard>()
  let isKnownNow = false
  let causes: Causes | null = null
  const cards = keyedList(list, {
    keyOf: ({ trunk }: TrunkEntry) => trunk,
    create({ trunk }) {
      const card = made.get(trunk) ?? createTrunkCard(trunk, i18n, navigation)
      made.set(trunk, card)
      return card
    },
    update: (card, trunk) => card.show(trunk, isKnownNow, causes),
  })
  const count = el('span', { class: 'count' })
  const [error, wrong] = [problemLine(), el('p', { class: 'problem' })]
  const [none, formula, since] = [
    el('p', { class: 'muted' }, t('trunks.none')),
    el('p', { class: 'muted note' }),
    el('p', { class: 'muted note' }),
  ]
  for (const each of [wrong, none, formula, since]) {
    each.hidden = true
  }
  const section = el(
    'section',
    { class: 'trunks', 'aria-labelledby': 'trunks', 'aria-busy': 'true' },
    el('div', { class: 'title' }, el('h2', { id: 'trunks' }, t('trunks.title'), ' ', count)),
    ...[error, wrong, none, list, formula, since],
  )
  let trunks: readonly TrunkEntry[] = []
  const request = createLatestRequest(() => load())

  const draw = (): void => {
    // Offline ones first; the others keep the order of their names.
    const isOffline = ({ endpoint_state: state }: TrunkEntry): boolean => isKnownNow && state === 'offline'
    cards.show([...trunks.filter(isOffline), ...trunks.filter((one) => !isOffline(one))])
    const offline = trunks.filter(isOffline).length
    write(count, offline === 0 ? i18n.number(trunks.length) : t('trunks.offline', { count: i18n.number(offline) }))
    count.dataset['some'] = String(offline > 0)
  }
  const load = async (): Promise<void> => {
    const result = await api.trunks(request.begin())
    if (result.kind === 'cancelled') {
      return
    }
    section.removeAttribute('aria-busy')
    writeOrHide(error, errorText(result, i18n))
    if (result.kind !== 'ok') {
      return
    }
    const { from, blocked } = result.value
    trunks = result.value.trunks
    if (trunks.some(({ today }) => today.last_fault !== null)) {
      causes ??= await loadCauses(i18n)
    }
    writeOrHide(wrong, trunks.flatMap((trunk) => problemOf(trunk, i18n)).join(' '))
    none.hidden = trunks.length > 0
    write(formula, t('trunks.formula', { share: i18n.share(blocked) }))
    write(since, t('trunks.since', { time: i18n.time(from) }))
    formula.hidden = trunks.every(({ busiest_hour: hour }) => hour === null)
    since.hidden = formula.hidden
    draw()
  }
  return {
    section,
    load,
    refreshSoon: () => request.soon(SOON_MS),
    draw(isKnown) {
      if (isKnown !== isKnownNow) {
        isKnownNow = isKnown
        draw()
      }
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
