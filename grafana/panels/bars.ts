// A bar for each value of a label, the longest first: what stands behind a figure.
//
// Asked once, over the whole span that is looked at.

import { PanelBuilder } from '@grafana/grafana-foundation-sdk/bargauge'
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common'
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PROMETHEUS } from '../dataSource.ts'
import {
  clickable,
  decimalsOf,
  type Face,
  grafanaUnit,
  link,
  PLAIN,
  paintedByName,
  type Steps,
  thresholds,
  UNKNOWN,
  type Way,
} from './face.ts'
import { nothingAs } from './stat.ts'

export interface BarsFace extends Face {
  readonly steps?: Steps
  readonly max?: number
  readonly colors?: Readonly<Record<string, string>>
  readonly decimals?: number
  /** A click on a bar leads there; its series' labels are `${__field.labels.…}`. */
  readonly click?: Way
  /** The board that tells more. */
  readonly more?: Way
}

/** Bars for the series of one question, in the order in which it gives them. */
export function bars(face: BarsFace, query: DataqueryBuilder): PanelBuilder {
  const panel = new PanelBuilder()
    .title(face.title)
    .description(face.description)
    .datasource(PROMETHEUS)
    .unit(grafanaUnit(face.unit))
    .min(0)
    .thresholds(thresholds(face.steps ?? PLAIN))
    .displayMode(BarGaugeDisplayMode.Basic)
    .namePlacement(BarGaugeNamePlacement.Left)
    .orientation(VizOrientation.Horizontal)
    .showUnfilled(true)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .noValue(UNKNOWN.text)
    .mappings([nothingAs()])
    .withTarget(query.refId('A'))
  const decimals = decimalsOf(face)
  if (decimals !== undefined) panel.decimals(decimals)
  if (face.max !== undefined) panel.max(face.max)
  for (const [name, looks] of paintedByName(face.colors ?? {})) panel.overrideByName(name, looks)
  if (face.click !== undefined) panel.overrideByRegexp(...clickable(face.click))
  if (face.more !== undefined) panel.links([link(face.more.title, face.more.url)])
  return panel
}
