// What the details of one call say: the outcome, the timeline, the facts, and each dial attempt.

import type { Quality, StreamQualityEntry } from '../../../query/fields.ts'
import type { LegStory } from '../../../query/schema.ts'
import { resultOf } from './callTable.ts'
import { type Causes, endText } from './causes.ts'
import { type Child, el, outwardLink } from './dom.ts'
import type { Story } from './entries.ts'
import type { I18n } from './i18n.ts'
import { timeline } from './timeline.ts'

export interface StoryTools {
  readonly i18n: I18n
  readonly causes: Causes
  /** The server's time, epoch ms. */
  readonly now: number
}

export function storyElements(call: Story, tools: StoryTools): readonly Element[] {
  const { i18n, now } = tools
  const { t } = i18n
  return [
    el('p', { class: 'outcome', 'data-missed': String(call.missed) }, outcomeText(call, i18n)),
    timeline(call, i18n, now),
    facts(call, tools),
    el('h3', {}, t('call.legs')),
    call.legs.length === 0
      ? el('p', { class: 'muted' }, noLegsText(call, i18n))
      : el('ul', { class: 'legs' }, ...call.legs.map((leg) => legItem(leg, tools))),
  ]
}

// A missed call without a leg: no phone was available.
function noLegsText({ missed, queue, callee }: Story, { t }: I18n): string {
  return missed ? t('call.unreached', { target: queue ?? callee }) : t('call.noLegs')
}

function outcomeText(call: Story, i18n: I18n): string {
  const parts = [i18n.value('direction', call.direction), resultOf(call, i18n)]
  const isTalkOver = call.answer_time !== null && call.end_time !== null && call.hangup_by !== null
  return [...parts, ...(isTalkOver ? [i18n.value('hangup', call.hangup_by)] : [])].join(' · ')
}

function facts(call: Story, { i18n, causes }: StoryTools): HTMLElement {
  const { t, time, span } = i18n
  const rows: readonly (readonly [string, Child | null])[] = [
    [t('column.site'), call.site ?? null],
    [t('call.start'), time(call.start_time)],
    [t('call.answer'), call.answer_time && time(call.answer_time)],
    [t('call.end'), call.end_time && time(call.end_time)],
    [t('call.delay'), call.answer_delay === null ? null : span(call.answer_delay)],
    [t('column.duration'), call.answer_time && span(call.duration)],
    [t('call.ring'), call.ring_seconds === null ? null : span(call.ring_seconds)],
    [t('call.hold'), call.hold_seconds > 0 ? span(call.hold_seconds) : null],
    [t('call.returned'), returnedText(call, i18n)],
    [t('call.cause'), endText(call, causes, i18n)],
    [t('call.hangup'), call.hangup_by && i18n.value('side', call.hangup_by)],
    [t('call.answeredBy'), call.answered_by.join(', ') || null],
    [t('calls.queue'), call.queue],
    [t('call.wait'), call.queue_wait === null ? null : span(call.queue_wait)],
    [t('call.trunk'), call.trunk],
    [t('calls.line'), call.line],
    [t('calls.destination'), destinationText(call, i18n)],
    [t('call.transfers'), call.transfers > 0 ? i18n.number(call.transfers) : null],
    [t('call.merged'), call.merged_into],
    [t('call.voiceProblem'), call.voice_problem && i18n.value('problem', call.voice_problem)],
    [t('call.quality'), call.quality && qualityText(call.quality, i18n)],
    [t('call.sip'), linked(call.sip_call_id, call.sip_trace_url)],
    [t('call.recording'), linked(fileOf(call.recording), call.recording_url)],
    [t('call.channel'), call.channel_id],
    [t('call.causeNumber'), call.cause ? `${call.cause} ${call.cause_text ?? ''}`.trim() : null],
  ]
  const shown = rows.flatMap(([label, text]) => (text ? [el('div', {}, el('dt', {}, label), el('dd', {}, text))] : []))
  return el('dl', { class: 'facts' }, ...shown)
}

function destinationText({ destination_class: kind, destination_country: country }: Story, { value }: I18n) {
  return kind === null ? null : [value('destination', kind), country ?? ''].join(' ').trim()
}

// A link to the call by which somebody called back.
function returnedText({ returned_by: by, returned_after: after }: Story, { span }: I18n): Child | null {
  if (after === null) {
    return null
  }
  return by === null ? span(after) : el('a', { href: `#call=${by}` }, span(after))
}

/** The text, as a link if there is an address. */
function linked(text: string | null, address: string | null): Child | null {
  return text === null || address === null ? text : outwardLink(address, text)
}

// Without its folders.
function fileOf(recording: string | null): string | null {
  return recording === null ? null : recording.slice(recording.lastIndexOf('/') + 1) || recording
}

function legItem(leg: LegStory, { i18n, causes }: StoryTools): HTMLElement {
  const { t } = i18n
  const callId = linked(leg.sip_call_id, leg.sip_trace_url)
  const cause = causes.text(leg.cause, null)
  const parts: readonly Child[] = [
    `${i18n.timeOfDay(leg.start_time)} – ${leg.end_time === null ? '…' : i18n.timeOfDay(leg.end_time)}`,
    leg.answer_time === null ? '' : `${t('column.duration')}: ${i18n.span(leg.talk_seconds)}`,
    cause === null
      ? ''
      : el('span', { title: `${t('call.causeNumber')} ${leg.cause}` }, `${t('call.cause')}: ${cause}`),
    leg.dialed === '' || leg.dialed === leg.endpoint ? '' : `${t('call.dialed')}: ${leg.dialed}`,
    leg.voice_problem === null ? '' : i18n.value('problem', leg.voice_problem),
    leg.quality === null ? '' : `${t('call.quality')}: ${qualityText(leg.quality, i18n)}`,
  ].filter((part) => part !== '')
  return el(
    'li',
    { 'data-result': leg.result ?? 'open' },
    el('strong', {}, leg.endpoint),
    ' ',
    el('span', { class: 'result' }, i18n.value('result', leg.result ?? 'open')),
    el('p', { class: 'muted' }, ...parts.flatMap((part, index) => (index === 0 ? [part] : [' · ', part]))),
    ...(callId === null ? [] : [el('p', { class: 'muted' }, `${t('call.sip')}: `, callId)]),
  )
}

/** The measured values; null ones are left out. */
function qualityText({ rx, tx, round_trip_seconds: roundTrip }: Quality, i18n: I18n): string {
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
