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
import { type Face, grafanaUnit, PLAIN, painted, type Steps, thresholds } from './face.ts'

export interface BarsFace extends Face {
  readonly steps?: Steps
  readonly max?: number
  readonly colors?: Readonly<Record<string, string>>
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
    .noValue('–')
    .withTarget(query.refId('A'))
  if (face.max !== undefined) panel.max(face.max)
  for (const [name, color] of Object.entries(face.colors ?? {})) panel.overrideByName(name, painted(color))
  return panel
}
