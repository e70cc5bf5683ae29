// A call's legs against time: one bar for the call and one for each attempt, waiting, ringing and talking in their colours.
//
// Only drawing: each bar says in words what it shows, and the story lists the same below it. SVG attributes alone are set,
// so a strict style policy holds.

import type { CallDetail, LegEntry } from '../../../query/schema.ts'
import { at, type Phase, phasesOfCall, phasesOfLeg } from './callPhases.ts'
import { el, svg } from './dom.ts'
import type { I18n } from './i18n.ts'

const WIDTH = 1_000

/** `now`: the end of what is not over yet, epoch ms. */
export function timeline(story: CallDetail, i18n: I18n, now: number): HTMLElement {
  const from = Date.parse(story.start_time)
  const to = Math.max(from + 1, at(story.end_time) ?? now, ...story.legs.map((leg) => at(leg.end_time) ?? 0))
  const bar = (name: string, label: string, phases: readonly Phase[]): HTMLElement =>
    el('li', {}, el('span', { class: 'bar-name' }, name), drawn(phases, { from, to, label }))
  const callLabel = i18n.t('timeline.call', {
    start: i18n.timeOfDay(story.start_time),
    end: story.end_time === null ? i18n.value('result', 'open') : i18n.timeOfDay(story.end_time),
  })
  const legs = story.legs.map((leg) => bar(leg.endpoint, legLabel(leg, i18n), phasesOfLeg(leg, to)))
  const axis = el(
    'p',
    { class: 'axis', 'aria-hidden': 'true' },
    el('span', {}, i18n.timeOfDay(story.start_time)),
    el('span', {}, i18n.clock((to - from) / 1000)),
    el('span', {}, i18n.timeOfDay(new Date(to).toISOString())),
  )
  const legend = el(
    'p',
    { class: 'legend', 'aria-hidden': 'true' },
    ...(['waiting', 'ringing', 'talking'] as const).map((kind) => el('span', { class: kind }, i18n.t(`phase.${kind}`))),
  )
  const own = bar(i18n.t('call.caller'), callLabel, phasesOfCall(story, to))
  return el(
    'div',
    { class: 'timeline' },
    el('ul', { 'aria-label': i18n.t('call.timeline') }, own, ...legs),
    axis,
    legend,
  )
}

function drawn(
  phases: readonly Phase[],
  { from, to, label }: { readonly from: number; readonly to: number; readonly label: string },
): Element {
  const x = (instant: number): number => Math.round(((instant - from) / (to - from)) * WIDTH * 10) / 10
  const bars = phases.map((phase) =>
    svg('rect', {
      class: phase.kind,
      x: String(x(phase.from)),
      y: '0',
      // The shortest attempt is to be seen.
      width: String(Math.max(phase.kind === 'waiting' ? 0 : 4, x(phase.to) - x(phase.from))),
      height: '10',
    }),
  )
  return svg(
    'svg',
    { viewBox: `0 0 ${WIDTH} 10`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    ...bars,
  )
}

function legLabel(leg: LegEntry, i18n: I18n): string {
  return i18n.t('timeline.leg', {
    endpoint: leg.endpoint,
    start: i18n.timeOfDay(leg.start_time),
    result: i18n.value('result', leg.result ?? 'open'),
  })
}
