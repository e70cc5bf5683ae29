// One call's story in a dialog: when what happened, whom it was offered to, why it ended, how it sounded.
//
// The browser's own dialog: focus stays inside, Escape closes it. The address names the call, so a story can be sent to
// somebody. A call that still lives is told anew when it changes.

import type { Quality, StreamQualityEntry } from '../../../query/fields.ts'
import type { CallDetail, LegEntry } from '../../../query/schema.ts'
import type { Api } from './api.ts'
import { complaint, resultOf } from './callList.ts'
import { el, write } from './dom.ts'
import { timeline } from './timeline.ts'
import type { Words } from './words.ts'

export interface StoryDialog {
  readonly element: HTMLElement
  /** A row, or the id of a channel. */
  open(id: string): Promise<void>
  close(): void
  /** Something happened to the call of this channel. */
  stale(channelId: string): void
}

export interface StoryNeeds {
  readonly words: Words
  readonly api: Api
  readonly closed: () => void
  /** Whether the call of this channel is among those that live now. */
  readonly lives: (channelId: string) => boolean
  /** By the server's clock, epoch ms. */
  readonly now: () => number
}

// The log hears of an end a moment after the page does.
const AGAIN_MS = 500

export function createStoryDialog({ words, api, closed, lives, now }: StoryNeeds): StoryDialog {
  const { say } = words
  const title = el('h2', { id: 'story' }, say('calls.loading'))
  const close = el('button', { type: 'button', class: 'close' }, say('story.close'))
  const content = el('div', { class: 'content' })
  const dialog = el('dialog', { 'aria-labelledby': 'story' }, el('div', { class: 'title' }, title, close), content)
  let shown: { readonly id: string; readonly story: CallDetail | null } | null = null

  const load = async (id: string): Promise<void> => {
    const answer = await api.story(id)
    if (shown?.id !== id || answer.kind === 'cancelled') return
    if (answer.kind !== 'answer') {
      const missing = answer.kind === 'refused' && answer.status === 404
      write(title, say('calls.title'))
      content.replaceChildren(el('p', { role: 'alert' }, missing ? say('story.missing') : complaint(answer, words)))
      return
    }
    const story = answer.value
    shown = { id, story }
    write(title, say('story.title', { caller: partyOf(story), callee: story.callee }))
    content.replaceChildren(...told(story, words, now()))
    if (story.end_time === null && !lives(story.channel_id)) setTimeout(() => again(id), AGAIN_MS)
  }
  const again = (id: string): void => {
    if (shown?.id === id && shown.story?.end_time === null) void load(id)
  }
  close.addEventListener('click', () => dialog.close())
  dialog.addEventListener('click', (event) => {
    // Beside the dialog's content is its backdrop.
    if (event.target === dialog) dialog.close()
  })
  dialog.addEventListener('close', () => {
    shown = null
    closed()
  })
  return {
    element: dialog,
    async open(id) {
      shown = { id, story: null }
      write(title, say('calls.loading'))
      content.replaceChildren()
      if (!dialog.open) dialog.showModal()
      await load(id)
    },
    close: () => dialog.close(),
    stale(channelId) {
      if (shown?.story?.channel_id === channelId) void load(shown.id)
    },
  }
}

function partyOf({ caller, caller_name }: CallDetail): string {
  return caller_name === '' ? caller : `${caller} (${caller_name})`
}

function told(story: CallDetail, words: Words, now: number): readonly Element[] {
  const { say } = words
  const parts: Element[] = [
    el('p', { class: 'verdict', 'data-missed': String(story.missed) }, verdictOf(story, words)),
    timeline(story, words, now),
    facts(story, words),
    el('h3', {}, say('story.legs')),
  ]
  parts.push(
    story.legs.length === 0
      ? el('p', { class: 'quiet' }, nobodyOf(story, words))
      : el('ul', { class: 'legs' }, ...story.legs.map((leg) => legItem(leg, words))),
  )
  return parts
}

