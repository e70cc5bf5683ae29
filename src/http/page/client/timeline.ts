// The timeline of a call: one bar for the call and one for each leg, with a colour each for waiting, ringing and talking.
//
// Each bar has a text label for screen readers. Only SVG attributes are set, because the policy allows no inline style.

import type { LegEntry } from '../../../query/schema.ts'
import { at, type Phase, phasesOfCall, phasesOfLeg } from './callPhases.ts'
import { el, svg } from './dom.ts'
import type { Story } from './entries.ts'
import type { I18n } from './i18n.ts'

const WIDTH = 1_000

/** `now`: where bars of active calls and legs end, epoch ms. */
export function timeline(call: Story, i18n: I18n, now: number): HTMLElement {
  const from = Date.parse(call.start_time)
  const to = Math.max(from + 1, at(call.end_time) ?? now, ...call.legs.map((leg) => at(leg.end_time) ?? 0))
  const bar = (name: string, label: string, phases: readonly Phase[]): HTMLElement =>
    el('li', {}, el('span', { class: 'bar-name' }, name), barImage(phases, { from, to, label }))
  const callLabel = i18n.t('timeline.call', {
    start: i18n.timeOfDay(call.start_time),
    end: call.end_time === null ? i18n.value('result', 'open') : i18n.timeOfDay(call.end_time),
  })
  const legs = call.legs.map((leg) => bar(leg.endpoint, legLabel(leg, i18n), phasesOfLeg(leg, to)))
  const axis = el(
    'p',
    { class: 'axis', 'aria-hidden': 'true' },
    el('span', {}, i18n.timeOfDay(call.start_time)),
    el('span', {}, i18n.clock((to - from) / 1000)),
    el('span', {}, i18n.timeOfDay(new Date(to).toISOString())),
  )
  const legend = el(
    'p',
    { class: 'legend', 'aria-hidden': 'true' },
    ...(['waiting', 'ringing', 'talking'] as const).map((kind) => el('span', { class: kind }, i18n.t(`phase.${kind}`))),
  )
  const callBar = bar(i18n.t('call.caller'), callLabel, phasesOfCall(call, to))
  return el(
    'div',
    { class: 'timeline' },
    el('ul', { 'aria-label': i18n.t('call.timeline') }, callBar, ...legs),
    axis,
    legend,
  )
}

function barImage(
  phases: readonly Phase[],
  { from, to, label }: { readonly from: number; readonly to: number; readonly label: string },
): Element {
  const x = (instant: number): number => Math.round(((instant - from) / (to - from)) * WIDTH * 10) / 10
  const bars = phases.map((phase) =>
    svg('rect', {
      class: phase.kind,
      x: String(x(phase.from)),
      y: '0',
      // Even the shortest phase is visible.
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
