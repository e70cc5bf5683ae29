// The alerts that fire now, by their names, as words: what the wall says when somebody has to act.
//
// The worst first, and not more than can be read. `none` is said only where the rules run: silence of a Prometheus that
// evaluates nothing is grey. What is only for the record (severity info) is on the timeline.

import { VizOrientation } from '@grafana/grafana-foundation-sdk/common'
import type { Steps } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { TILE, UNKNOWN_TILE } from '../panels/tiles.ts'
import { timeline } from '../panels/timeline.ts'
import { alerting, max } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { bySeverity, SEVERITIES } from './sharedText.ts'

// An alert may be of any board: Grafana's own list has each with its links.
const RULES = { title: 'Alert rules', url: '/alerting/list' }

/** Names that have room below each other. */
const MOST = 5

/** What stands behind the words: nothing runs, nothing fires, how many more there are, a warning, what is critical. */
const [SILENT, NONE, MORE, WARNING, CRITICAL] = [-1, 0, 0.5, 1, 2]

const STEPS: Steps = [UNKNOWN_TILE, [NONE, TILE.good], [MORE, TILE.look], [CRITICAL, TILE.bad]]

/** A tile for each alert. */
export function alertsByName() {
  const ranked = `${alerting('.+', 'critical')} * ${CRITICAL} or ${alerting('.+', 'urgent')} * ${WARNING}`
  const named = `max by (name, trunk, queue) (${inWords(ranked)})`
  const others = `label_replace(count_values("name", count(${named}) - ${MOST} > 0), "name", "and $1 more", "name", "(.+)")`
  const running = `count(${recorded(RECORDINGS.seen, '6h')})`
  const words = [
    `topk(${MOST}, ${named}) or ${others} * ${MORE}`,
    said(`${running} * ${NONE}`, 'none'),
    said(`vector(${SILENT}) unless on () (${running} or ${alerting()})`, 'no rules run'),
  ]
  return stat(
    {
      title: 'Alerts firing',
      description: `Critical alerts in red, warnings in orange, at most ${MOST} by name; grey while no rule is evaluated.`,
      unit: 'none',
      steps: STEPS,
      filled: true,
      named: 'only',
      more: RULES,
    },
    instant(`sort_desc(${words.join(' or on () ')})`, '{{name}} {{trunk}} {{queue}}'),
  ).orientation(VizOrientation.Horizontal)
}

/** When which alert fired, coloured by its severity. */
export function firingOverTime() {
  return timeline(
    {
      title: 'Alerts of the last hours',
      description: 'When which alert fired, those for the record included.',
      unit: 'none',
      words: SEVERITIES,
      none: 'none',
      more: RULES,
    },
    range(max(bySeverity(), ['alertname', 'instance']), '{{alertname}} {{instance}}'),
  )
}

function said(expression: string, name: string): string {
  return `label_replace(${expression}, "name", "${name}", "name", "")`
}

// AsteriskMissedCallsMany: Missed Calls Many. Of four words at most, each split off from the end.
function inWords(alerts: string): string {
  const name = (from: string, to: string, of: string) => (inner: string) =>
    `label_replace(${inner}, "name", "${to}", "${of}", "${from}")`
  const split = name('(.*[a-z])([A-Z].*)', '$1 $2', 'name')
  return split(split(split(name('(?:Asterisk)?(.+)', '$1', 'alertname')(alerts))))
}
