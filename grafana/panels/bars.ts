// Bar gauge: a bar for each series of one instant query, in the order in which the query returns them.
//
// The query covers the whole time range of the board.

import { PanelBuilder } from '@grafana/grafana-foundation-sdk/bargauge'
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  ReduceDataOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PROMETHEUS } from '../dataSource.ts'
import {
  clickable,
  decimalsOf,
  grafanaUnit,
  type Link,
  link,
  type PanelOptions,
  PLAIN,
  paintedByName,
  type Steps,
  thresholds,
  UNKNOWN,
} from './panelOptions.ts'
import { unknownAs } from './stat.ts'

export interface BarsOptions extends PanelOptions {
  readonly steps?: Steps
  readonly max?: number
  readonly colors?: Readonly<Record<string, string>>
  readonly decimals?: number
  /** Data link of each bar; the labels of its series are `${__field.labels.…}`. */
  readonly click?: Link
  /** Panel link to the board with details. */
  readonly more?: Link
}

/**
 * Pixels of names and values. Grafana reserves the width of the name with the most characters, measured at 12 pixels or more;
 * a name of as many, but wider characters (`108` after `111`) is cut off unless it is drawn smaller than that.
 */
const TEXT = { title: 11, value: 14 }

/** A bar for each series. */
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
    .mappings([unknownAs()])
    .text(new VizTextDisplayOptionsBuilder().titleSize(TEXT.title).valueSize(TEXT.value))
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
