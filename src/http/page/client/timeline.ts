// A call's legs against time: one bar for the call and one for each attempt, waiting, ringing and talking in their colours.
//
// Only drawing: each bar says in words what it shows, and the story lists the same below it. SVG attributes alone are set,
// so a strict style policy holds.

import type { CallDetail, LegEntry } from '../../../query/schema.ts'
import { el, svg } from './dom.ts'
import { at, type Phase, phasesOfCall, phasesOfLeg } from './phases.ts'
import type { Words } from './words.ts'

const WIDTH = 1_000

/** `now`: the end of what is not over yet, epoch ms. */
export function timeline(story: CallDetail, words: Words, now: number): HTMLElement {
  const from = Date.parse(story.start_time)
  const to = Math.max(from + 1, at(story.end_time) ?? now, ...story.legs.map((leg) => at(leg.end_time) ?? 0))
  const bar = (name: string, label: string, phases: readonly Phase[]): HTMLElement =>
    el('li', {}, el('span', { class: 'bar-name' }, name), drawn(phases, { from, to, label }))
  const callLabel = words.say('timeline.call', {
    start: words.timeOfDay(story.start_time),
    end: story.end_time === null ? words.value('result', 'open') : words.timeOfDay(story.end_time),
  })
  const legs = story.legs.map((leg) => bar(leg.endpoint, legLabel(leg, words), phasesOfLeg(leg, to)))
  const axis = el(
    'p',
    { class: 'axis', 'aria-hidden': 'true' },
    el('span', {}, words.timeOfDay(story.start_time)),
    el('span', {}, words.clock((to - from) / 1000)),
    el('span', {}, words.timeOfDay(new Date(to).toISOString())),
  )
  const legend = el(
    'p',
    { class: 'legend', 'aria-hidden': 'true' },
    ...(['waiting', 'ringing', 'talking'] as const).map((kind) =>
      el('span', { class: kind }, words.say(`phase.${kind}`)),
    ),
  )
  const own = bar(words.say('story.caller'), callLabel, phasesOfCall(story, to))
  return el(
    'div',
    { class: 'timeline' },
    el('ul', { 'aria-label': words.say('story.timeline') }, own, ...legs),
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

function legLabel(leg: LegEntry, words: Words): string {
  return words.say('timeline.leg', {
    endpoint: leg.endpoint,
    start: words.timeOfDay(leg.start_time),
    result: words.value('result', leg.result ?? 'open'),
  })
}
