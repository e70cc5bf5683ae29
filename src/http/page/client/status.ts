// The head of the page: who this is, whether we hear the server and the server hears Asterisk, and the figures.
//
// What it says aloud to a screen reader is the state of the two lines alone, when it changes.

import type { Figures, PbxNow } from '../../live/message.ts'
import { el, figure, write } from './dom.ts'
import type { LineState } from './line.ts'
import { themeButton } from './theme.ts'
import type { Words } from './words.ts'

export interface Status {
  readonly head: HTMLElement
  readonly section: HTMLElement
  line(state: LineState): void
  pbx(pbx: PbxNow | null): void
  figures(figures: Figures | null, live: number): void
}

/** `name` and `version` of the program. */
export function createStatus({ name, version }: { name: string; version: string }, words: Words): Status {
  const { say } = words
  const upFor = el('span')
  const line = el('p', { class: 'line', role: 'status' })
  const title = el('h2', { id: 'pbx' })
  const details = el('p', { class: 'quiet' })
  const problem = el('p', { class: 'problem' })
  const card = el('div', { class: 'pbx unknown' }, el('div', { role: 'status' }, title, problem), details)
  const figures = {
    active: figure(say('figure.active')),
    ended: figure(say('figure.ended')),
    missed: figure(say('figure.missed')),
    rows: figure(say('figure.rows')),
    pending: figure(say('figure.pending')),
  }
  const list = el('dl', { class: 'figures', 'aria-label': say('figures') })
  for (const { element } of Object.values(figures)) list.append(element)
  const names = el('div', {}, el('h1', {}, name), el('p', { class: 'quiet' }, `${say('version', { version })}`, upFor))
  let told: PbxNow | null = null
  let isLost = false
  const showPbx = (): void => {
    const known = isLost ? null : told
    card.className = `pbx ${known === null ? 'unknown' : known.in_sync ? 'good' : 'bad'}`
    write(title, say(isLost ? 'pbx.stale' : known === null ? 'pbx.unknown' : known.in_sync ? 'pbx.heard' : 'pbx.lost'))
    write(problem, known?.problem ?? '')
    problem.hidden = !known?.problem
    write(details, known === null ? '' : detailsOf(known, words))
    document.title = `${isLost || known?.in_sync === false ? '(!) ' : ''}${name}`
  }
  const status: Status = {
    head: el('header', {}, names, line, themeButton(words)),
    section: el('section', { class: 'status', 'aria-labelledby': 'pbx' }, card, list),
    line(state) {
      line.dataset['state'] = state
      write(line, say(`line.${state}`))
      isLost = state === 'lost'
      showPbx()
    },
    pbx(pbx) {
      told = pbx
      showPbx()
    },
    figures(figuresTold, live) {
      figures.active.set(words.number(live))
      if (figuresTold === null) return
      const upSeconds = (Date.parse(figuresTold.now) - Date.parse(figuresTold.start_time)) / 1000
      write(upFor, `, ${say('up', { span: words.span(Math.floor(upSeconds / 60) * 60 || Math.floor(upSeconds)) })}`)
      figures.ended.set(words.number(figuresTold.calls_ended))
      figures.missed.set(words.number(figuresTold.calls_missed))
      figures.rows.set(words.number(figuresTold.log_rows))
      figures.pending.set(words.number(figuresTold.log_pending))
    },
  }
  status.pbx(null)
  return status
}

function detailsOf({ since, asterisk }: PbxNow, { say, time }: Words): string {
  const parts: string[] = []
  if (since !== null) parts.push(say('pbx.since', { time: time(since) }))
  if (asterisk !== null)
    parts.push(
      say('pbx.asterisk', {
        version: asterisk.version,
        entity: asterisk.entity_id,
        time: time(asterisk.start_time),
      }),
    )
  return parts.join(' · ')
}