// Missed without an attempt: no phone was there that could have been called.
function nobodyOf({ missed, queue, callee }: CallDetail, { say }: Words): string {
  return missed ? say('story.unreached', { target: queue ?? callee }) : say('story.nobody')
}

function verdictOf(story: CallDetail, words: Words): string {
  return `${words.value('direction', story.direction)} · ${resultOf(story, words)}`
}

function facts(story: CallDetail, words: Words): HTMLElement {
  const { say, time, span } = words
  const rows: readonly (readonly [string, string | null])[] = [
    [say('story.start'), time(story.start_time)],
    [say('story.answer'), story.answer_time && time(story.answer_time)],
    [say('story.end'), story.end_time && time(story.end_time)],
    [say('story.delay'), story.answer_delay === null ? null : span(story.answer_delay)],
    [say('story.duration'), story.answer_time && span(story.duration)],
    [say('story.ring'), story.ring_seconds === null ? null : span(story.ring_seconds)],
    [say('story.hold'), story.hold_seconds > 0 ? span(story.hold_seconds) : null],
    [say('story.cause'), !story.cause ? null : words.cause(story.cause, story.cause_text)],
    [say('story.hangup'), story.hangup_by && words.value('side', story.hangup_by)],
    [say('story.who'), story.answered_by.join(', ') || null],
    [say('story.queue'), story.queue],
    [say('story.wait'), story.queue_wait === null ? null : span(story.queue_wait)],
    [say('story.trunk'), story.trunk],
    [say('story.transfers'), story.transfers > 0 ? words.number(story.transfers) : null],
    [say('story.merged'), story.merged_into],
    [say('story.quality'), story.quality && qualityText(story.quality, words)],
    [say('story.channel'), story.channel_id],
  ]
  const shown = rows.flatMap(([label, text]) => (text ? [el('div', {}, el('dt', {}, label), el('dd', {}, text))] : []))
  return el('dl', { class: 'facts' }, ...shown)
}

function legItem(leg: LegEntry, words: Words): HTMLElement {
  const { say } = words
  const parts = [
    `${words.timeOfDay(leg.start_time)} – ${leg.end_time === null ? '…' : words.timeOfDay(leg.end_time)}`,
    leg.answer_time === null ? '' : `${say('story.duration')}: ${words.span(leg.talk_seconds)}`,
    !leg.cause ? '' : `${say('story.cause')}: ${words.cause(leg.cause, null)}`,
    leg.dialed === '' || leg.dialed === leg.endpoint ? '' : `${say('story.dialed')}: ${leg.dialed}`,
    leg.quality === null ? '' : `${say('story.quality')}: ${qualityText(leg.quality, words)}`,
  ].filter((part) => part !== '')
  return el(
    'li',
    { 'data-result': leg.result ?? 'open' },
    el('strong', {}, leg.endpoint),
    ' ',
    el('span', { class: 'result' }, words.value('result', leg.result ?? 'open')),
    el('p', { class: 'quiet' }, parts.join(' · ')),
  )
}

/** Null parts were not measured and are not said. */
export function qualityText({ rx, tx, round_trip_seconds: roundTrip }: Quality, words: Words): string {
  const { say } = words
  const stream = (name: string, { mos, loss_ratio: loss, jitter_seconds: jitter }: StreamQualityEntry): string => {
    const parts = [
      mos === null ? '' : say('story.mos', { value: words.number(mos, 2) }),
      loss === null ? '' : say('story.loss', { value: words.share(loss) }),
      jitter === null ? '' : say('story.jitter', { value: words.milliseconds(jitter) }),
    ].filter((part) => part !== '')
    return parts.length === 0 ? '' : `${name}: ${parts.join(', ')}`
  }
  const parts = [
    stream(say('story.received'), rx),
    stream(say('story.sent'), tx),
    roundTrip === null ? '' : say('story.roundTrip', { value: words.milliseconds(roundTrip) }),
  ]
  return parts.filter((part) => part !== '').join('; ')
}
