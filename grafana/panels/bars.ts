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
  grafanaUnit,
  link,
  type PanelOptions,
  PLAIN,
  paintedByName,
  type Steps,
  thresholds,
  UNKNOWN,
  type Way,
} from './panelOptions.ts'
import { nothingAs } from './stat.ts'

export interface BarsOptions extends PanelOptions {
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
export function bars(options: BarsOptions, query: DataqueryBuilder): PanelBuilder {
  const panel = new PanelBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(PROMETHEUS)
    .unit(grafanaUnit(options.unit))
    .min(0)
    .thresholds(thresholds(options.steps ?? PLAIN))
    .displayMode(BarGaugeDisplayMode.Basic)
    .namePlacement(BarGaugeNamePlacement.Left)
    .orientation(VizOrientation.Horizontal)
    .showUnfilled(true)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .noValue(UNKNOWN.text)
    .mappings([nothingAs()])
    .withTarget(query.refId('A'))
  const decimals = decimalsOf(options)
  if (decimals !== undefined) {
    panel.decimals(decimals)
  }
  if (options.max !== undefined) {
    panel.max(options.max)
  }
  for (const [name, looks] of paintedByName(options.colors ?? {})) {
    panel.overrideByName(name, looks)
  }
  if (options.click !== undefined) {
    panel.overrideByRegexp(...clickable(options.click))
  }
  if (options.more !== undefined) {
    panel.links([link(options.more.title, options.more.url)])
  }
  return panel
}
