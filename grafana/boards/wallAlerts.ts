// The alerts that fire now, by their names, as words: what the wall says when somebody has to act.
//
// The worst first, and not more than can be read. `none` is said only where the rules run: silence of a Prometheus that
// evaluates nothing is grey. What is only for the record (severity info) is on the timeline.

import { VizOrientation } from '@grafana/grafana-foundation-sdk/common'
import { BOARDS, boardLink } from '../addresses.ts'
import type { Steps } from '../panels/face.ts'
import { stat } from '../panels/stat.ts'
import { TILE, UNKNOWN_TILE } from '../panels/tiles.ts'
import { timeline } from '../panels/timeline.ts'
import { alerting, max } from '../promql.ts'
import { instant, range } from '../query.ts'
import { RECORDINGS, recorded } from '../recordings.ts'

/** Names that have room below each other. */
const MOST = 5

const STEPS: Steps = [UNKNOWN_TILE, [0, TILE.good], [1, TILE.look], [2, TILE.bad]]

/** A tile for each alert. */
export function alertsByName() {
  const named = `max by (name, trunk, queue) (${inWords(`${alerting('.+', 'critical')} * 2 or ${urgent()}`)})`
  const running = `count(${recorded(RECORDINGS.seen, '6h')})`
  return stat(
    {
      title: 'Alerts firing',
      description: `Critical alerts in red, warnings in orange, at most ${MOST} by name; grey while no rule is evaluated.`,
      unit: 'none',
      steps: STEPS,
      filled: true,
      named: 'only',
      more: { title: 'Missed calls', url: boardLink(BOARDS.missedCalls) },
    },
    instant(`topk(${MOST}, ${named})`, '{{name}} {{trunk}} {{queue}}'),
    instant(`count_values("more", count(${named}) - ${MOST} > 0)`, 'and {{more}} more'),
    instant(`0 * ${running} unless on () ${urgent()}`, 'none'),
    instant(`vector(-1) unless on () (${running} or ${alerting()})`, 'no rules run'),
  ).orientation(VizOrientation.Horizontal)
}

/** When which alert fired, coloured by its severity. */
export function firingOverTime() {
  const ranked = `${alerting('.+', 'critical')} * 3 or ${urgent()} * 2 or ${alerting()}`
  return timeline(
    {
      title: 'Alerts of the last hours',
      description: 'When which alert fired, those for the record included.',
      unit: 'none',
      words: { 1: ['for the record', 'blue'], 2: ['warning', 'orange'], 3: ['critical', 'red'] },
      none: 'none',
    },
    range(max(ranked, ['alertname', 'instance']), '{{alertname}} {{instance}}'),
  )
}

function urgent(): string {
  return alerting().replace(/\}$/, ', severity!="info"}')
}

// AsteriskMissedCallsMany: Missed Calls Many. Of four words at most, each split off from the end.
function inWords(alerts: string): string {
  const name = (from: string, to: string, of: string) => (inner: string) =>
    `label_replace(${inner}, "name", "${to}", "${of}", "${from}")`
  const split = name('(.*[a-z])([A-Z].*)', '$1 $2', 'name')
  return split(split(split(name('(?:Asterisk)?(.+)', '$1', 'alertname')(alerts))))
}
