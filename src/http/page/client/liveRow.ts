// A row of the live calls: its state as a pill, a running clock, both sides with their names, and what is wrong with the voice.
//
// What is not observed now has no state, and its clock stands still.

import { siteElement } from './callTable.ts'
import { type Column, el, row, write } from './dom.ts'
import type { EntryId, LiveCall } from './entries.ts'
import { DASH, type I18n } from './i18n.ts'
import { icon } from './icons.ts'
import { partnersOf } from './partners.ts'

export interface LiveRow {
  readonly element: HTMLElement
  /** `isObserved`: false if its state is not known now. */
  show(call: LiveCall, isObserved: boolean): void
  tick(now: number): void
}

export interface LiveRowDependencies {
  readonly i18n: I18n
  readonly isFleet: boolean
  /** The user opened the call with this row id. */
  readonly onOpen: (id: EntryId) => void
  /** The user wants to end this call; null: nobody may. */
  readonly onHangUp: ((call: LiveCall) => void) | null
}

export function liveColumns({ i18n: { t }, isFleet, onHangUp }: LiveRowDependencies): readonly Column[] {
  return [
    { label: t('column.state') },
    { label: t('column.clock'), kind: 'number' },
    ...(isFleet ? [{ label: t('column.site') }] : []),
    { label: t('column.caller') },
    { label: t('column.callee') },
    { label: t('column.partners') },
    { label: t('column.direction'), kind: 'sign' },
    ...(onHangUp === null ? [] : [{ label: t('column.control'), kind: 'action' } as const]),
  ]
}

export function createLiveRow(
  call: LiveCall,
  columns: readonly Column[],
  { i18n, isFleet, onOpen, onHangUp }: LiveRowDependencies,
): LiveRow {
  let shown = call
  let isRunning = true
  const state = isFleet ? el('span', { class: 'state' }) : el('button', { type: 'button', class: 'state' })
  const voiceText = el('span')
  const voice = el('span', { class: 'voice' }, icon('warning'), voiceText)
  const clock = el('span', { class: 'clock' })
  const caller = el('span', { class: 'number' })
  const name = el('span', { class: 'name' })
  const callee = el('span', { class: 'number' })
  const partners = el('span', { class: 'partners' })
  const direction = el('span', { class: 'direction' })
  const site = isFleet ? [[siteElement(call.site ?? '')]] : []
  const hangUp = el('button', { type: 'button', class: 'hang-up' }, i18n.t('control.hangUp'))
  const others = [[caller, ' ', name], [callee], [partners], [direction], ...(onHangUp === null ? [] : [[hangUp]])]
  const element = row(columns, [[state, ' ', voice], [clock], ...site, ...others])
  const open = (): void => {
    if (!isFleet && shown.id !== null) {
      onOpen(shown.id)
    }
  }
  element.addEventListener('click', ({ target }) => {
    // A click anywhere in the row opens the call, unless it ends a selection of text, or is one on the other button.
    if (target !== hangUp && (target === state || getSelection()?.isCollapsed !== false)) {
      open()
    }
  })
  hangUp.addEventListener('click', () => onHangUp?.(shown))
  return {
    element,
    show(next, isObserved) {
      shown = next
      isRunning = isObserved
      const sides = { caller: next.caller || DASH, callee: next.callee || DASH }
      hangUp.setAttribute('aria-label', i18n.t('control.hangUpOf', sides))
      element.dataset['state'] = isObserved ? next.state : 'unknown'
      const stateText = isObserved ? i18n.value('state', next.state) : i18n.t('sites.unknown')
      write(state, stateText)
      if (!isFleet) {
        const openText = i18n.t('calls.open', { ...sides, time: i18n.time(next.start_time) })
        state.setAttribute('aria-label', `${stateText}. ${openText}`)
      }
      write(voiceText, next.voice === null ? '' : textOfVoice(next.voice, i18n))
      voice.hidden = next.voice === null || !isObserved
      showText(caller, next.caller || DASH)
      showText(name, next.caller_name)
      showText(callee, next.callee || DASH)
      write(partners, partnersOf(next, i18n))
      if (direction.dataset['direction'] !== next.direction) {
        direction.dataset['direction'] = next.direction
        const text = i18n.value('direction', next.direction)
        direction.replaceChildren(icon(next.direction), el('span', {}, text))
        direction.title = text
      }
    },
    tick(now) {
      if (isRunning || clock.textContent === '') {
        write(clock, i18n.clock((now - Date.parse(shown.answer_time ?? shown.start_time)) / 1000))
      }
    },
  }
}

// The style cuts off what is longer than its column; pointing at it shows the rest.
function showText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) {
    write(element, text)
    element.title = text
  }
}

/** What is wrong now with the voice of a call. */
function textOfVoice({ endpoint, problem, side }: NonNullable<LiveCall['voice']>, { t }: I18n): string {
  return problem === 'one_way' ? t('voice.one_way', { endpoint }) : t(`voice.${problem}.${side}`, { endpoint })
}
