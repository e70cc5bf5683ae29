// The names of firing alerts as tiles, and a timeline of alerts.
//
// Critical alerts are first, and there are at most as many as can be read. `none` appears only while rules are evaluated;
// otherwise the tile is grey. Alerts of severity info are only on the timeline.

import { VizOrientation } from '@grafana/grafana-foundation-sdk/common'
import type { Steps } from '../panels/panelOptions.ts'
import { stat } from '../panels/stat.ts'
import { TILE, UNKNOWN_TILE } from '../panels/tiles.ts'
import { timeline } from '../panels/timeline.ts'
import { alerting, max } from '../promql.ts'
import { RECORDINGS, recorded } from '../recordings.ts'
import { instant, range } from '../targets.ts'
import { bySeverity, SEVERITIES } from './sharedText.ts'

// Grafana's list of alerts has the links of each.
const RULES = { title: 'Alert rules', url: '/alerting/list' }

/** Number of names that fit below each other. */
const MOST = 5

/** Values that decide the colour: no rules evaluated, none firing, further alerts, warning, critical. */
const [UNEVALUATED, NONE, MORE, WARNING, CRITICAL] = [-1, 0, 0.5, 1, 2]

const STEPS: Steps = [UNKNOWN_TILE, [NONE, TILE.good], [MORE, TILE.look], [CRITICAL, TILE.bad]]

/** A tile for each alert. */
export function alertsByName() {
  const ranked = `${alerting('.+', 'critical')} * ${CRITICAL} or ${alerting('.+', 'urgent')} * ${WARNING}`
  const named = `max by (name, trunk, queue) (${inWords(ranked)})`
  const others = `label_replace(count_values("name", count(${named}) - ${MOST} > 0), "name", "and $1 more", "name", "(.+)")`
  const running = `count(${recorded(RECORDINGS.seen, '6h')})`
  const texts = [
    `topk(${MOST}, ${named}) or ${others} * ${MORE}`,
    said(`${running} * ${NONE}`, 'none'),
    said(`vector(${UNEVALUATED}) unless on () (${running} or ${alerting()})`, 'no rules evaluated'),
  ]
  return stat(
    {
      title: 'Alerts firing',
      description: `Critical alerts in red, warnings in orange, at most ${MOST} names; grey while no rule is evaluated.`,
      unit: 'none',
      steps: STEPS,
      filled: true,
      named: 'only',
      more: RULES,
    },
    instant(`sort_desc(${texts.join(' or on () ')})`, '{{name}} {{trunk}} {{queue}}'),
  ).orientation(VizOrientation.Horizontal)
}

/** When alerts fired, coloured by severity. */
export function firingOverTime() {
  return timeline(
    {
      title: 'Alerts of the last hours',
      description: 'When alerts fired, including those of severity info.',
      unit: 'none',
      texts: SEVERITIES,
      none: 'none',
      more: RULES,
    },
    range(max(bySeverity(), ['alertname', 'instance']), '{{alertname}} {{instance}}'),
  )
}

function said(expression: string, name: string): string {
  return `label_replace(${expression}, "name", "${name}", "name", "")`
}

// AsteriskMissedCallsMany -> Missed Calls Many: splits one word off the end, three times.
function inWords(alerts: string): string {
  const name = (from: string, to: string, of: string) => (inner: string) =>
    `label_replace(${inner}, "name", "${to}", "${of}", "${from}")`
  const split = name('(.*[a-z])([A-Z].*)', '$1 $2', 'name')
  return split(split(split(name('(?:Asterisk)?(.+)', '$1', 'alertname')(alerts))))
}
