// States over time: a band for each series, coloured by what was so.
//
// A stretch of which nothing is known stays empty.

import {
  LegendDisplayMode,
  LegendPlacement,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline'
import { PROMETHEUS } from '../dataSource.ts'
import { refIdOf } from '../targets.ts'
import {
  clickable,
  grafanaUnit,
  link,
  type PanelOptions,
  PLAIN,
  thresholds,
  UNKNOWN,
  type Way,
} from './panelOptions.ts'
import { wordsFor } from './stat.ts'

export interface TimelineOptions extends PanelOptions {
  /** Value -> what it is called, and its colour. */
  readonly words: Readonly<Record<string, readonly [text: string, color: string]>>
  /** What is said where there is no band at all; a dash unless it is said. */
  readonly none?: string
  /** The board that tells more. */
  readonly more?: Way
  /** A click on a band leads there; its series' labels are `${__field.labels.…}`. */
  readonly click?: Way
}

/** A band for each series of the questions. */
export function timeline(options: TimelineOptions, ...queries: readonly DataqueryBuilder[]): PanelBuilder {
  const panel = new PanelBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(PROMETHEUS)
    .unit(grafanaUnit(options.unit))
    .mappings([wordsFor(options.words)])
    .thresholds(thresholds(PLAIN))
    .noValue(options.none ?? UNKNOWN.text)
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .rowHeight(0.85)
    .lineWidth(0)
    .fillOpacity(75)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs([]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single))
  queries.forEach((query, index) => {
    panel.withTarget(query.refId(refIdOf(index)))
  })
  if (options.more !== undefined) {
    panel.links([link(options.more.title, options.more.url)])
  }
  if (options.click !== undefined) {
    panel.overrideByRegexp(...clickable(options.click))
  }
  return panel
}
