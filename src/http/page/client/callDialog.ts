// One call's story in a dialog: when what happened, whom it was offered to, why it ended, how it sounded.
//
// The browser's own dialog: focus stays inside, Escape closes it. The address names the call, so a story can be sent to
// somebody. A call that still lives is told anew when it changes.

import type { Quality, StreamQualityEntry } from '../../../query/fields.ts'
import type { CallDetail, LegEntry } from '../../../query/schema.ts'
import type { Api } from './api.ts'
import { errorText, resultOf } from './callList.ts'
import { el, write } from './dom.ts'
import type { I18n } from './i18n.ts'
import { timeline } from './timeline.ts'

export interface CallDialog {
  readonly element: HTMLElement
  /** A row, or the id of a channel. */
  open(id: string): Promise<void>
  close(): void
  /** Something happened to the call of this channel. */
  refreshSoon(channelId: string): void
}

export interface CallDialogDependencies {
  readonly i18n: I18n
  readonly api: Api
  readonly closed: () => void
  /** Whether the call of this channel is among those that live now. */
  readonly isLive: (channelId: string) => boolean
  /** By the server's clock, epoch ms. */
  readonly now: () => number
}

// The log hears of an end a moment after the page does.
const RETRY_MS = 500

export function createCallDialog({ i18n, api, closed, isLive, now }: CallDialogDependencies): CallDialog {
  const { t } = i18n
  const title = el('h2', { id: 'story' }, t('calls.loading'))
  const close = el('button', { type: 'button', class: 'close' }, t('call.close'))
  const content = el('div', { class: 'content' })
  const dialog = el('dialog', { 'aria-labelledby': 'story' }, el('div', { class: 'title' }, title, close), content)
  let shown: { readonly id: string; readonly story: CallDetail | null } | null = null

  const load = async (id: string): Promise<void> => {
    const answer = await api.story(id)
    if (shown?.id !== id || answer.kind === 'cancelled') {
      return
    }
    if (answer.kind !== 'answer') {
      const missing = answer.kind === 'refused' && answer.status === 404
      write(title, t('calls.title'))
      content.replaceChildren(el('p', { role: 'alert' }, missing ? t('call.missing') : errorText(answer, i18n)))
      return
    }
    const story = answer.value
    shown = { id, story }
    write(title, t('call.title', { caller: partyOf(story), callee: story.callee }))
    content.replaceChildren(...latest(story, i18n, now()))
    if (story.end_time === null && !isLive(story.channel_id)) {
      setTimeout(() => again(id), RETRY_MS)
    }
  }
  const again = (id: string): void => {
    if (shown?.id === id && shown.story?.end_time === null) {
      void load(id)
    }
  }
  close.addEventListener('click', () => dialog.close())
  dialog.addEventListener('click', (event) => {
    // Beside the dialog's content is its backdrop.
    if (event.target === dialog) {
      dialog.close()
    }
  })
  dialog.addEventListener('close', () => {
    shown = null
    closed()
  })
  return {
    element: dialog,
    async open(id) {
      shown = { id, story: null }
      write(title, t('calls.loading'))
      content.replaceChildren()
      if (!dialog.open) {
        dialog.showModal()
      }
      await load(id)
    },
    close: () => dialog.close(),
    refreshSoon(channelId) {
      if (shown?.story?.channel_id === channelId) {
        void load(shown.id)
      }
    },
  }
}

function partyOf({ caller, caller_name }: CallDetail): string {
  return caller_name === '' ? caller : `${caller} (${caller_name})`
}

function latest(story: CallDetail, i18n: I18n, now: number): readonly Element[] {
  const { t } = i18n
  const parts: Element[] = [
    el('p', { class: 'verdict', 'data-missed': String(story.missed) }, outcomeText(story, i18n)),
    timeline(story, i18n, now),
    facts(story, i18n),
    el('h3', {}, t('call.legs')),
  ]
  parts.push(
    story.legs.length === 0
      ? el('p', { class: 'quiet' }, noLegsText(story, i18n))
      : el('ul', { class: 'legs' }, ...story.legs.map((leg) => legItem(leg, i18n))),
  )
  return parts
}

// Missed without an attempt: no phone was there that could have been called.
function noLegsText({ missed, queue, callee }: CallDetail, { t }: I18n): string {
  return missed ? t('call.unreached', { target: queue ?? callee }) : t('call.nobody')
}

function outcomeText(story: CallDetail, i18n: I18n): string {
  return `${i18n.value('direction', story.direction)} · ${resultOf(story, i18n)}`
}

function facts(story: CallDetail, i18n: I18n): HTMLElement {
  const { t, time, span } = i18n
  const rows: readonly (readonly [string, string | null])[] = [
    [t('call.start'), time(story.start_time)],
    [t('call.answer'), story.answer_time && time(story.answer_time)],
    [t('call.end'), story.end_time && time(story.end_time)],
    [t('call.delay'), story.answer_delay === null ? null : span(story.answer_delay)],
    [t('call.duration'), story.answer_time && span(story.duration)],
    [t('call.ring'), story.ring_seconds === null ? null : span(story.ring_seconds)],
    [t('call.hold'), story.hold_seconds > 0 ? span(story.hold_seconds) : null],
    [t('call.cause'), !story.cause ? null : i18n.cause(story.cause, story.cause_text)],
    [t('call.hangup'), story.hangup_by && i18n.value('side', story.hangup_by)],
    [t('call.who'), story.answered_by.join(', ') || null],
    [t('call.queue'), story.queue],
    [t('call.wait'), story.queue_wait === null ? null : span(story.queue_wait)],
    [t('call.trunk'), story.trunk],
    [t('call.transfers'), story.transfers > 0 ? i18n.number(story.transfers) : null],
    [t('call.merged'), story.merged_into],
    [t('call.quality'), story.quality && qualityText(story.quality, i18n)],
    [t('call.channel'), story.channel_id],
  ]
  const shown = rows.flatMap(([label, text]) => (text ? [el('div', {}, el('dt', {}, label), el('dd', {}, text))] : []))
  return el('dl', { class: 'facts' }, ...shown)
}

function legItem(leg: LegEntry, i18n: I18n): HTMLElement {
  const { t } = i18n
  const parts = [
    `${i18n.timeOfDay(leg.start_time)} – ${leg.end_time === null ? '…' : i18n.timeOfDay(leg.end_time)}`,
    leg.answer_time === null ? '' : `${t('call.duration')}: ${i18n.span(leg.talk_seconds)}`,
    !leg.cause ? '' : `${t('call.cause')}: ${i18n.cause(leg.cause, null)}`,
    leg.dialed === '' || leg.dialed === leg.endpoint ? '' : `${t('call.dialed')}: ${leg.dialed}`,
    leg.quality === null ? '' : `${t('call.quality')}: ${qualityText(leg.quality, i18n)}`,
  ].filter((part) => part !== '')
  return el(
    'li',
    { 'data-result': leg.result ?? 'open' },
    el('strong', {}, leg.endpoint),
    ' ',
    el('span', { class: 'result' }, i18n.value('result', leg.result ?? 'open')),
    el('p', { class: 'quiet' }, parts.join(' · ')),
  )
}

/** Null parts were not measured and are not said. */
export function qualityText({ rx, tx, round_trip_seconds: roundTrip }: Quality, i18n: I18n): string {
  const { t } = i18n
  const stream = (name: string, { mos, loss_ratio: loss, jitter_seconds: jitter }: StreamQualityEntry): string => {
    const parts = [
      mos === null ? '' : t('call.mos', { value: i18n.number(mos, 2) }),
      loss === null ? '' : t('call.loss', { value: i18n.share(loss) }),
      jitter === null ? '' : t('call.jitter', { value: i18n.milliseconds(jitter) }),
    ].filter((part) => part !== '')
    return parts.length === 0 ? '' : `${name}: ${parts.join(', ')}`
  }
  const parts = [
    stream(t('call.received'), rx),
    stream(t('call.sent'), tx),
    roundTrip === null ? '' : t('call.roundTrip', { value: i18n.milliseconds(roundTrip) }),
  ]
  return parts.filter((part) => part !== '').join('; ')
}
